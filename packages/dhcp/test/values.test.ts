import {
  check,
  createMessage,
  decode,
  encode,
  findSubOption,
  get,
  getBytes,
  has,
  option,
  optionSpec,
  rawOption,
  readOptions,
  STANDARD,
  space,
  u8,
  vendorSpecific,
  withOptions,
  withoutOptions,
} from '@pxekit/dhcp';
import { describe, expect, test } from 'vitest';

const text = (value: string) => new TextEncoder().encode(value);

describe('long and repeated options (RFC 3396)', () => {
  test('parts are joined before they are read, in the order of the regions', () => {
    const message = {
      ...createMessage(),
      options: [
        { code: 119, region: 'options' as const, data: Uint8Array.of(3, 97, 98) },
        option('overload', 3),
        { code: 119, region: 'file' as const, data: Uint8Array.of(99, 0, 1) },
        { code: 119, region: 'sname' as const, data: Uint8Array.of(100, 0xc0, 0) },
      ],
    };
    const decoded = decode(encode(message)).message;
    expect(get(decoded, 'domainSearch')).toEqual(['abc', 'd.abc']);
    expect(readOptions(decoded)).toEqual([['abc', 'd.abc'], 3, undefined, undefined]);
  });

  test('a value of more than 255 octets is written in parts and read whole', () => {
    const long = 'x'.repeat(600);
    const decoded = decode(encode(createMessage({ options: { rootPath: long } }))).message;
    expect(decoded.options.map(({ data }) => data.length)).toEqual([255, 255, 90]);
    expect(get(decoded, 'rootPath')).toBe(long);
  });

  test('an option of fixed size that is repeated whole counts once', () => {
    const message = createMessage({ options: [option('leaseTime', 60), option('leaseTime', 60)] });
    expect(get(message, 'leaseTime')).toBe(60);
    expect(check(message)).toEqual([]);
    expect(readOptions(message)).toEqual([60, 60]);
  });

  test('lists of several options are joined', () => {
    const message = createMessage({ options: [option('routers', ['10.0.0.1']), option('routers', ['10.0.0.2'])] });
    expect(get(message, 'routers')).toEqual(['10.0.0.1', '10.0.0.2']);
  });
});

describe('values that are not as they should be', () => {
  test('a value that cannot be read is undefined, and check says where the octets end', () => {
    const message = decode(encode(createMessage({ options: [rawOption(1, Uint8Array.of(255, 255))] }))).message;
    expect(get(message, 'subnetMask')).toBeUndefined();
    expect(check(message)).toEqual([
      { code: 'DHCP_VALUE_SHORT', message: 'Option 1 (subnetMask): 4 more octets expected, 2 found.', offset: 242 },
    ]);
  });

  test('a list keeps what was whole', () => {
    const message = createMessage({ options: [rawOption(3, Uint8Array.of(10, 0, 0, 1, 10))] });
    expect(get(message, 'routers')).toEqual(['10.0.0.1']);
    expect(check(message)).toMatchObject([{ code: 'DHCP_VALUE_SHORT' }]);
  });

  test('octets after a value are told and let be', () => {
    const message = createMessage({ options: [rawOption(53, Uint8Array.of(1, 0))] });
    expect(get(message, 'messageType')).toBe(1);
    expect(check(message)).toMatchObject([{ code: 'DHCP_VALUE_TRAILING' }]);
  });

  test('trailing NULs of text are stripped (RFC 2132, section 2)', () => {
    expect(get(createMessage({ options: [rawOption(67, text('pxelinux.0\0'))] }), 'bootfileName')).toBe('pxelinux.0');
  });

  test('the offset of an issue in a joined value is that of its octet', () => {
    const options = [rawOption(119, Uint8Array.of(1)), option('hostName', 'x'), rawOption(119, Uint8Array.of(97, 70))];
    const issues = check(decode(encode(createMessage({ options }))).message);
    expect(issues).toMatchObject([{ code: 'DHCP_NAME_INVALID', offset: 240 + 3 + 3 + 2 + 1 }]);
  });
});

