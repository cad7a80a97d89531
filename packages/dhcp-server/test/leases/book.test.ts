import { type Lease, LeaseBook, plan } from '@pxekit/dhcp-server';
import { expect, test } from 'vitest';
import { formatIpv4, parseIpv4 } from '../../src/ipv4.js';

const OURS = plan({ subnets: [{ subnet: '10.0.0.0/24', pools: ['10.0.0.0/24'] }] });
const network = OURS.networks[0]!;
const address = parseIpv4('10.0.0.1')!;
const lease: Lease = {
  address: '10.0.0.1',
  client: 'mac/52:54:00:00:00:01',
  hardware: '52:54:00:00:00:01',
  state: 'active',
  started: 1000,
  renewed: 1000,
  expires: 5000,
};

test.each([
  ['to its holder until the end of the lease is kept by the lease alone', lease, 5000, false],
  ['to its holder for longer than the lease is kept', lease, 5001, true],
  ['to who had it before is kept', { ...lease, state: 'released' as const }, 4000, true],
  ['to another client after the lease is kept', { ...lease, client: 'mac/52:54:00:00:00:02' }, 4000, true],
])('an offer of an address %s', (_, last, until, isKept) => {
  const book = new LeaseBook(OURS, [last]);
  book.offer({ address, network, client: lease.client, until });
  expect([book.offerAt(address)?.until, book.offerOf(network, lease.client)?.until, book.offers]).toEqual(
    isKept ? [until, until, 1] : [undefined, undefined, 0],
  );
});

test('a client that is offered its own address again loses what it was offered meanwhile', () => {
  const book = new LeaseBook(OURS, [lease]);
  const other = parseIpv4('10.0.0.2')!;
  book.offer({ address: other, network, client: lease.client, until: 4000 });
  book.offer({ address, network, client: lease.client, until: 4000 });
  expect(book.offerAt(other)).toBeUndefined();
});

test('a renewal brings all that the client says now', () => {
  const book = new LeaseBook(OURS, [lease]);
  const times = { started: 2000, renewed: 2000, expires: 6000 };
  const full: Lease = { ...lease, ...times, hardware: '52:54:00:00:00:09', clientId: 'ff', hostname: 'new', relayAgent: '0101' };
  expect(book.put(full)).toEqual(lease);
  expect(book.at(address)).toEqual(full);
  const plain: Lease = { ...lease, ...times };
  expect(book.put(plain)).toEqual(full);
  expect({ ...book.at(address)! }).toEqual(plain);
});

test('an offer to another client takes the address from the one it was offered to first', () => {
  const book = new LeaseBook(OURS);
  book.offer({ address, network, client: 'mac/a', until: 4000 });
  book.offer({ address, network, client: 'mac/b', until: 5000 });
  expect(book.offerOf(network, 'mac/a')).toBeUndefined();
  expect(book.offerAt(address)?.client).toBe('mac/b');
  expect(book.offers).toBe(1);
});

test('after a restart the address that is free longest comes first: a lease given back is free since then', () => {
  const small = plan({ subnets: [{ subnet: '10.0.0.0/24', pools: ['10.0.0.1-10.0.0.3'] }] });
  const ended = (n: number, more: Partial<Lease>): Lease => ({ ...lease, address: `10.0.0.${n}`, client: `mac/${n}`, ...more });
  const book = new LeaseBook(small, [
    ended(1, { state: 'expired', renewed: 1000, expires: 3000 }),
    ended(2, { state: 'released', renewed: 2000, expires: 9000 }),
    ended(3, { state: 'released', renewed: 4000, expires: 5000 }),
  ]);
  const pool = small.pools[0]!;
  const order: string[] = [];
  for (let n = 0; n < 3; n++) {
    const next = formatIpv4(book.pick(pool, 0, 9999)!);
    order.push(next);
    book.put({ ...lease, address: next });
  }
  expect(order).toEqual(['10.0.0.2', '10.0.0.1', '10.0.0.3']);
});

test('as many offers stand as may; the oldest goes for one more', () => {
  const two = plan({ subnets: [{ subnet: '10.0.0.0/24', pools: ['10.0.0.0/24'] }], limits: { offers: 2 } });
  const book = new LeaseBook(two);
  for (const n of [1, 2, 3]) book.offer({ address: address + n, network: two.networks[0]!, client: `mac/${n}`, until: 4000 });
  expect([1, 2, 3].map((n) => book.offerAt(address + n)?.client)).toEqual([undefined, 'mac/2', 'mac/3']);
});
