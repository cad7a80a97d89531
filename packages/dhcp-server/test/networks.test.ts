import { createMessage, rawOption } from '@pxekit/dhcp';
import { type DhcpConfig, DhcpServerError, plan } from '@pxekit/dhcp-server';
import { describe, expect, test } from 'vitest';
import { basic, discover, get, Lab, mac, request, rules, SERVER, typeOf } from './support.js';

const xid = 5;
const ask = (config: DhcpConfig, n = 1, options: object = {}) => new Lab(config).ask(discover({ xid, chaddr: mac(n), options }));

describe('pools', () => {
  test('exclusions, network and broadcast address are never given', () => {
    const lab = new Lab(basic({}, { subnet: '192.168.7.0/29', pools: ['192.168.7.0/29'], exclude: ['192.168.7.2-192.168.7.4'] }));
    const given = [1, 2, 3, 4].map((n) => lab.ask(discover({ xid, chaddr: mac(n) })).reply?.message.yiaddr);
    expect(new Set(given.slice(0, 3))).toEqual(new Set(['192.168.7.1', '192.168.7.5', '192.168.7.6']));
  });

  test('are chosen by class', () => {
    const config = basic(
      { classes: [{ name: 'pxe', match: { vendorClass: 'PXEClient' }, options: { domainName: 'boot.example' } }] },
      {
        pools: [
          { range: '192.168.7.10-192.168.7.19', classes: ['pxe'] },
          { range: '192.168.7.20-192.168.7.29', denyClasses: ['pxe'] },
        ],
      },
    );
    const pxe = ask(config, 1, { vendorClassIdentifier: 'PXEClient', parameterRequestList: [15] }).reply!.message;
    expect(pxe.yiaddr).toMatch(/\.1\d$/);
    expect(get(pxe, 'domainName')).toBe('boot.example');
    expect(ask(config).reply!.message.yiaddr).toMatch(/\.2\d$/);
  });

  test('are chosen by whether the client is known, and unknown clients can be refused', () => {
    const config = basic(
      { reservations: [{ mac: mac(1) }] },
      {
        pools: [
          { range: '192.168.7.10-192.168.7.19', clients: 'known' },
          { range: '192.168.7.20-192.168.7.29', clients: 'unknown' },
        ],
      },
    );
    expect(ask(config, 1).reply!.message.yiaddr).toMatch(/\.1\d$/);
    expect(ask(config, 2).reply!.message.yiaddr).toMatch(/\.2\d$/);
    expect(ask({ ...config, unknownClients: 'deny' }, 2).drop).toBe('unknown-client');
    expect(ask({ ...config, unknownClients: 'deny' }, 1).reply).toBeDefined();
  });

  test('of all subnets of a shared network are used', () => {
    const config: DhcpConfig = {
      subnets: [
        { subnet: '192.168.7.0/24', sharedNetwork: 'lan', pools: ['192.168.7.100'] },
        { subnet: '192.168.8.0/24', sharedNetwork: 'lan', pools: ['192.168.8.100'], options: { routers: ['192.168.8.1'] } },
      ],
    };
    const lab = new Lab(config);
    expect([lab.lease(1).yiaddr, lab.lease(2).yiaddr]).toEqual(['192.168.7.100', '192.168.8.100']);
    const second = lab.ask(discover({ xid, chaddr: mac(2) })).reply!.message;
    expect(get(second, 'routers')).toEqual(['192.168.8.1']);
  });
});