describe('option 43', () => {
  const octets = Uint8Array.of(6, 1, 8, 255);

  test('is PXE by option 60', () => {
    const message = createMessage({ options: [option('vendorClassIdentifier', 'PXEClient'), rawOption(43, octets)] });
    expect(get(message, 'vendorSpecific')).toEqual({ space: 'PXE', options: [{ code: 6, name: 'discoveryControl', value: 8 }] });
  });

  test('of another vendor is not taken for PXE', () => {
    const message = createMessage({ options: [option('vendorClassIdentifier', 'MSFT 5.0'), rawOption(43, octets)] });
    expect(get(message, 'vendorSpecific')).toEqual({ space: undefined, options: [{ code: 6, name: undefined, value: Uint8Array.of(8) }] });
  });

  test('that is cut short gives what is there', () => {
    const message = createMessage({
      options: [option('vendorClassIdentifier', 'PXEClient'), rawOption(43, Uint8Array.of(6, 1, 8, 9, 200, 0))],
    });
    expect(get(message, 'vendorSpecific')).toEqual({
      space: 'PXE',
      options: [
        { code: 6, name: 'discoveryControl', value: 8 },
        { code: 9, name: undefined, value: Uint8Array.of(0) },
      ],
    });
    expect(check(message)).toMatchObject([{ code: 'DHCP_SUBOPTION_TRUNCATED' }]);
  });

  test('carries the PXELINUX options too', () => {
    const options = { pxelinuxConfigFile: 'cfg', pxelinuxPathPrefix: '/', pxelinuxRebootTime: 5, pxelinuxMagic: 'f100747e' };
    const message = createMessage({ options: { vendorSpecific: { space: 'PXE', options } } });
    const vendor = get(message, 'vendorSpecific');
    expect(vendor).toMatchObject({ space: 'PXE', options: [{ value: 'cfg' }, { value: '/' }, { value: 5 }, { code: 208 }] });
  });

  test('of a vendor that the user adds', () => {
    const ubnt = { space: space('ubnt', { controller: optionSpec(1, u8, 'Controller') }), matches: (name?: string) => name === 'ubnt' };
    const registry = STANDARD.extend({ vendorSpecific: optionSpec(43, vendorSpecific(ubnt), 'Vendor') });
    const message = withOptions(
      createMessage({ options: { vendorClassIdentifier: 'ubnt' } }),
      { vendorSpecific: { space: 'ubnt', options: { controller: 7 } } },
      registry,
    );
    const vendor = get(message, 'vendorSpecific', registry);
    expect(vendor instanceof Uint8Array || vendor?.space !== 'ubnt' ? undefined : findSubOption(vendor.options, 'controller')).toBe(7);
  });
});

test('writing refuses what would not read back', () => {
  const refused = (key: string, value: unknown) => {
    try {
      option(key as 'routers', value as never);
    } catch (error) {
      return (error as { code?: string }).code;
    }
    return 'written';
  };
  const cases: [string, unknown][] = [
    ['subnetMask', '255.255.255'],
    ['subnetMask', '255.255.255.256'],
    ['subnetMask', '010.0.0.1'],
    ['routers', []],
    ['routers', '10.0.0.1'],
    ['leaseTime', -1],
    ['leaseTime', 1.5],
    ['leaseTime', 2 ** 32],
    ['messageType', 0],
    ['hostName', 'x\0'],
    ['ipForwarding', 1],
    ['rapidCommit', false],
    ['domainSearch', []],
    ['domainSearch', ['a..b']],
    ['domainSearch', [`${'a'.repeat(64)}.org`]],
    ['domainSearch', [Array(130).fill('a').join('.')]],
    ['classlessStaticRoutes', [{ destination: '10.0.0.1/8', router: '10.0.0.1' }]],
    ['classlessStaticRoutes', [{ destination: '10.0.0.0/33', router: '10.0.0.1' }]],
    ['clientMachineId', { type: 0, id: '00' }],
    ['clientMachineId', { type: 0 }],
    ['clientFqdn', { flags: 9, rcode1: 0, rcode2: 0, name: 'x' }],
    ['authentication', { protocol: 1, algorithm: 1, replayMethod: 0, replayDetection: 1, information: '' }],
    ['dhcp4o6SoftwireSourceAddress', '1:2:3'],
    ['vendorSpecific', { space: 'acme', options: {} }],
    ['vendorSpecific', { space: 'PXE', options: { nonsense: 1 } }],
    ['ipxe', [{ code: 255, value: '' }]],
    ['userClass', []],
    ['timeOffset', 2 ** 31],
    ['geoconf', { latitude: 1000 }],
    ['sipServers', { encoding: 2 }],
  ];
  expect(cases.filter(([key, value]) => refused(key, value) !== 'DHCP_ENCODE_VALUE')).toEqual([]);
});

test('options are set, replaced where they stand, and taken away', () => {
  const message = createMessage({ options: { messageType: 1, hostName: 'a', rootPath: '/' } });
  const changed = withOptions(message, { hostName: 'b', domainName: 'c' });
  expect(changed.options.map(({ code }) => code)).toEqual([53, 12, 17, 15]);
  expect(get(changed, 'hostName')).toBe('b');
  expect(get(message, 'hostName')).toBe('a');
  const without = withoutOptions(changed, 'hostName', 17);
  expect(without.options.map(({ code }) => code)).toEqual([53, 15]);
  expect([has(without, 'rootPath'), has(without, 53), getBytes(without, 15)]).toEqual([false, true, text('c')]);
});
