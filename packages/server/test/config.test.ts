import { ConfigError, checkReferences, configJsonSchema, loadConfig, parseConfig } from '@pxekit/server';
import { describe, expect, it } from 'vitest';
import { folderOf } from './site-of.js';

function findings(text: string) {
  const parsed = parseConfig(text);
  return [...parsed.diagnostics, ...checkReferences(parsed)].map(({ code, message, range }) => ({
    code,
    message,
    at: `${range.start.line}:${range.start.column}`,
  }));
}

describe('parseConfig', () => {
  it('fills in the defaults', () => {
    const { config } = parseConfig('address: 10.77.0.1/24\n');
    expect(config).toMatchObject({
      dhcp: { port: 67, leaseTime: 43_200 },
      tftp: { port: 69 },
      http: { port: 80 },
      ftp: false,
      install: 'once',
    });
  });

  it('reads times with units and single values in place of lists', () => {
    const { config } = parseConfig('dhcp: { leaseTime: 10m, subnets: [{ subnet: 10.0.0.0/24, routers: 10.0.0.1 }] }');
    expect(config?.dhcp).toMatchObject({ leaseTime: 600, subnets: [{ routers: ['10.0.0.1'] }] });
  });

  it.each([
    ['- a\n', 'The file: Expected keys with values, found a list'],
    ['machines: 3\n', 'machines: Expected a list, found a number'],
    ['events: [x]\n', 'events: Expected text, found a list'],
    ['install: twice\n', 'install: Expected one of "once"|"always"|"manual"'],
  ])('says in words what %j should be', (text, message) => {
    expect(findings(text).map((each) => each.message)).toEqual([message]);
  });

  it('brings hardware addresses into one form', () => {
    const { config } = parseConfig('machines: [{ name: a, mac: 52-54-00-AB-CD-EF }, { name: b, mac: [5254.00ab.cdf0] }]');
    expect(config?.machines.map(({ mac }) => mac)).toEqual([['52:54:00:ab:cd:ef'], ['52:54:00:ab:cd:f0']]);
  });

  it('names an unknown key with its place and the nearest one', () => {
    expect(findings('adress: 10.0.0.1/24\ndhcp:\n  subnets:\n    - subnet: 10.0.0.0/24\n      pols: []\n')).toEqual([
      { code: 'config/unknown-key', message: 'Unknown key "adress"; did you mean "address"?', at: '1:1' },
      { code: 'config/unknown-key', message: 'Unknown key "pols" in dhcp.subnets[0]; did you mean "pools"?', at: '5:7' },
    ]);
  });

  it('points at values of the wrong form', () => {
    expect(findings('dhcp:\n  subnets:\n    - subnet: 10.0.0.0\n      routers: 10.0.0.300\n')).toEqual([
      {
        code: 'config/invalid-value',
        message: 'dhcp.subnets[0].subnet: Expected an address with a prefix length such as 10.77.0.0/24',
        at: '3:15',
      },
      { code: 'config/invalid-value', message: 'dhcp.subnets[0].routers: Expected an IPv4 address such as 10.77.0.1', at: '4:16' },
    ]);
  });

  it('names a key that is missing', () => {
    expect(findings('images:\n  demo: { kernel: vmlinuz }\n')).toEqual([
      { code: 'config/missing-key', message: '"folder" is missing in images.demo', at: '2:3' },
    ]);
  });

  it('reports text that is not YAML with its place', () => {
    expect(findings('dhcp: [\n')[0]).toMatchObject({ code: 'config/syntax' });
  });

  it('reports a key given twice', () => {
    expect(findings('http: false\nhttp: false\n')[0]).toMatchObject({ code: 'config/syntax', at: '2:1' });
  });
});

describe('checkReferences', () => {
  it('finds names that do not exist, with the nearest one', () => {
    const text =
      'images: { rocky9: { folder: x } }\nprofiles: { web: { image: rocky8 } }\nmachines: [{ name: a, mac: 52:54:00:00:00:01, profile: wep }]\n';
    expect(findings(text)).toEqual([
      { code: 'config/unknown-reference', message: 'There is no image "rocky8"; did you mean "rocky9"?', at: '2:27' },
      { code: 'config/unknown-reference', message: 'There is no profile "wep"; did you mean "web"?', at: '3:56' },
    ]);
  });

  it('finds two machines with one hardware address', () => {
    expect(findings('machines:\n  - { name: a, mac: 52:54:00:00:00:01 }\n  - { name: b, mac: 52:54:00:00:00:01 }\n')).toEqual([
      { code: 'config/duplicate', message: 'hardware address 52:54:00:00:00:01 is also that of machine "a"', at: '3:21' },
    ]);
  });

  it('finds pools, routers and reservations that do not fit', () => {
    const text = `address: 10.0.0.5/24
dhcp:
  subnets:
    - { subnet: 10.0.0.0/24, pools: [10.0.1.10-10.0.1.20, 10.0.0.1-10.0.0.9], routers: [10.0.0.1] }
machines: [{ name: a, mac: 52:54:00:00:00:01, address: 192.168.1.1 }]
`;
    expect(findings(text).map(({ message }) => message)).toEqual([
      'Pool 10.0.1.10-10.0.1.20 lies outside 10.0.0.0/24',
      "Pool 10.0.0.1-10.0.0.9 holds the server's own address 10.0.0.5; it is never lent",
      'Pool 10.0.0.1-10.0.0.9 holds the router 10.0.0.1, so a client could be given its address',
      '192.168.1.1 of machine "a" lies in none of the subnets',
    ]);
  });

  it('finds a boot server in another subnet', () => {
    expect(findings('dhcp: { subnets: [{ subnet: 10.0.0.0/24, nextServer: 10.1.1.1 }] }\n')[0]).toMatchObject({
      code: 'config/next-server',
    });
  });
});

describe('loadConfig', () => {
  it('shows each error with the lines around it', () => {
    const folder = folderOf({ 'pxekit.yaml': 'http: { prt: 80 }\n' });
    const load = () => loadConfig(`${folder}/pxekit.yaml`);
    expect(load).toThrow(ConfigError);
    expect(load).toThrow(/Unknown key "prt" in http; did you mean "port"\?[\s\S]*pxekit.yaml:1:9[\s\S]*\^\^\^/);
  });

  it('says what to do when there is no file', () => {
    expect(() => loadConfig('/nowhere/pxekit.yaml')).toThrow(expect.objectContaining({ code: 'SERVER_CONFIG_MISSING' }));
  });
});

describe('configJsonSchema', () => {
  it('describes every key for editors', () => {
    const schema = configJsonSchema() as { properties: Record<string, unknown>; additionalProperties: boolean };
    expect(schema.additionalProperties).toBe(false);
    expect(Object.keys(schema.properties)).toEqual(expect.arrayContaining(['dhcp', 'tftp', 'http', 'images', 'profiles', 'machines']));
  });
});
