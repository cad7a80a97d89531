import { createMessage, type Message, rawOption, release } from '@pxekit/dhcp';
import type { DhcpConfig } from '@pxekit/dhcp-server';
import { describe, expect, test } from 'vitest';
import { codes, discover, get, Lab, MessageType, mac, request, SERVER, typeOf } from './support.js';

const RELAY = '10.1.0.1';
const AGENT = rawOption(82, Uint8Array.of(1, 1, 7));
const config = (more: Partial<DhcpConfig> = {}): DhcpConfig => ({
  leasequery: [RELAY],
  options: { domainName: 'whole' },
  subnets: [
    { subnet: '10.1.0.0/24', pools: ['10.1.0.10-10.1.0.99'], options: { routers: [RELAY] }, leaseTime: 3600 },
    { subnet: '10.2.0.0/24', pools: ['10.2.0.10-10.2.0.99'], leaseTime: Number.POSITIVE_INFINITY },
  ],
  ...more,
});
const from = { local: { address: SERVER, addresses: [SERVER], port: 67 }, source: { address: RELAY, port: 67 }, broadcast: false };

/** A lab in which client n has a lease in the network of the relay, by its own client identifier. */
function lease(lab: Lab, n: number, giaddr = RELAY): Message {
  const options = [AGENT, rawOption(61, Uint8Array.of(255, n))];
  const offer = lab.ask(discover({ xid: n, chaddr: mac(n), giaddr, options }), from).reply!.message;
  return lab.ask(request(offer, { giaddr, options }), from).reply!.message;
}

const ask = (lab: Lab, header: object, options: Message['options'] = []) => {
  const message = createMessage({ xid: 99, htype: 0, hlen: 0, giaddr: RELAY, ...header, options: { messageType: 10 } });
  message.options.push(...options);
  return lab.ask(message, from);
};
const wishes = (...list: number[]) => rawOption(55, Uint8Array.from(list));

describe('who has an address', () => {
  test('is told with the client, its times and its relay port, and what else is asked for', () => {
    const lab = new Lab(config());
    const { yiaddr } = lease(lab, 1);
    lab.now += 600_000;
    const outcome = ask(lab, { ciaddr: yiaddr }, [wishes(1, 3, 15, 51, 58, 59, 61, 82, 91, 92)]);
    const { message } = outcome.reply!;
    expect(typeOf(outcome)).toBe(MessageType.LEASEACTIVE);
    expect([message.xid, message.ciaddr, message.yiaddr, message.giaddr]).toEqual([99, yiaddr, '0.0.0.0', RELAY]);
    expect([message.chaddr, message.hlen, message.htype]).toEqual([mac(1), 6, 1]);
    expect(get(message, 'serverIdentifier')).toBe(SERVER);
    expect([get(message, 'leaseTime'), get(message, 'renewalTime'), get(message, 'rebindingTime')]).toEqual([3000, 1200, 2550]);
    expect([get(message, 'subnetMask'), get(message, 'routers'), get(message, 'domainName')]).toEqual(['255.255.255.0', [RELAY], 'whole']);
    expect(get(message, 'clientLastTransactionTime')).toBe(600);
    expect(message.options.find((each) => each.code === 61)!.data).toEqual(Uint8Array.of(255, 1));
    expect(message.options.at(-1)).toMatchObject({ code: 82, data: AGENT.data });
    expect(codes(message)).not.toContain(92);
    expect(outcome.effects).toEqual([]);
  });

  test('is not told more than is asked for, but the client identifier', () => {
    const lab = new Lab(config());
    const { yiaddr } = lease(lab, 1);
    expect(codes(ask(lab, { ciaddr: yiaddr }, [wishes(51)]).reply!.message)).toEqual([53, 54, 51, 58, 59, 61]);
  });

  test('of a lease without end has no times but that', () => {
    const lab = new Lab(config());
    const { yiaddr } = lease(lab, 1, '10.2.0.1');
    const { message } = ask(lab, { ciaddr: yiaddr }, [wishes(51, 58)]).reply!;
    expect([get(message, 'leaseTime'), codes(message).includes(58)]).toEqual([0xffffffff, false]);
  });

  test('whose lease has ended or was given back is nobody: unassigned; of addresses of others nothing is known', () => {
    const lab = new Lab(config({ reservations: [{ mac: mac(9), address: '10.1.0.200' }] }));
    const ack = lease(lab, 1);
    const state = (ciaddr: string) => {
      const { reply } = ask(lab, { ciaddr });
      expect(reply!.message.ciaddr).toBe(ciaddr);
      expect(codes(reply!.message)).toEqual([53, 54]);
      return get(reply!.message, 'messageType');
    };
    for (const free of ['10.1.0.50', '10.1.0.200']) expect([free, state(free)]).toEqual([free, MessageType.LEASEUNASSIGNED]);
    for (const other of ['10.1.0.5', '172.16.0.1']) expect([other, state(other)]).toEqual([other, MessageType.LEASEUNKNOWN]);
    lab.ask(release(ack, { xid: 1 }), { ...from, source: { address: ack.yiaddr, port: 68 } });
    expect(state(ack.yiaddr)).toBe(MessageType.LEASEUNASSIGNED);
    const again = lease(lab, 1);
    lab.now += 3_600_000;
    expect(state(again.yiaddr)).toBe(MessageType.LEASEUNASSIGNED);
  });
});

