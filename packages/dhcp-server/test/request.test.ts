import { createMessage, type Message, rawOption, renew } from '@pxekit/dhcp';
import type { DhcpConfig, Lease } from '@pxekit/dhcp-server';
import { describe, expect, test } from 'vitest';
import { parseIpv4 } from '../src/ipv4.js';
import { basic, discover, get, Lab, MessageType, mac, NOW, request, rules, SERVER, typeOf } from './support.js';

const xid = 4;
const relayedNetwork = (more: Partial<DhcpConfig> = {}): DhcpConfig => {
  const config = basic(more);
  config.subnets.push({ subnet: '10.1.0.0/24', pools: ['10.1.0.10-10.1.0.99'] });
  return config;
};
const agentOption = (...bytes: number[]) => rawOption(82, Uint8Array.from(bytes));
const RELAY = '10.1.0.1';
const throughRelay = { source: { address: RELAY, port: 67 }, broadcast: false };

describe('a client that extends its lease through a relay', () => {
  const extend = (...agent: number[]) => {
    const message = createMessage({ xid, chaddr: mac(1), ciaddr: '10.1.0.20', giaddr: RELAY, options: { messageType: 3 } });
    if (agent.length > 0) message.options.push(agentOption(...agent));
    return message;
  };

  test('is rebinding: a server without a record is silent, since the lease may be that of another', () => {
    const outcome = new Lab(relayedNetwork()).ask(extend(1, 1, 7), throughRelay);
    expect(rules(outcome)).toContain('state/rebinding');
    expect(outcome.drop).toBe('unknown-lease');
  });

  test('is renewing where the relay stands in for the server, or says that it was a unicast', () => {
    for (const agent of [
      [11, 4, 10, 1, 0, 1],
      [10, 1, 0x80],
    ]) {
      const outcome = new Lab(relayedNetwork()).ask(extend(...agent), throughRelay);
      expect(rules(outcome)).toContain('state/renewing');
      expect(typeOf(outcome)).toBe(MessageType.NAK);
    }
    const broadcast = new Lab(relayedNetwork()).ask(extend(11, 4, 10, 1, 0, 1, 10, 1, 0), throughRelay);
    expect(rules(broadcast)).toContain('state/rebinding');
  });

  test('is acknowledged through the relay where the lease is known', () => {
    const lab = new Lab(relayedNetwork());
    const { yiaddr } = lab.lease(1, {}, { giaddr: RELAY }, throughRelay);
    const outcome = lab.ask({ ...extend(), ciaddr: yiaddr }, throughRelay);
    expect(typeOf(outcome)).toBe(MessageType.ACK);
    expect([outcome.reply!.message.giaddr, outcome.reply!.message.yiaddr]).toEqual([RELAY, yiaddr]);
  });
});

describe('a machine that is reserved an address by its relay port', () => {
  const reservation = { circuitId: 'port7', address: '10.1.0.7', hostname: 'seven' };
  const agent = agentOption(1, 5, ...Buffer.from('port7'));
  const lab = () => new Lab(relayedNetwork({ reservations: [reservation] }));
  const lease = (to: Lab): Message => {
    const header = { giaddr: RELAY };
    const offer = to.ask(discover({ xid, chaddr: mac(1), ...header, options: [agent] }), throughRelay).reply!.message;
    return to.ask(request(offer, { ...header, options: [agent] }), throughRelay).reply!.message;
  };

  test('renews by a unicast that the relay does not see', () => {
    const to = lab();
    const ack = lease(to);
    expect(ack.yiaddr).toBe('10.1.0.7');
    const outcome = to.ask(renew(ack, { xid }), { source: { address: '10.1.0.7', port: 68 }, broadcast: false });
    expect(typeOf(outcome)).toBe(MessageType.ACK);
    expect(rules(outcome)).toContain('host');
    // And once more: the record still says which port it is at.
    expect(typeOf(to.ask(renew(ack, { xid }), { source: { address: '10.1.0.7', port: 68 }, broadcast: false }))).toBe(MessageType.ACK);
    expect(to.book.at(parseIpv4('10.1.0.7')!)!.relayAgent).toBe(Buffer.from(agent.data).toString('hex'));
  });

  test('is not another machine that claims its address', () => {
    const to = lab();
    const ack = lease(to);
    const thief = { ...renew(ack, { xid }), chaddr: mac(2) };
    expect(typeOf(to.ask(thief, { source: { address: '10.1.0.7', port: 68 }, broadcast: false }))).toBe(MessageType.NAK);
  });

  test('has left the port when it broadcasts from elsewhere', () => {
    const to = lab();
    const ack = lease(to);
    const moved = createMessage({ xid, chaddr: mac(1), options: { messageType: 3, requestedAddress: ack.yiaddr } });
    expect(typeOf(to.ask(moved))).toBe(MessageType.NAK);
  });
});

