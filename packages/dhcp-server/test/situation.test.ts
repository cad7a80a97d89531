import { createMessage, type Message, rawOption } from '@pxekit/dhcp';
import type { ClassMatch, DhcpConfig, Endpoint } from '@pxekit/dhcp-server';
import { describe, expect, test } from 'vitest';
import { basic, discover, ETH0, type From, get, inform, Lab, MessageType, mac, request, rules, SERVER, typeOf } from './support.js';

const xid = 2;
const three: DhcpConfig = {
  subnets: [
    { subnet: '192.168.7.0/24', pools: ['192.168.7.100-192.168.7.200'] },
    { subnet: '10.1.0.0/24', pools: ['10.1.0.10-10.1.0.99'], relays: ['172.16.0.1'] },
    { subnet: '10.2.0.0/16', pools: ['10.2.3.0/24'] },
  ],
};
const address = (...bytes: number[]) => Uint8Array.from(bytes);
const agent = (...bytes: number[]) => rawOption(82, Uint8Array.from(bytes));
const network = (message: Message, from: From = {}, config = three) => {
  const outcome = new Lab(config).ask(message, from);
  return outcome.reply?.message.yiaddr.replace(/\.\d+\.\d+$/, '') ?? outcome.drop;
};
const asking = (header: Partial<Message>, ...options: Message['options']) => discover({ xid, chaddr: mac(1), ...header, options });

describe('the subnet of a request', () => {
  test('is that of 82.5 before 118 before giaddr before the link, and none of the later where an earlier one is not served', () => {
    const link = agent(5, 4, 10, 2, 0, 0);
    const selection = rawOption(118, address(10, 1, 0, 0));
    expect(network(asking({ giaddr: '192.168.7.254' }, selection, link))).toBe('10.2');
    expect(network(asking({ giaddr: '192.168.7.254' }, selection))).toBe('10.1');
    expect(network(asking({ giaddr: '10.2.9.9' }))).toBe('10.2');
    expect(network(asking({}, selection))).toBe('10.1');
    expect(network(asking({}))).toBe('192.168');
    expect(network(asking({ giaddr: '10.1.0.1' }, agent(5, 4, 172, 16, 0, 0)))).toBe('no-subnet');
    expect(network(asking({ giaddr: '10.1.0.1' }, rawOption(118, address(172, 16, 0, 0))))).toBe('no-subnet');
    expect(network(asking({ giaddr: '172.16.0.9' }))).toBe('no-subnet');
    // Sub-options and options of another length than an address has say nothing.
    expect(network(asking({ giaddr: '10.1.0.1' }, agent(5, 3, 10, 2, 0), rawOption(118, address(10, 2))))).toBe('10.1');
  });

  test('is by link selection that of the link, not of the relay with that address', () => {
    expect(network(asking({ giaddr: '172.16.0.1' }))).toBe('10.1');
    expect(network(asking({ giaddr: '10.2.0.1' }, agent(5, 4, 172, 16, 0, 1)))).toBe('no-subnet');
  });

  test('of a unicast is that of its address, of a broadcast that of the link', () => {
    const from = (message: Message, broadcast: boolean) => rules(new Lab(three).ask(message, { broadcast }));
    const extend = createMessage({ xid, chaddr: mac(1), ciaddr: '10.1.0.20', options: { messageType: 3 } });
    expect(from(extend, false)).toContain('subnet/ciaddr');
    expect(from(extend, true)).toContain('subnet/local');
    expect(from(inform({ xid, chaddr: mac(1), ciaddr: '10.1.0.20' }), false)).toContain('subnet/ciaddr');
    // Beside option 50, and in a DISCOVER, ciaddr says nothing.
    const selecting = createMessage({
      xid,
      chaddr: mac(1),
      ciaddr: '10.1.0.20',
      options: { messageType: 3, requestedAddress: '192.168.7.120' },
    });
    expect(from(selecting, false)).toContain('subnet/local');
    expect(from(asking({ ciaddr: '10.1.0.20' }), false)).toContain('subnet/local');
    // An address that is not served: the link it came by.
    expect(from({ ...extend, ciaddr: '172.16.0.5' }, false)).toContain('subnet/local');
  });

  test('is that of any address of the interface', () => {
    const at = (...addresses: string[]): Endpoint => ({ address: addresses[0]!, addresses, port: 67, interface: 'eth1' });
    expect(network(asking({}), { local: at('172.16.0.2', '10.2.0.1') })).toBe('10.2');
    expect(network(asking({}), { local: { address: '10.1.0.1', port: 67 } })).toBe('10.1');
    expect(network(asking({}), { local: at('172.16.0.2') })).toBe('no-subnet');
  });

  test('on loopback is the only one there is', () => {
    const local = { address: '127.0.0.1', port: 6767 };
    expect(network(asking({}), { local }, basic())).toBe('192.168');
    expect(network(asking({}), { local })).toBe('no-subnet');
    expect(network(asking({}), { local: { address: '172.16.0.2', port: 67 } }, basic())).toBe('no-subnet');
  });
});

