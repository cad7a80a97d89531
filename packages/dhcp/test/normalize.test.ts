import {
  createMessage,
  decode,
  discover,
  encodeNormalized,
  formatHex,
  get,
  maxSizeFor,
  type Option,
  option,
  rawOption,
} from '@pxekit/dhcp';
import { describe, expect, test } from 'vitest';

const filled = (code: number, size: number): Option => rawOption(code, new Uint8Array(size).fill(code));
const reply = (options: Option[], more = {}) => ({ ...createMessage({ op: 2, chaddr: '52:54:00:77:00:01', ...more }), options });
const layout = (bytes: Uint8Array) => decode(bytes).message.options.map(({ code, region, data }) => `${code}/${region}/${data.length}`);
const code = (action: () => unknown) => {
  try {
    action();
  } catch (error) {
    return (error as { code?: string }).code;
  }
  return 'written';
};

test('53 comes first, 82 last and as it was, parts are joined, and the message has 300 octets', () => {
  const bytes = encodeNormalized(
    reply([rawOption(82, Uint8Array.of(1, 1, 9)), filled(12, 3), option('messageType', 2), filled(12, 2), rawOption(52, Uint8Array.of(3))]),
  );
  expect(layout(bytes)).toEqual(['53/options/1', '12/options/5', '82/options/3']);
  expect(bytes.length).toBe(300);
  expect(decode(bytes, { strict: true }).issues).toEqual([]);
});

test('options that do not fit go to file, then sname, with option 52 to say so; 82 stays', () => {
  const bytes = encodeNormalized(
    reply([option('messageType', 2), filled(224, 250), filled(225, 100), filled(226, 50), rawOption(82, new Uint8Array(20))]),
  );
  expect(layout(bytes)).toEqual(['53/options/1', '52/options/1', '224/options/250', '82/options/20', '225/file/100', '226/sname/50']);
  expect(get(decode(bytes).message, 'overload')).toBe(3);
  expect(bytes.length).toBeLessThanOrEqual(548);
  expect(decode(bytes).issues).toEqual([]);
});

test('a field that holds a name is not given to options', () => {
  const options = [option('messageType', 2), filled(224, 250), filled(225, 52)];
  expect(layout(encodeNormalized(reply(options, { file: 'pxelinux.0' })))).toContain('225/sname/52');
  expect(code(() => encodeNormalized(reply(options, { file: 'pxelinux.0', sname: 'boot' })))).toBe('DHCP_TOO_LARGE');
  expect(code(() => encodeNormalized(reply(options), { overload: false }))).toBe('DHCP_TOO_LARGE');
});

test('a long option is split over the boundary and reads back whole', () => {
  const bytes = encodeNormalized(reply([option('messageType', 2), filled(224, 400)]));
  expect(layout(bytes).slice(2)).toEqual(['224/options/255', '224/options/42', '224/file/103']);
  const { message } = decode(bytes);
  expect(message.options.filter(({ code: number }) => number === 224).reduce((sum, { data }) => sum + data.length, 0)).toBe(400);
});

test('what does not fit is refused, or dropped least wanted first when someone takes it', () => {
  const options = [
    option('messageType', 2),
    option('leaseTime', 60),
    filled(224, 200),
    filled(225, 200),
    filled(226, 100),
    filled(227, 50),
  ];
  expect(code(() => encodeNormalized(reply(options)))).toBe('DHCP_TOO_LARGE');
  const dropped: number[] = [];
  const bytes = encodeNormalized(reply(options), { wanted: [227, 224], drop: (left) => dropped.push(left.code) });
  expect(dropped).toEqual([226]);
  expect([...new Set(decode(bytes).message.options.map((entry) => entry.code))].sort()).toEqual([224, 225, 227, 51, 52, 53]);
  expect(code(() => encodeNormalized(reply([option('messageType', 2), filled(82, 900)]), { drop: () => undefined }))).toBe(
    'DHCP_TOO_LARGE',
  );
});

test('BOOTP has 64 octets of vendor area and no DHCP options', () => {
  const options = [option('subnetMask', '255.255.255.0'), option('leaseTime', 60), option('serverIdentifier', '10.0.0.1')];
  const bytes = encodeNormalized(reply(options), { maxSize: 1400 });
  expect(layout(bytes)).toEqual(['1/options/4']);
  expect(bytes.length).toBe(300);
  expect(code(() => encodeNormalized(reply([filled(12, 58)])))).toBe('DHCP_TOO_LARGE');
  expect(code(() => encodeNormalized(reply([filled(12, 57)])))).toBe('written');
});

test('option 43 of PXE ends with 255', () => {
  const area = (vendorClass: string, hex: number[]) => {
    const options = [option('messageType', 2), option('vendorClassIdentifier', vendorClass), rawOption(43, Uint8Array.from(hex))];
    return formatHex(decode(encodeNormalized(reply(options))).message.options[2]!.data);
  };
  expect(area('PXEClient', [6, 1, 8])).toBe('060108ff');
  expect(area('PXEClient', [6, 1, 8, 255])).toBe('060108ff');
  expect(area('PXEClient', [6, 9, 8])).toBe('060908');
  expect(area('acme', [6, 1, 8])).toBe('060108');
});

describe('the size a client takes', () => {
  const of = (maxMessageSize?: number) =>
    maxSizeFor(discover({ xid: 1, chaddr: '02:00:00:00:00:01', options: maxMessageSize === undefined ? {} : { maxMessageSize } }));
  test.each([
    [undefined, 548],
    [300, 548],
    [576, 548],
    [1024, 996],
    [1500, 1472],
    [65280, 1472],
  ])('option 57 of %s gives %i octets', (said, size) => {
    expect(of(said)).toBe(size);
  });
});
