import { bootpReply, createMessage, decline, encode, release } from '@pxekit/dhcp';
import { describe, expect, test } from 'vitest';
import { basic, codes, discover, get, inform, Lab, MessageType, mac, NOW, renew, request, rules, SERVER, typeOf } from './support.js';

const pxe = (arch: number) => ({
  vendorClassIdentifier: `PXEClient:Arch:${String(arch).padStart(5, '0')}:UNDI:002001`,
  clientArchitecture: [arch],
});
const xid = 7;

describe('DISCOVER', () => {
  test('is answered with an offer that has all a client needs', () => {
    const outcome = new Lab().ask(discover({ xid, chaddr: mac(1) }));
    const offer = outcome.reply!.message;
    expect(typeOf(outcome)).toBe(MessageType.OFFER);
    expect(offer.xid).toBe(xid);
    expect(offer.yiaddr).toMatch(/^192\.168\.7\.(1\d\d|200)$/);
    expect(get(offer, 'serverIdentifier')).toBe(SERVER);
    expect(get(offer, 'subnetMask')).toBe('255.255.255.0');
    expect(get(offer, 'broadcastAddress')).toBe('192.168.7.255');
    expect(get(offer, 'routers')).toEqual([SERVER]);
    expect(get(offer, 'leaseTime')).toBe(3600);
    expect(get(offer, 'renewalTime')).toBeLessThanOrEqual(1800);
    expect(get(offer, 'rebindingTime')).toBe(3150);
  });

  test('again gets the same address, also after the offer has lapsed', () => {
    const lab = new Lab();
    const first = lab.ask(discover({ xid, chaddr: mac(1) })).reply!.message.yiaddr;
    expect(lab.ask(discover({ xid: 8, chaddr: mac(1) })).reply!.message.yiaddr).toBe(first);
    lab.now += 60_000;
    expect(lab.ask(discover({ xid: 9, chaddr: mac(1) })).reply!.message.yiaddr).toBe(first);
  });

  test('of many clients gets an address of its own each, until the pool is empty', () => {
    const lab = new Lab();
    const given = new Set<string>();
    for (let n = 0; n < 101; n++) given.add(lab.lease(n).yiaddr);
    expect(given.size).toBe(101);
    const late = lab.ask(discover({ xid, chaddr: mac(500) }));
    expect(late.drop).toBe('no-free-address');
    expect(late.reply).toBeUndefined();
  });

  test('offers the requested address if it is free, another if it is not', () => {
    const lab = new Lab();
    const wish = (n: number) =>
      lab.ask(discover({ xid, chaddr: mac(n), options: { requestedAddress: '192.168.7.150' } })).reply!.message.yiaddr;
    expect(wish(1)).toBe('192.168.7.150');
    expect(wish(2)).not.toBe('192.168.7.150');
  });

  test('from a host with a reservation offers that address', () => {
    const lab = new Lab(basic({ reservations: [{ mac: mac(1), address: '192.168.7.50', hostname: 'rack1' }] }));
    const offer = lab.ask(discover({ xid, chaddr: mac(1), options: { parameterRequestList: [12, 1] } })).reply!.message;
    expect(offer.yiaddr).toBe('192.168.7.50');
    expect(get(offer, 'hostName')).toBe('rack1');
  });
});