describe('the server identifier', () => {
  const serverId = (config: DhcpConfig, header: Partial<Message>, local: Endpoint, ...options: Message['options']) =>
    get(new Lab(config).ask(asking(header, ...options), { local }).reply!.message, 'serverIdentifier');
  const two: Endpoint = { address: SERVER, addresses: [SERVER, '10.1.0.1', '10.2.0.1'], port: 67, interface: 'eth0' };

  test('is the address in the client’s subnet, where the interface has several', () => {
    expect(serverId(three, {}, two)).toBe(SERVER);
    expect(serverId(three, { giaddr: '10.2.0.254' }, two)).toBe('10.2.0.1');
    expect(serverId(three, { giaddr: '10.2.0.254' }, ETH0)).toBe(SERVER);
  });

  test('is the relay’s (82.11) before the advertised one before the own', () => {
    const advertised = { ...three, advertise: '203.0.113.7' };
    const override = agent(11, 4, 10, 1, 0, 254);
    expect(serverId(advertised, { giaddr: '10.1.0.254' }, two, override)).toBe('10.1.0.254');
    expect(serverId(advertised, { giaddr: '10.1.0.254' }, two)).toBe('203.0.113.7');
    expect(serverId(three, { giaddr: '10.1.0.254' }, two, override)).toBe('10.1.0.254');
  });

  test('of a request is ours by any of these, and by no other', () => {
    const type = (config: DhcpConfig, id: string, ...options: Message['options']) => {
      const lab = new Lab(config);
      const offer = lab.ask(asking({ giaddr: '10.1.0.254' }, ...options), { local: two }).reply!.message;
      const message = request(offer, { giaddr: '10.1.0.254' });
      message.options = message.options.map((each) =>
        each.code === 54 ? { ...each, data: Uint8Array.from(id.split('.').map(Number)) } : each,
      );
      message.options.push(...options);
      const outcome = lab.ask(message, { local: two });
      return typeOf(outcome) ?? outcome.drop;
    };
    for (const id of [SERVER, '10.1.0.1', '10.2.0.1']) expect([id, type(three, id)]).toEqual([id, MessageType.ACK]);
    expect(type({ ...three, advertise: '203.0.113.7' }, '203.0.113.7')).toBe(MessageType.ACK);
    expect(type(three, '10.1.0.254', agent(11, 4, 10, 1, 0, 254))).toBe(MessageType.ACK);
    expect(type(three, '10.1.0.254')).toBe('other-server');
    expect(type(three, '203.0.113.7')).toBe('other-server');
  });

  test('of a NAK is that of the offers on the same link', () => {
    const wrong = createMessage({ xid, chaddr: mac(1), giaddr: '10.2.0.254', options: { messageType: 3, requestedAddress: '10.9.9.9' } });
    const { message } = new Lab(three).ask(wrong, { local: two }).reply!;
    expect([get(message, 'messageType'), get(message, 'serverIdentifier')]).toEqual([MessageType.NAK, '10.2.0.1']);
  });
});

