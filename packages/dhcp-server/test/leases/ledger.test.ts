import type { Lease, LeaseStore } from '@pxekit/dhcp-server';
import { expect, test } from 'vitest';
import { newCounters } from '../../src/counters.js';
import { Ledger } from '../../src/leases/ledger.js';
import { plan } from '../../src/plan.js';

const lease = (renewed: number): Lease => ({
  address: '10.0.0.1',
  client: 'mac/52:54:00:00:00:01',
  hardware: '52:54:00:00:00:01',
  state: 'active',
  started: 1000,
  renewed,
  expires: renewed + 1000,
});

/** A ledger with one lease, stored, whose commits wait to be told how they end. */
interface Opened {
  ledger: Ledger;
  /** Resolves when a commit is on its way. */
  begun(): Promise<void>;
  end(error?: Error): Promise<void>;
  /** What the store has, as each commit told it. */
  told: (Lease | undefined)[][];
}

async function open(): Promise<Opened> {
  const running: ((error?: Error) => void)[] = [];
  const told: (Lease | undefined)[][] = [];
  const store: LeaseStore = {
    load: async () => [lease(1000)],
    commit: (_, before) => {
      told.push([...before!]);
      return new Promise((resolve, reject) => running.push((error) => (error === undefined ? resolve() : reject(error))));
    },
    close: async () => {},
  };
  const ledger = await Ledger.open(plan({ subnets: [{ subnet: '10.0.0.0/24', pools: ['10.0.0.0/24'] }] }), store, newCounters(), () => {});
  const begun = async () => {
    while (running.length === 0) await new Promise(setImmediate);
  };
  const end = async (error?: Error) => {
    await begun();
    running.shift()!(error);
    await new Promise(setImmediate);
  };
  return { ledger, begun, end, told };
}

const at = ({ book }: Ledger) => ({ ...book.at(0x0a000001)! });

test('a renewal that cannot be stored leaves the lease as it was', async () => {
  const { ledger, end } = await open();
  const before = ledger.save(lease(2000));
  expect(before).toEqual(lease(1000));
  expect(at(ledger)).toEqual(lease(2000));
  await end(new Error('full'));
  expect(at(ledger)).toEqual(lease(1000));
});

test('of two renewals the first is stored and the second is not: the first counts', async () => {
  const { ledger, begun, end } = await open();
  const first = lease(2000);
  ledger.save(first);
  await begun();
  ledger.save(lease(3000));
  expect(first).toEqual(lease(2000));
  await end();
  expect(at(ledger)).toEqual(lease(3000));
  await end(new Error('full'));
  expect(at(ledger)).toEqual(lease(2000));
});

test('of two renewals the first is not stored and the second is: the second counts', async () => {
  const { ledger, begun, end } = await open();
  ledger.save(lease(2000));
  await begun();
  ledger.save(lease(3000));
  await end(new Error('full'));
  await end();
  expect(at(ledger)).toEqual(lease(3000));
});

test('of two renewals neither is stored: the lease is as it was before both', async () => {
  const { ledger, begun, end } = await open();
  ledger.save(lease(2000));
  await begun();
  ledger.save(lease(3000));
  ledger.save(lease(4000));
  await end(new Error('full'));
  expect(at(ledger)).toEqual(lease(4000));
  await end(new Error('full'));
  expect(at(ledger)).toEqual(lease(1000));
});

test('who hears that its lease was not stored finds the book as it was', async () => {
  const { ledger, end } = await open();
  let seen: Lease | undefined;
  ledger.save(lease(2000), () => {
    seen = at(ledger);
  });
  await end(new Error('full'));
  expect(seen).toEqual(lease(1000));
});

test('the end of a lease stands, stored or not', async () => {
  const { ledger, end } = await open();
  expect(ledger.expire(2000)).toEqual([{ ...lease(1000), state: 'expired' }]);
  await end(new Error('full'));
  expect(at(ledger).state).toBe('expired');
});

test.each([
  ['it has stored', undefined, lease(3000)],
  ['it has still, since it could not store the ones after', new Error('full'), lease(1000)],
])('the store is told the lease that %s', async (_, outcome, before) => {
  const { ledger, begun, end, told } = await open();
  ledger.save(lease(2000));
  ledger.save(lease(3000));
  await begun();
  ledger.save(lease(4000));
  await end(outcome);
  await end();
  expect(told).toEqual([[lease(1000)], [before]]);
});