describe('reservations', () => {
  test('are found by client identifier, UUID, circuit and remote identifier', () => {
    const reserve = (mark: object) => basic({ reservations: [{ ...mark, address: '192.168.7.50' }] });
    const found = (config: DhcpConfig, ...options: ReturnType<typeof rawOption>[]) => {
      const asking = discover({ xid, chaddr: mac(1) });
      asking.options.push(...options);
      return new Lab(config).ask(asking).reply!.message.yiaddr;
    };
    expect(found(reserve({ clientId: '01:02:ff' }), rawOption(61, Uint8Array.of(1, 2, 255)))).toBe('192.168.7.50');
    const uuid = Uint8Array.from({ length: 16 }, (_, n) => n);
    expect(found(reserve({ uuid: '00010203-0405-0607-0809-0a0b0c0d0e0f' }), rawOption(97, Uint8Array.of(0, ...uuid)))).toBe('192.168.7.50');
    const circuit = rawOption(82, Uint8Array.of(1, 4, ...Buffer.from('eth1'), 2, 1, 0xfe));
    expect(found(reserve({ circuitId: 'eth1' }), circuit)).toBe('192.168.7.50');
    expect(found(reserve({ remoteId: '0xfe' }), circuit)).toBe('192.168.7.50');
  });

  test('of one machine in two networks give each its address', () => {
    const config: DhcpConfig = {
      subnets: [{ subnet: '10.1.0.0/24' }, { subnet: '10.2.0.0/24' }],
      reservations: [
        { mac: mac(1), address: '10.1.0.5' },
        { mac: mac(1), address: '10.2.0.5' },
      ],
    };
    const at = (giaddr: string) => new Lab(config).ask(discover({ xid, chaddr: mac(1), giaddr })).reply!.message.yiaddr;
    expect([at('10.1.0.1'), at('10.2.0.1')]).toEqual(['10.1.0.5', '10.2.0.5']);
  });

  test('of an ignored machine mean silence', () => {
    expect(ask(basic({ reservations: [{ mac: mac(1), ignore: true }] })).drop).toBe('ignored');
    expect(
      ask(basic({ classes: [{ name: 'ms', match: { vendorClass: 'MSFT' }, ignore: true }] }), 1, { vendorClassIdentifier: 'MSFT 5.0' })
        .drop,
    ).toBe('ignored');
  });

  test('are nobody else’s, also on request', () => {
    const lab = new Lab(basic({ reservations: [{ mac: mac(1), address: '192.168.7.150' }] }));
    const wish = createMessage({
      xid,
      chaddr: mac(2),
      options: { messageType: 3, serverIdentifier: SERVER, requestedAddress: '192.168.7.150' },
    });
    expect(typeOf(lab.ask(wish))).toBe(6);
  });

  test('win over class, pool, subnet and the whole in option values', () => {
    const value = (domainName: string) => ({ options: { domainName } });
    const config = basic(
      {
        ...value('whole'),
        classes: [{ name: 'all', match: () => true, ...value('class') }],
        reservations: [{ mac: mac(1), ...value('host') }],
      },
      { ...value('subnet'), pools: [{ range: '192.168.7.100-192.168.7.200', ...value('pool') }] },
    );
    const name = (to: DhcpConfig, n: number) => get(ask(to, n, { parameterRequestList: [15] }).reply!.message, 'domainName');
    expect(name(config, 1)).toBe('host');
    expect(name(config, 2)).toBe('class');
    expect(name({ ...config, classes: [] }, 2)).toBe('pool');
  });
});

describe('limits', () => {
  test('a source that brings too many new clients is not answered; known clients go on', () => {
    const lab = new Lab();
    const ack = lab.lease(1);
    lab.context.admits = () => false;
    expect(lab.ask(discover({ xid, chaddr: mac(2) })).drop).toBe('rate');
    expect(lab.ask(discover({ xid, chaddr: mac(1) })).reply!.message.yiaddr).toBe(ack.yiaddr);
  });

  test('offers are forgotten oldest first, and an offer that was forgotten can still be taken', () => {
    const lab = new Lab(basic({ limits: { offers: 10 } }));
    const first = lab.ask(discover({ xid, chaddr: mac(1) })).reply!.message;
    for (let n = 2; n < 100; n++) lab.ask(discover({ xid, chaddr: mac(n) }));
    expect(lab.book.offers).toBe(10);
    expect(typeOf(lab.ask(request(first)))).toBe(5);
  });
});

describe('leasequery (RFC 4388)', () => {
  const config = basic({ leasequery: ['192.168.7.0/24'] });
  const query = (lab: Lab, header: object, options: object = {}) =>
    lab.ask(createMessage({ xid, hlen: 0, giaddr: '192.168.7.254', ...header, options: { messageType: 10, ...options } }));

  test('finds a lease by address, hardware address and client identifier', () => {
    const lab = new Lab(config);
    const id = rawOption(61, Uint8Array.of(255, 1, 2));
    const ack = lab.lease(1, [id]);
    lab.now += 600_000;
    const asking = createMessage({ xid, giaddr: '192.168.7.254', options: { messageType: 10 } });
    for (const outcome of [
      query(lab, { ciaddr: ack.yiaddr }),
      query(lab, { chaddr: mac(1), hlen: 6 }),
      lab.ask({ ...asking, options: [...asking.options, id] }),
    ]) {
      const { message } = outcome.reply!;
      expect(get(message, 'messageType')).toBe(13);
      expect([message.ciaddr, message.chaddr]).toEqual([ack.yiaddr, mac(1)]);
      expect(get(message, 'leaseTime')).toBe(3000);
      expect(get(message, 'clientLastTransactionTime')).toBe(600);
    }
  });

  test('says unassigned of a free address of its own, unknown of everything else', () => {
    const lab = new Lab(config);
    expect(typeOf(query(lab, { ciaddr: '192.168.7.150' }))).toBe(11);
    expect(typeOf(query(lab, { ciaddr: '10.0.0.1' }))).toBe(12);
    expect(typeOf(query(lab, { chaddr: mac(77), hlen: 6 }))).toBe(12);
  });

  test('answers nobody who is not listed', () => {
    expect(query(new Lab(basic()), { ciaddr: '192.168.7.150' }).drop).toBe('leasequery-refused');
    expect(query(new Lab(config), { ciaddr: '192.168.7.150', giaddr: '10.0.0.1' }).drop).toBe('leasequery-refused');
  });
});