describe('a client that says it has another address than the record', () => {
  const two = basic({}, { pools: ['192.168.7.100-192.168.7.101'] });
  const other = (address: string) => (address.endsWith('100') ? '192.168.7.101' : '192.168.7.100');
  const ask = (lab: Lab, address: string) => [
    lab.ask(createMessage({ xid, chaddr: mac(1), options: { messageType: 3, requestedAddress: address } })),
    lab.ask(createMessage({ xid, chaddr: mac(1), ciaddr: address, options: { messageType: 3 } }), { broadcast: false }),
    lab.ask(createMessage({ xid, chaddr: mac(1), ciaddr: address, options: { messageType: 3 } }), { broadcast: true }),
  ];

  test('is refused in INIT-REBOOT, RENEWING and REBINDING, though the address is free', () => {
    const lab = new Lab(two);
    const { yiaddr } = lab.lease(1);
    for (const outcome of ask(lab, other(yiaddr))) {
      expect(typeOf(outcome)).toBe(MessageType.NAK);
      expect(get(outcome.reply!.message, 'message')).toBe(`${other(yiaddr)} is not ${yiaddr}, the lease`);
    }
    for (const outcome of ask(lab, yiaddr)) expect(typeOf(outcome)).toBe(MessageType.ACK);
  });

  test('may have it once the record has run out', () => {
    const lab = new Lab(two);
    const { yiaddr } = lab.lease(1);
    lab.now += 3_600_001;
    for (const outcome of ask(lab, other(yiaddr))) expect(typeOf(outcome)).toBe(MessageType.ACK);
  });

  test('may have the one that is reserved for it, and gives up the other', () => {
    const old: Lease = {
      address: '192.168.7.100',
      client: `mac/${mac(1)}`,
      hardware: mac(1),
      state: 'active',
      started: NOW,
      renewed: NOW,
      expires: NOW + 1000,
    };
    const lab = new Lab({ ...two, reservations: [{ mac: mac(1), address: '192.168.7.50' }] }, [old]);
    const [outcome] = ask(lab, '192.168.7.50');
    expect(typeOf(outcome!)).toBe(MessageType.ACK);
    expect(outcome!.effects.map((each) => each.type)).toEqual(['lease', 'release']);
    expect(lab.book.at(parseIpv4('192.168.7.100')!)!.state).toBe('released');
  });
});