describe('a reservation', () => {
  test('is found by the first mark that fits: MAC, client identifier, UUID, circuit, remote', () => {
    const marks = [
      [{ mac: mac(1) }, []],
      [{ clientId: 'ff:01' }, [rawOption(61, address(255, 1))]],
      [{ uuid: `${'00'.repeat(15)}07` }, [rawOption(97, address(0, ...Array(15).fill(0), 7))]],
      [{ circuitId: 'port7' }, []],
      [{ remoteId: 'sw1' }, []],
    ] as const;
    const options = [...marks.flatMap(([, each]) => each), agent(1, 5, ...Buffer.from('port7'), 2, 3, ...Buffer.from('sw1'))];
    for (let first = 0; first < marks.length; first++) {
      const reservations = marks
        .slice(first)
        .map(([mark], n) => ({ ...mark, address: `192.168.7.${50 + first + n}` }))
        .reverse();
      expect(new Lab(basic({ reservations })).ask(asking({}, ...options)).reply!.message.yiaddr).toBe(`192.168.7.${50 + first}`);
    }
  });

  test('in another network makes a machine known here; one without an address is for everywhere', () => {
    const config = (reservations: DhcpConfig['reservations']): DhcpConfig => ({
      ...three,
      unknownClients: 'deny',
      reservations: reservations!,
    });
    const hostname = (reservations: DhcpConfig['reservations']) => {
      const outcome = new Lab(config(reservations)).ask(asking({}, rawOption(55, address(12))));
      return outcome.reply === undefined
        ? outcome.drop
        : [outcome.reply.message.yiaddr.slice(0, 7), get(outcome.reply.message, 'hostName')];
    };
    expect(hostname([{ mac: mac(2), hostname: 'other' }])).toBe('unknown-client');
    expect(hostname([{ mac: mac(1), address: '10.1.0.5', hostname: 'there' }])).toEqual(['192.168', 'there']);
    expect(
      hostname([
        { mac: mac(1), address: '10.1.0.5', hostname: 'there' },
        { mac: mac(1), hostname: 'everywhere' },
      ]),
    ).toEqual(['192.168', 'everywhere']);
  });

  test('can put its machine into classes, whatever that sends', () => {
    const classes = [{ name: 'rack', match: { vendorClass: 'RACK' }, options: { domainName: 'rack' } }];
    const domain = (reservations: DhcpConfig['reservations']) =>
      get(
        new Lab(basic({ classes, reservations: reservations! })).ask(asking({}, rawOption(55, address(15)))).reply!.message,
        'domainName',
      );
    expect(domain([{ mac: mac(1), classes: ['rack'] }])).toBe('rack');
    expect(domain([{ mac: mac(1) }])).toBeUndefined();
  });
});

describe('a class', () => {
  const has = (match: ClassMatch, ...options: Message['options']) =>
    rules(new Lab(basic({ classes: [{ name: 'x', match }] })).ask(asking({ giaddr: '192.168.7.254' }, ...options))).includes('class');

  test('has all its marks; of a list one is enough', () => {
    const ipxe = rawOption(77, Buffer.from('iPXE'));
    const pxe = rawOption(60, Buffer.from('PXEClient:Arch:00000'));
    const circuit = agent(1, 2, 0x0a, 0x0b);
    expect(has({ vendorClass: 'PXEClient' }, pxe)).toBe(true);
    expect(has({ vendorClass: 'XEClient' }, pxe)).toBe(false);
    expect(has({ vendorClass: ['MSFT', 'PXE'] }, pxe)).toBe(true);
    expect(has({ vendorClass: 'PXEClient' })).toBe(false);
    expect(has({ userClass: 'iPXE' }, ipxe)).toBe(true);
    expect(has({ userClass: 'iPX' }, ipxe)).toBe(false);
    expect(has({ kind: 'bios' }, pxe, rawOption(93, address(0, 0)))).toBe(true);
    expect(has({ kind: ['ipxe', 'uefi-x64'] }, pxe, rawOption(93, address(0, 0)))).toBe(false);
    expect(has({ mac: '52-54-00' })).toBe(true);
    expect(has({ mac: '52:54:01' })).toBe(false);
    expect(has({ relay: '192.168.7.254' })).toBe(true);
    expect(has({ relay: '192.168.7.25' })).toBe(false);
    expect(has({ circuitId: '0x0A0b' }, circuit)).toBe(true);
    expect(has({ circuitId: '\n\u000b' }, circuit)).toBe(true);
    expect(has({ circuitId: '0x0a' }, circuit)).toBe(false);
    expect(has({ vendorClass: 'PXEClient', mac: '52:54:00' }, pxe)).toBe(true);
    expect(has({ vendorClass: 'PXEClient', mac: 'aa' }, pxe)).toBe(false);
    expect(has({})).toBe(true);
  });
});
