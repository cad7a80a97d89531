import { type Lease, LeaseBook, type LeaseState, plan } from '@pxekit/dhcp-server';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatIpv4, parseIpv4 } from '../../src/ipv4.js';
import { NOW } from '../support.js';

// Pools, an exclusion, a reservation within a pool, addresses outside of pools, and a second network.
const PLAN = plan({
  subnets: [
    { subnet: '192.168.7.0/24', pools: ['192.168.7.100-192.168.7.103', '192.168.7.110-192.168.7.112'], exclude: ['192.168.7.102'] },
    { subnet: '10.1.0.0/24', pools: ['10.1.0.10-10.1.0.11'] },
  ],
  reservations: [{ mac: '52:54:00:00:00:01', address: '192.168.7.111' }],
});
const ADDRESSES = ['192.168.7.100', '192.168.7.101', '192.168.7.102', '192.168.7.103', '192.168.7.110', '192.168.7.111', '192.168.7.50']
  .concat(['10.1.0.10', '10.1.0.11', '172.16.0.1'])
  .map((text) => parseIpv4(text)!);
const CLIENTS = ['mac/a', 'mac/b', 'mac/c'];

const someLease: fc.Arbitrary<Lease> = fc
  .record({
    address: fc.constantFrom(...ADDRESSES),
    client: fc.constantFrom(...CLIENTS),
    state: fc.constantFrom<LeaseState>('active', 'active', 'released', 'expired', 'declined'),
    renewed: fc.nat(1000),
    length: fc.oneof(fc.integer({ min: 1, max: 1000 }), fc.constant(Number.POSITIVE_INFINITY)),
  })
  .map(({ address, renewed, length, ...rest }) => ({
    ...rest,
    address: formatIpv4(address),
    hardware: '',
    started: NOW,
    renewed: NOW + renewed,
    expires: NOW + renewed + length,
  }));

type Step = { put: Lease } | { undo: Lease } | { remove: number } | { expire: number };
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: someLease.map((put) => ({ put })) },
  { weight: 1, arbitrary: someLease.map((undo) => ({ undo })) },
  { weight: 1, arbitrary: fc.constantFrom(...ADDRESSES).map((remove) => ({ remove })) },
  { weight: 1, arbitrary: fc.nat(2000).map((expire) => ({ expire: NOW + expire })) },
);

const facts = (book: LeaseBook) => ({
  // Copies: the book's own objects change.
  leases: new Map(ADDRESSES.map((address) => [address, { ...book.at(address) }])),
  free: PLAN.pools.map((pool) => ADDRESSES.filter((address) => book.isFree(pool, address))),
  counts: PLAN.pools.map((pool) => book.freeIn(pool)),
});

const endedBy = (book: LeaseBook, time: number) => new Map(book.expire(time).map((lease) => [lease.address, lease]));

const isLive = (lease: Lease | undefined) => lease?.state === 'active' || lease?.state === 'declined';

test('after any changes the book holds what one made from its leases holds: nothing is lost by a restart', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const book = new LeaseBook(PLAN);
      for (const each of steps) {
        if ('put' in each) book.put(each.put);
        else if ('undo' in each) {
          const before = facts(book);
          book.restore(parseIpv4(each.undo.address)!, book.put(each.undo));
          expect(facts(book)).toEqual(before);
        } else if ('remove' in each) book.remove(each.remove);
        else for (const ended of book.expire(each.expire)) expect(ended.state).toBe('expired');
      }
      const again = new LeaseBook(PLAN, book.all());
      expect(facts(again)).toEqual(facts(book));
      for (const time of [NOW + 1000, NOW + 5000]) expect(endedBy(again, time)).toEqual(endedBy(book, time));
    }),
    { numRuns: 500 },
  );
});

test('an address of a pool is free unless somebody has it, it is excluded or reserved', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const book = new LeaseBook(PLAN);
      for (const each of steps) {
        if ('put' in each) book.put(each.put);
        else if ('remove' in each) book.remove(each.remove);
        else if ('expire' in each) book.expire(each.expire);
      }
      for (const pool of PLAN.pools)
        for (let address = pool.range.first; address <= pool.range.last; address++)
          expect([formatIpv4(address), book.isFree(pool, address)]).toEqual([
            formatIpv4(address),
            !isLive(book.at(address)) && !pool.excluded.has(address),
          ]);
    }),
    { numRuns: 500 },
  );
});

test('a client with a live lease is found by it, whatever it had elsewhere and in whatever order that ended', () => {
  fc.assert(
    fc.property(fc.array(someLease, { maxLength: 20 }), fc.constantFrom('192.168.7.100', '192.168.7.50'), (others, address) => {
      const book = new LeaseBook(PLAN);
      const mine: Lease = {
        address,
        client: 'mac/a',
        hardware: '',
        state: 'active',
        started: NOW,
        renewed: NOW,
        expires: Number.POSITIVE_INFINITY,
      };
      book.put(mine);
      const network = PLAN.networks[0]!;
      for (const lease of others) {
        // A client has one live lease at a time: the server ends the other when it moves.
        if (lease.address === address || (lease.client === 'mac/a' && lease.state === 'active')) continue;
        book.put(lease);
      }
      expect(book.of(network, 'mac/a')).toEqual(mine);
      const again = new LeaseBook(PLAN, [...book.all()].reverse());
      expect(again.of(network, 'mac/a')).toEqual(mine);
    }),
    { numRuns: 300 },
  );
});
