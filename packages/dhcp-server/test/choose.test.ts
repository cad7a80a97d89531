import { createMessage, decline } from '@pxekit/dhcp';
import type { DhcpConfig, Lease } from '@pxekit/dhcp-server';
import { describe, expect, test } from 'vitest';
import { parseIpv4 } from '../src/ipv4.js';
import { basic, discover, get, Lab, MessageType, mac, NOW, request, rules, SERVER, typeOf } from './support.js';

const xid = 3;
const one = (more: Partial<DhcpConfig> = {}) => basic(more, { pools: ['192.168.7.100'] });
const offerTo = (lab: Lab, n: number, options: object = {}) => lab.ask(discover({ xid, chaddr: mac(n), options }));
const addressFor = (lab: Lab, n: number, options: object = {}) => offerTo(lab, n, options).reply?.message.yiaddr;
/** A client that takes an address for its own without having been offered it. */
const ask = (lab: Lab, n: number, address: string, options: object = {}) =>
  lab.ask(
    createMessage({ xid, chaddr: mac(n), options: { messageType: 3, serverIdentifier: SERVER, requestedAddress: address, ...options } }),
  );
const refusal = (lab: Lab, n: number, address: string, options: object = {}) => {
  const outcome = ask(lab, n, address, options);
  return typeOf(outcome) === MessageType.NAK ? get(outcome.reply!.message, 'message') : typeOf(outcome);
};
const leaseOf = (n: number, address: string, more: Partial<Lease> = {}): Lease => ({
  address,
  client: `mac/${mac(n)}`,
  hardware: mac(n),
  state: 'active',
  started: NOW,
  renewed: NOW,
  expires: NOW + 3_600_000,
  ...more,
});

describe('a REQUEST is refused, and told why, for an address', () => {
  test('of another client, as long as the lease lasts and no longer', () => {
    const lab = new Lab(basic(), [leaseOf(1, '192.168.7.150')]);
    expect(refusal(lab, 2, '192.168.7.150')).toBe(`192.168.7.150 is active for mac/${mac(1)}`);
    lab.now += 3_600_000;
    expect(refusal(lab, 2, '192.168.7.150')).toBe(MessageType.ACK);
  });

  test('in quarantine, as long as it lasts and no longer', () => {
    const lab = new Lab(basic(), [leaseOf(1, '192.168.7.150', { state: 'declined' })]);
    expect(refusal(lab, 1, '192.168.7.150')).toBe('192.168.7.150 is in quarantine');
    expect(refusal(lab, 2, '192.168.7.150')).toBe(`192.168.7.150 is declined for mac/${mac(1)}`);
    lab.now += 3_600_000;
    expect(refusal(lab, 1, '192.168.7.150')).toBe(MessageType.ACK);
  });

  test('of this server, which no pool gives either', () => {
    const lab = new Lab(basic({}, { pools: [`${SERVER}-192.168.7.2`] }));
    lab.context.own = new Set([parseIpv4(SERVER)!]);
    expect(refusal(lab, 1, SERVER)).toBe(`${SERVER} is an address of this server`);
    expect([1, 2, 3, 4].map((n) => addressFor(lab, n))).toEqual(Array(4).fill('192.168.7.2'));
  });

  test('that is excluded, in no pool, or the broadcast address', () => {
    const lab = new Lab(basic({}, { pools: ['192.168.7.200-192.168.7.255'], exclude: ['192.168.7.210'] }));
    expect(refusal(lab, 1, '192.168.7.210')).toBe('192.168.7.210 is excluded');
    expect(refusal(lab, 1, '192.168.7.50')).toBe('192.168.7.50 is in no pool');
    expect(refusal(lab, 1, '192.168.7.255')).toBe('192.168.7.255 is excluded');
    expect(refusal(lab, 1, '192.168.7.211')).toBe(MessageType.ACK);
  });

  test('on another network', () => {
    const two = basic();
    two.subnets.push({ subnet: '10.1.0.0/24', pools: ['10.1.0.10-10.1.0.99'] });
    expect(refusal(new Lab(two), 1, '10.1.0.20')).toBe('10.1.0.20 is not on the network 192.168.7.0/24');
  });

  test('in a pool that is not for the client', () => {
    const pools = [
      { range: '192.168.7.10-192.168.7.19', classes: ['pxe'] },
      { range: '192.168.7.20-192.168.7.29', denyClasses: ['pxe'] },
      { range: '192.168.7.30-192.168.7.39', clients: 'known' as const },
    ];
    const lab = new Lab(
      basic({ classes: [{ name: 'pxe', match: { vendorClass: 'PXEClient' } }], reservations: [{ mac: mac(9) }] }, { pools }),
    );
    const pxe = { vendorClassIdentifier: 'PXEClient' };
    const other = 'is in a pool that is not for this client';
    expect(refusal(lab, 1, '192.168.7.10')).toBe(`192.168.7.10 ${other}`);
    expect(refusal(lab, 1, '192.168.7.20', pxe)).toBe(`192.168.7.20 ${other}`);
    expect(refusal(lab, 1, '192.168.7.30')).toBe(`192.168.7.30 ${other}`);
    expect(refusal(lab, 1, '192.168.7.10', pxe)).toBe(MessageType.ACK);
    expect(refusal(lab, 2, '192.168.7.20')).toBe(MessageType.ACK);
    expect(refusal(lab, 9, '192.168.7.30')).toBe(MessageType.ACK);
  });

  test('where machines without a reservation get none, which those with one do', () => {
    const lab = new Lab(basic({ unknownClients: 'deny', reservations: [{ mac: mac(1) }] }));
    expect(refusal(lab, 2, '192.168.7.150')).toBe('192.168.7.150 is not for clients without a reservation');
    expect(refusal(lab, 1, '192.168.7.150')).toBe(MessageType.ACK);
  });

  test('other than the one reserved for it, or reserved for another machine', () => {
    const reservations = [
      { mac: mac(1), address: '192.168.7.50' },
      { mac: mac(2), address: '192.168.7.120' },
    ];
    const lab = new Lab(basic({ reservations }));
    expect(refusal(lab, 1, '192.168.7.150')).toBe('192.168.7.150 is not 192.168.7.50, which is reserved for the client');
    expect(refusal(lab, 3, '192.168.7.120')).toBe(`192.168.7.120 is reserved for mac/${mac(2)}`);
    expect(refusal(lab, 2, '192.168.7.120')).toBe(MessageType.ACK);
  });

  test('other than the one the handler gives', () => {
    const lab = new Lab();
    lab.context.directive = { address: '192.168.7.33' };
    expect(refusal(lab, 1, '192.168.7.150')).toBe('192.168.7.150 is not 192.168.7.33, which the handler gives');
    expect(refusal(lab, 1, '192.168.7.33')).toBe(MessageType.ACK);
  });
});