describe('what a client has', () => {
  test('is told by hardware address and by client identifier: the latest, and the others beside it', () => {
    for (const identity of ['mac-then-client-id', 'client-id'] as const) {
      const lab = new Lab(config({ identity }));
      const first = lease(lab, 1);
      lab.now += 1000;
      const second = lease(lab, 1, '10.2.0.1');
      lease(lab, 2);
      for (const [header, options] of [
        [{ htype: 1, hlen: 6, chaddr: mac(1) }, []],
        [{}, [rawOption(61, Uint8Array.of(255, 1))]],
      ] as const) {
        const { message } = ask(lab, header, [...options, wishes(92)]).reply!;
        expect(get(message, 'messageType')).toBe(MessageType.LEASEACTIVE);
        expect([message.ciaddr, message.chaddr]).toEqual([second.yiaddr, mac(1)]);
        expect(get(message, 'associatedIp')).toEqual([second.yiaddr, first.yiaddr]);
      }
    }
  });

  test('is nothing for a client that is not known, or has no lease any more', () => {
    const lab = new Lab(config());
    lease(lab, 1);
    expect(typeOf(ask(lab, { htype: 1, hlen: 6, chaddr: mac(7) }))).toBe(MessageType.LEASEUNKNOWN);
    expect(typeOf(ask(lab, {}, [rawOption(61, Uint8Array.of(255, 7))]))).toBe(MessageType.LEASEUNKNOWN);
    expect(typeOf(ask(lab, {}))).toBe(MessageType.LEASEUNKNOWN);
    lab.now += 3_600_000;
    expect(typeOf(ask(lab, { htype: 1, hlen: 6, chaddr: mac(1) }))).toBe(MessageType.LEASEUNKNOWN);
  });
});

test('only who is listed is answered, by address or network, and nobody without an address', () => {
  const answered = (leasequery: string[], giaddr: string) => {
    const { drop } = ask(new Lab(config({ leasequery })), { giaddr, ciaddr: '10.1.0.50' });
    return drop ?? 'answered';
  };
  expect(answered([RELAY], RELAY)).toBe('answered');
  expect(answered(['10.1.0.0/24'], '10.1.0.77')).toBe('answered');
  expect(answered(['10.1.0.0/24'], '10.1.1.1')).toBe('leasequery-refused');
  expect(answered([RELAY], '10.1.0.2')).toBe('leasequery-refused');
  expect(answered(['0.0.0.0/0'], '0.0.0.0')).toBe('leasequery-refused');
});