test('every decision names its rules', () => {
  expect(rules(ask(basic({ reservations: [{ mac: mac(1), address: '192.168.7.50' }] })))).toEqual([
    'request',
    'subnet/local',
    'host',
    'address/reserved',
  ]);
});

describe('a wrong configuration names its field', () => {
  const cases: [string, DhcpConfig][] = [
    ['subnets', { subnets: [] }],
    ['subnets[0].subnet', { subnets: [{ subnet: '192.168.7.1/24' }] }],
    ['subnets[1].subnet', { subnets: [{ subnet: '10.0.0.0/8' }, { subnet: '10.1.0.0/16' }] }],
    ['subnets[0].pools[0].range', basic({}, { pools: ['192.168.8.1-192.168.8.9'] })],
    ['subnets[0].pools[1].range', basic({}, { pools: ['192.168.7.1-192.168.7.9', '192.168.7.9-192.168.7.12'] })],
    ['subnets[0].options.routers', basic({}, { options: { routers: ['nowhere'] } })],
    ['options.noSuchOption', basic({ options: { noSuchOption: 1 } as never })],
    ['reservations[0]', basic({ reservations: [{ address: '192.168.7.5' }] })],
    ['reservations[0].mac', basic({ reservations: [{ mac: 'xyz' }] })],
    ['reservations[1].address', basic({ reservations: [1, 2].map((n) => ({ mac: mac(n), address: '192.168.7.5' })) })],
    ['reservations', basic({ reservations: [{ mac: mac(1), address: '10.0.0.5' }] })],
    ['leasequery', basic({ leasequery: ['somewhere'] })],
    ['offerTime', basic({ offerTime: 0 })],
    ['identity', basic({ identity: 'serial' as never })],
    ['bootp', basic({ bootp: 'yes' as never })],
    ['bootFields', basic({ bootFields: 'all' as never })],
    ['nulTerminate', basic({ nulTerminate: 'always' as never })],
    ['unknownClients', basic({ unknownClients: 'ask' as never })],
    ['subnets[0].unknownClients', basic({}, { unknownClients: 'ask' as never })],
    ['subnets[0].mode', basic({}, { mode: 'relay' as never })],
    ['subnets[0].pools[0].classes', basic({}, { pools: [{ range: '192.168.7.9', classes: ['pxee'] }] })],
    ['subnets[0].pools[0].denyClasses', basic({}, { pools: [{ range: '192.168.7.9', denyClasses: ['pxee'] }] })],
    ['reservations[0].classes', basic({ reservations: [{ mac: mac(1), classes: ['pxee'] }] })],
    ['classes[0].match', basic({ classes: [{ name: 'pxe' } as never] })],
    ['limits.newLeasesPerSecond', basic({ limits: { newLeasesPerSecond: 0 } })],
    ['limits.newLeasesBurst', basic({ limits: { newLeasesBurst: Number.NaN } })],
    ['limits.offers', basic({ limits: { offers: 0 } })],
    ['limits.waiting', basic({ limits: { waiting: 1.5 } })],
    ['leaseTime', basic({ leaseTime: { default: 600, max: 300 } })],
    ['subnets[0].leaseTime', basic({}, { leaseTime: -1 })],
    ['subnets[0].exclude', basic({}, { exclude: ['192.168.7.999'] })],
    ['subnets[0].relays', basic({}, { relays: ['relay.example'] })],
    ['subnets[1].relays', { subnets: [1, 2].map((n) => ({ subnet: `10.${n}.0.0/16`, pools: [`10.${n}.0.1`], relays: ['172.16.0.1'] })) }],
    ['advertise', basic({ advertise: 'boot.example' })],
    ['reservations[0].uuid', basic({ reservations: [{ uuid: '0102' }] })],
    ['subnets[0].reservations[0].address', basic({}, { reservations: [{ mac: mac(1), address: 'x' }] })],
    ['boot.bios.menu', basic({ boot: { bios: { menu: { items: [1, 2, 3].map((n) => ({ label: `${n}`.repeat(90), filename: 'x' })) } } } })],
    ['boot.bios.menu.items[0].type', basic({ boot: { bios: { menu: { items: [{ label: 'x', type: 70_000 }] } } } })],
    ['boot.bios.menu.items[0].servers', basic({ boot: { bios: { menu: { items: [{ label: 'x', filename: 'x', servers: ['y'] }] } } } })],
    ['boot.bios.nextServer', basic({ boot: { bios: { nextServer: 'boot.example' } } })],
    ['subnets[0].nextServer', basic({}, { nextServer: 'boot.example' })],
    ['subnets[0].boot.ipxe.options.domainName', basic({}, { boot: { ipxe: { options: { domainName: 7 as never } } } })],
  ];
  for (const [field, config] of cases)
    test(field, () => {
      expect(() => plan(config)).toThrow(DhcpServerError);
      try {
        plan(config);
      } catch (error) {
        expect((error as DhcpServerError).code).toBe('DHCP_SERVER_CONFIG');
        expect((error as Error).message.startsWith(`${field}: `)).toBe(true);
      }
    });
});
