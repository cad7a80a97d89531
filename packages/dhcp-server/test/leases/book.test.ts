import { type Lease, LeaseBook, plan } from '@pxekit/dhcp-server';
import { expect, test } from 'vitest';
import { parseIpv4 } from '../../src/ipv4.js';

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