describe('a reserved address that cannot be had', () => {
  const reservations = [{ mac: mac(1), address: '192.168.7.50' }];

  test('because it was declined: the machine has one of the pool until the quarantine is over', () => {
    const lab = new Lab(basic({ reservations }));
    lab.ask(decline(lab.lease(1), { xid }));
    const outcome = offerTo(lab, 1);
    expect(rules(outcome)).toContain('address/reserved-refused');
    const interim = lab.lease(1);
    expect(interim.yiaddr).toMatch(/^192\.168\.7\.1\d\d$/);
    lab.now += 600_001;
    expect(refusal(lab, 1, interim.yiaddr)).toContain('which is reserved for the client');
    expect(lab.lease(1).yiaddr).toBe('192.168.7.50');
  });

  test('because another client has it from before: that one is refused when it renews, and the machine comes into its own', () => {
    const lab = new Lab(basic({ reservations }, { pools: ['192.168.7.50-192.168.7.99'] }), [leaseOf(2, '192.168.7.50')]);
    const interim = lab.lease(1);
    expect(interim.yiaddr).not.toBe('192.168.7.50');
    expect(get(interim, 'messageType')).toBe(MessageType.ACK);
    const renewal = createMessage({ xid, chaddr: mac(2), ciaddr: '192.168.7.50', options: { messageType: 3 } });
    expect(typeOf(lab.ask(renewal, { broadcast: false }))).toBe(MessageType.NAK);
    lab.now += 3_600_001;
    expect(lab.lease(1).yiaddr).toBe('192.168.7.50');
  });

  test('where there is no pool, there is none', () => {
    const lab = new Lab(basic({ reservations }, { pools: [] }), [leaseOf(2, '192.168.7.50')]);
    expect(offerTo(lab, 1).drop).toBe('no-free-address');
  });
});