describe('REQUEST', () => {
  test('in SELECTING is acknowledged and becomes a lease', () => {
    const lab = new Lab();
    const offer = lab.ask(discover({ xid, chaddr: mac(1) })).reply!.message;
    const outcome = lab.ask(request(offer, { options: { hostName: 'box' } }));
    expect(typeOf(outcome)).toBe(MessageType.ACK);
    expect(outcome.effects).toMatchObject([
      {
        type: 'lease',
        lease: { address: offer.yiaddr, client: `mac/${mac(1)}`, hostname: 'box', state: 'active', expires: NOW + 3_600_000 },
      },
    ]);
  });

  test('in SELECTING for another server is left alone and the offer is withdrawn', () => {
    const lab = new Lab();
    lab.ask(discover({ xid, chaddr: mac(1) }));
    const outcome = lab.ask(
      createMessage({ xid, chaddr: mac(1), options: { messageType: 3, serverIdentifier: '192.168.7.9', requestedAddress: '192.168.7.5' } }),
    );
    expect(outcome.drop).toBe('other-server');
    expect(outcome.effects).toMatchObject([{ type: 'withdraw' }]);
    expect(lab.book.offers).toBe(0);
    const other = { messageType: 3, serverIdentifier: '192.168.7.9', requestedAddress: '192.168.7.5' } as const;
    expect(lab.ask(createMessage({ xid, chaddr: mac(2), options: other })).effects).toEqual([]);
  });

  test('in SELECTING for an address that another client has meanwhile is refused', () => {
    const lab = new Lab();
    const taken = lab.lease(1).yiaddr;
    const outcome = lab.ask(
      createMessage({ xid, chaddr: mac(2), options: { messageType: 3, serverIdentifier: SERVER, requestedAddress: taken } }),
    );
    expect(typeOf(outcome)).toBe(MessageType.NAK);
    expect(get(outcome.reply!.message, 'message')).toContain('is active for');
  });

  const reboot = (n: number, address: string) =>
    createMessage({ xid, chaddr: mac(n), options: { messageType: 3, requestedAddress: address } });

  test('in INIT-REBOOT of a known lease is acknowledged', () => {
    const lab = new Lab();
    const { yiaddr } = lab.lease(1);
    const outcome = lab.ask(reboot(1, yiaddr));
    expect(typeOf(outcome)).toBe(MessageType.ACK);
    expect(rules(outcome)).toContain('state/init-reboot');
  });

  test('in INIT-REBOOT with an address that another client has is refused', () => {
    const lab = new Lab();
    lab.lease(1);
    expect(typeOf(lab.ask(reboot(1, lab.lease(2).yiaddr)))).toBe(MessageType.NAK);
  });

  test('in INIT-REBOOT of an unknown client is met with silence, with NAK or ACK by an authoritative server', () => {
    expect(new Lab().ask(reboot(1, '192.168.7.120')).drop).toBe('unknown-lease');
    const authoritative = new Lab(basic({ authoritative: true }));
    expect(typeOf(authoritative.ask(reboot(1, '192.168.7.5')))).toBe(MessageType.NAK);
    expect(typeOf(authoritative.ask(reboot(1, '192.168.7.120')))).toBe(MessageType.ACK);
  });

  test('in INIT-REBOOT on the wrong network is refused', () => {
    expect(typeOf(new Lab().ask(reboot(1, '10.9.9.9')))).toBe(MessageType.NAK);
  });

  test('in RENEWING extends the lease', () => {
    const lab = new Lab();
    const ack = lab.lease(1);
    lab.now += 1_800_000;
    const outcome = lab.ask(renew(ack, { xid: 9 }), { broadcast: false });
    expect(typeOf(outcome)).toBe(MessageType.ACK);
    expect(outcome.reply!.message.ciaddr).toBe(ack.yiaddr);
    expect(lab.book.at(lab.plan.pools[0]!.range.first + Number(ack.yiaddr.split('.')[3]) - 100)).toMatchObject({
      expires: lab.now + 3_600_000,
      started: NOW,
    });
  });

  test('in RENEWING of an unknown lease is refused, in REBINDING met with silence', () => {
    const ask = (broadcast: boolean) =>
      new Lab().ask(createMessage({ xid, chaddr: mac(1), ciaddr: '192.168.7.120', options: { messageType: 3 } }), { broadcast });
    expect(typeOf(ask(false))).toBe(MessageType.NAK);
    expect(ask(true).drop).toBe('unknown-lease');
  });
});

describe('REBINDING', () => {
  const two = basic({ authoritative: true });
  two.subnets.push({ subnet: '10.1.0.0/16', pools: ['10.1.0.10-10.1.0.99'] });
  const rebind = (ciaddr: string) => createMessage({ xid, chaddr: mac(1), ciaddr, options: { messageType: 3 } });

  test('extends a known lease', () => {
    const lab = new Lab(two);
    const { yiaddr } = lab.lease(1);
    const outcome = lab.ask(rebind(yiaddr), { broadcast: true });
    expect(typeOf(outcome)).toBe(MessageType.ACK);
    expect(rules(outcome)).toContain('state/rebinding');
  });

  test('of a client that was carried here from another network is refused', () => {
    expect(typeOf(new Lab(two).ask(rebind('10.1.0.20'), { broadcast: true }))).toBe(MessageType.NAK);
  });

  test('by unicast through a router is of the network of the address', () => {
    expect(typeOf(new Lab(two).ask(rebind('10.1.0.20'), { broadcast: false }))).toBe(MessageType.ACK);
  });
});