describe('a REQUEST', () => {
  test('with nothing to say is dropped', () => {
    const lab = new Lab();
    expect(lab.ask(createMessage({ xid, chaddr: mac(1), options: { messageType: 3 } })).drop).toBe('nothing-to-say');
  });

  test('in SELECTING with the address in ciaddr, as some relays’ clients put it, is granted', () => {
    const lab = new Lab();
    const message = createMessage({ xid, chaddr: mac(1), ciaddr: '192.168.7.120', options: { messageType: 3, serverIdentifier: SERVER } });
    const outcome = lab.ask(message);
    expect(rules(outcome)).toContain('state/selecting');
    expect(outcome.reply!.message.yiaddr).toBe('192.168.7.120');
  });

  test('of a new client over the rate is dropped in every state', () => {
    const lab = new Lab(basic({ authoritative: true }));
    lab.context.admits = () => false;
    const states: [object, object][] = [
      [{}, { serverIdentifier: SERVER, requestedAddress: '192.168.7.120' }],
      [{}, { requestedAddress: '192.168.7.120' }],
      [{ ciaddr: '192.168.7.120' }, {}],
    ];
    for (const [header, options] of states)
      expect(lab.ask(createMessage({ xid, chaddr: mac(1), ...header, options: { messageType: 3, ...options } })).drop).toBe('rate');
  });

  test('is refused with the words of the handler in every state', () => {
    const lab = new Lab();
    lab.context.directive = { nak: 'not today' };
    const states: [object, object][] = [
      [{}, { serverIdentifier: SERVER, requestedAddress: '192.168.7.120' }],
      [{}, { requestedAddress: '192.168.7.120' }],
      [{ ciaddr: '192.168.7.120' }, {}],
    ];
    for (const [header, options] of states) {
      const { reply, effects } = lab.ask(createMessage({ xid, chaddr: mac(1), ...header, options: { messageType: 3, ...options } }));
      expect(get(reply!.message, 'message')).toBe('not today');
      expect([reply!.message.yiaddr, reply!.message.ciaddr, reply!.message.siaddr]).toEqual(['0.0.0.0', '0.0.0.0', '0.0.0.0']);
      expect(effects).toEqual([]);
    }
  });

  test('of a client without end keeps its lease without end', () => {
    const lab = new Lab(basic({ leaseTime: Number.POSITIVE_INFINITY }));
    const ack = lab.lease(1);
    expect(get(ack, 'leaseTime')).toBe(0xffffffff);
    for (const code of [58, 59]) expect(ack.options.map((each) => each.code)).not.toContain(code);
    lab.now += 10 * 365 * 86_400_000;
    expect(lab.lease(2).yiaddr).not.toBe(ack.yiaddr);
    expect(lab.lease(1).yiaddr).toBe(ack.yiaddr);
    // Asked for, it is given only where the bounds allow it.
    expect(get(new Lab().lease(1, { leaseTime: 0xffffffff }), 'leaseTime')).toBe(3600);
    const open = new Lab(basic({ leaseTime: { default: 60, max: Number.POSITIVE_INFINITY } }));
    expect(get(open.lease(1, { leaseTime: 0xffffffff }), 'leaseTime')).toBe(0xffffffff);
  });
});

describe('while the store cannot be written', () => {
  const failing = (leases: Lease[] = [], config = basic()) => {
    const lab = new Lab(config, leases);
    lab.context.storeFailing = true;
    return lab;
  };
  const held = (seconds: number): Lease => ({
    address: '192.168.7.150',
    client: `mac/${mac(1)}`,
    hardware: mac(1),
    state: 'active',
    started: NOW,
    renewed: NOW,
    expires: NOW + seconds * 1000,
  });
  const renewal = createMessage({ xid, chaddr: mac(1), ciaddr: '192.168.7.150', options: { messageType: 3 } });

  test('a lease is confirmed for the time that is stored, if that is a minute or more', () => {
    const time = (seconds: number) => {
      const { reply, drop, effects } = failing([held(seconds)]).ask(renewal, { broadcast: false });
      expect(effects).toEqual([]);
      return reply === undefined ? drop : get(reply.message, 'leaseTime');
    };
    expect([time(86_400), time(1800), time(60), time(59)]).toEqual([3600, 1800, 60, 'not-stored']);
    expect(get(failing([held(Number.POSITIVE_INFINITY)]).ask(renewal, { broadcast: false }).reply!.message, 'leaseTime')).toBe(3600);
  });

  test('a released or expired lease is not one', () => {
    const asking = createMessage({
      xid,
      chaddr: mac(1),
      options: { messageType: 3, serverIdentifier: SERVER, requestedAddress: '192.168.7.150' },
    });
    expect(failing([{ ...held(1800), state: 'released' }]).ask(asking).drop).toBe('not-stored');
  });

  test('a reservation is confirmed in full', () => {
    const lab = failing([], basic({ reservations: [{ mac: mac(1), address: '192.168.7.150' }] }));
    const { reply, effects } = lab.ask(renewal, { broadcast: false });
    expect(get(reply!.message, 'leaseTime')).toBe(3600);
    expect(effects).toEqual([]);
  });
});