describe('an address that was offered', () => {
  test('is not given to the client that had it before, or that asks for it, as long as there is another', () => {
    const lab = new Lab(basic({}, { pools: ['192.168.7.100-192.168.7.101'] }), [
      leaseOf(1, '192.168.7.100', { state: 'expired', expires: NOW - 2 }),
      leaseOf(9, '192.168.7.101', { state: 'expired', expires: NOW - 1 }),
    ]);
    expect(addressFor(lab, 2)).toBe('192.168.7.100');
    expect(addressFor(lab, 1)).toBe('192.168.7.101');
    expect(addressFor(lab, 3, { requestedAddress: '192.168.7.100' })).not.toBe(undefined);
    lab.now += 30_000;
    expect(addressFor(lab, 1)).toBe('192.168.7.100');
  });

  test('is offered once more when no pool has another: who takes it first has it', () => {
    const lab = new Lab(one());
    const offers = [1, 2].map((n) => offerTo(lab, n).reply!.message);
    expect(offers.map((each) => each.yiaddr)).toEqual(['192.168.7.100', '192.168.7.100']);
    expect(typeOf(lab.ask(request(offers[0]!)))).toBe(MessageType.ACK);
    expect(typeOf(lab.ask(request(offers[1]!)))).toBe(MessageType.NAK);
  });

  test('of one pool gives way to a free one of the next', () => {
    const lab = new Lab(basic({}, { pools: ['192.168.7.100', '192.168.7.110'] }));
    expect([addressFor(lab, 1), addressFor(lab, 2)]).toEqual(['192.168.7.100', '192.168.7.110']);
  });
});

describe('the subnets of one link', () => {
  const link = (second: Partial<DhcpConfig['subnets'][number]>, first = ['192.168.7.100']): DhcpConfig => ({
    subnets: [
      { subnet: '192.168.7.0/24', sharedNetwork: 'lan', pools: first },
      { subnet: '192.168.8.0/24', sharedNetwork: 'lan', pools: ['192.168.8.100'], ...second },
    ],
  });

  test('give what their own policy allows', () => {
    const lab = new Lab(link({ unknownClients: 'deny' }));
    lab.lease(1);
    expect(offerTo(lab, 2).drop).toBe('no-free-address');
    expect(refusal(lab, 2, '192.168.8.100')).toContain('without a reservation');
    const other = new Lab(link({ mode: 'proxy' }));
    other.lease(1);
    expect(offerTo(other, 2).drop).toBe('no-free-address');
    expect(refusal(other, 2, '192.168.8.100')).toBe('192.168.8.100 is in a network where another server gives the addresses');
  });

  test('are asked after the subnet of the request', () => {
    const lab = new Lab(link({}));
    const offer = lab.ask(discover({ xid, chaddr: mac(1), giaddr: '192.168.8.1' })).reply!.message;
    expect(offer.yiaddr).toBe('192.168.8.100');
    expect(lab.ask(discover({ xid, chaddr: mac(2), giaddr: '192.168.8.1' })).reply!.message.yiaddr).toBe('192.168.7.100');
  });

  test('keep a client where it is', () => {
    const lab = new Lab(link({}, ['192.168.7.100-192.168.7.120']), [leaseOf(1, '192.168.8.100')]);
    expect(addressFor(lab, 1)).toBe('192.168.8.100');
  });
});

describe('a requested address', () => {
  test('is offered where it is free, else another; in the trace stands why', () => {
    const reservations = [{ mac: mac(9), address: '192.168.7.150' }];
    const lab = new Lab(basic({ reservations }), [leaseOf(8, '192.168.7.160')]);
    for (const address of ['192.168.7.150', '192.168.7.160', '192.168.7.50', '10.0.0.1', '255.255.255.255']) {
      const outcome = offerTo(lab, 1, { requestedAddress: address });
      expect(outcome.reply!.message.yiaddr).toMatch(/^192\.168\.7\.1\d\d|200$/);
      expect(outcome.reply!.message.yiaddr).not.toBe(address);
      lab.book.withdraw(lab.book.offerOf(lab.plan.networks[0]!, `mac/${mac(1)}`));
      expect(rules(outcome)).toContain('address/requested-refused');
    }
    expect(rules(offerTo(lab, 1, { requestedAddress: '0.0.0.0' }))).not.toContain('address/requested-refused');
    expect(addressFor(lab, 2, { requestedAddress: '192.168.7.170' })).toBe('192.168.7.170');
  });

  test('comes after the one the client has or was offered', () => {
    const lab = new Lab();
    const had = lab.lease(1).yiaddr;
    expect(addressFor(lab, 1, { requestedAddress: '192.168.7.170' })).toBe(had);
    const offered = addressFor(lab, 2)!;
    expect(addressFor(lab, 2, { requestedAddress: '192.168.7.171' })).toBe(offered);
  });
});

describe('two cards with one hardware address', () => {
  const leases = (identity: DhcpConfig['identity']) => {
    const lab = new Lab(basic({ identity: identity! }));
    return [1, 2].map((n) => lab.lease(1, [{ code: 61, region: 'options', data: Uint8Array.of(255, n) }]).yiaddr);
  };

  test('are one client by hardware address, two by client identifier', () => {
    const [first, second] = leases('mac-then-client-id');
    expect(first).toBe(second);
    const [one, two] = leases('client-id');
    expect(one).not.toBe(two);
  });
});