describe('RELEASE, DECLINE, INFORM', () => {
  test('a released address goes to its client again, else to whoever comes when no fresh one is left', () => {
    const lab = new Lab(basic({}, { pools: ['192.168.7.100-192.168.7.101'] }));
    const ack = lab.lease(1);
    const outcome = lab.ask(release(ack, { xid: 3 }));
    expect(outcome.effects).toMatchObject([{ type: 'release', lease: { state: 'released' } }]);
    expect(outcome.drop).toBeUndefined();
    expect(lab.ask(discover({ xid: 4, chaddr: mac(1) })).reply!.message.yiaddr).toBe(ack.yiaddr);
    lab.lease(2);
    expect(lab.lease(3).yiaddr).toBe(ack.yiaddr);
  });

  test('a declined address is in quarantine, then free again', () => {
    const lab = new Lab(basic({}, { pools: ['192.168.7.100-192.168.7.101'] }));
    const ack = lab.lease(1);
    expect(lab.ask(decline(ack, { xid: 5 })).effects).toMatchObject([{ type: 'decline' }]);
    const next = lab.lease(1);
    expect(next.yiaddr).not.toBe(ack.yiaddr);
    expect(lab.ask(discover({ xid, chaddr: mac(2) })).drop).toBe('no-free-address');
    lab.now += 600_001;
    expect(lab.ask(discover({ xid, chaddr: mac(2) })).reply!.message.yiaddr).toBe(ack.yiaddr);
  });

  test('nobody can decline or release the address of another', () => {
    const lab = new Lab();
    const ack = lab.lease(1);
    expect(lab.ask({ ...decline(ack, { xid: 5 }), chaddr: mac(2) }).drop).toBe('unknown-lease');
    expect(lab.ask({ ...release(ack, { xid }), chaddr: mac(2) }).drop).toBe('unknown-lease');
  });

  test('INFORM gets options without lease and times', () => {
    const outcome = new Lab().ask(inform({ xid, chaddr: mac(1), ciaddr: '192.168.7.9' }));
    const { message } = outcome.reply!;
    expect(typeOf(outcome)).toBe(MessageType.ACK);
    expect(message.yiaddr).toBe('0.0.0.0');
    expect(message.ciaddr).toBe('192.168.7.9');
    expect(get(message, 'routers')).toEqual([SERVER]);
    for (const code of [51, 58, 59]) expect(codes(message)).not.toContain(code);
    expect(outcome.effects).toEqual([]);
  });
});

describe('boot answers', () => {
  const config = basic({
    boot: {
      bios: 'pxelinux.0',
      'uefi-x64': 'grubx64.efi',
      ipxe: 'http://192.168.7.1/boot.ipxe',
      'http-x64': 'http://192.168.7.1/grubx64.efi',
    },
  });
  const boot = (options: object) => new Lab(config).ask(discover({ xid, chaddr: mac(1), options })).reply!.message;

  test('follow the architecture', () => {
    for (const [arch, file] of [
      [0, 'pxelinux.0'],
      [7, 'grubx64.efi'],
      [9, 'grubx64.efi'],
    ] as const) {
      const offer = boot(pxe(arch));
      expect(offer.file).toBe(file);
      expect(get(offer, 67)).toBe(file);
      expect(offer.siaddr).toBe(SERVER);
      expect(get(offer, 'vendorClassIdentifier')).toBe('PXEClient');
    }
  });

  test('give iPXE its script, so that it does not load itself again', () => {
    expect(boot({ ...pxe(0), userClass: ['iPXE'] }).file).toBe('http://192.168.7.1/boot.ipxe');
  });

  test('give UEFI HTTP boot a URL and the class HTTPClient', () => {
    const offer = boot({ vendorClassIdentifier: 'HTTPClient:Arch:00016:UNDI:003000', clientArchitecture: [16] });
    expect(get(offer, 'vendorClassIdentifier')).toBe('HTTPClient');
    expect(get(offer, 67)).toBe('http://192.168.7.1/grubx64.efi');
  });

  test('are not for clients that do not boot from the network', () => {
    const offer = boot({});
    expect(offer.file).toBe('');
    expect(codes(offer)).not.toContain(67);
  });
});

describe('relayed requests', () => {
  const two = basic();
  two.subnets.push({ subnet: '10.1.0.0/16', pools: ['10.1.0.10-10.1.0.99'] });

  test('get an address of the subnet of the relay and the relay agent option back, last', () => {
    const relayed = discover({ xid, chaddr: mac(1), giaddr: '10.1.0.1', hops: 1, secs: 9, options: { parameterRequestList: [1, 3] } });
    relayed.options.push({ code: 82, region: 'options', data: Uint8Array.of(1, 2, 0xca, 0xfe) });
    const { message } = new Lab(two).ask(relayed, { source: { address: '10.1.0.1', port: 67 } }).reply!;
    expect(message.yiaddr).toMatch(/^10\.1\.0\./);
    expect([message.giaddr, message.hops, message.secs]).toEqual(['10.1.0.1', 0, 0]);
    expect(message.options.at(-1)).toMatchObject({ code: 82, data: Uint8Array.of(1, 2, 0xca, 0xfe) });
    expect(encode(message).length).toBeGreaterThanOrEqual(300);
  });

  test('of a network that is not served are dropped', () => {
    expect(new Lab(two).ask(discover({ xid, chaddr: mac(1), giaddr: '172.16.0.1' })).drop).toBe('no-subnet');
  });
});

test('a reply is no request', () => {
  expect(new Lab().ask(bootpReply(discover({ xid, chaddr: mac(1) }), { yiaddr: '192.168.7.5' })).drop).toBe('not-a-request');
});
