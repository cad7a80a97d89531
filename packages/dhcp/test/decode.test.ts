import { decode, discover, encode, get, parseHex } from '@pxekit/dhcp';
import { describe, expect, test } from 'vitest';
import { HEADER, HEADER_SIZE, readHeader } from '../src/header.js';

const base = () => encode(discover({ xid: 0x01020304, chaddr: '52:54:00:77:00:01' }));
const codes = (bytes: Uint8Array) => decode(bytes).issues.map(({ code, offset }) => `${code}@${offset}`);
const thrown = (action: () => unknown) => {
  try {
    action();
  } catch (error) {
    return error;
  }
  return undefined;
};

function withArea(...area: number[]): Uint8Array {
  const bytes = new Uint8Array(300);
  bytes.set(base().subarray(0, 240));
  bytes.set(area, 240);
  return bytes;
}

test('the header is read as its layout says', () => {
  const bytes = Uint8Array.from({ length: HEADER_SIZE }, (_, at) => (at * 7 + 1) & 255);
  bytes[2] = 16;
  const slow = HEADER.decode(Buffer.from(bytes)) as Record<string, number & Uint8Array>;
  const fast = readHeader(bytes, [], { bytes, count: 0, overload: 0, cookie: false });
  for (const field of ['op', 'htype', 'hlen', 'hops', 'xid', 'secs', 'flags'] as const) expect(fast[field]).toBe(slow[field]);
  for (const field of ['ciaddr', 'yiaddr', 'siaddr', 'giaddr'] as const) expect(fast[field]).toBe([...slow[field]!].join('.'));
  expect(fast.chaddr.replaceAll(':', '')).toBe(Buffer.from(slow.chaddr!).toString('hex'));
  expect(HEADER.span).toBe(236);
});

test('fewer than 236 octets are no message', () => {
  expect(thrown(() => decode(new Uint8Array(235)))).toMatchObject({ code: 'DHCP_NOT_BOOTP', offset: 235 });
  expect(decode(new Uint8Array(236)).message.options).toEqual([]);
});

describe('issues', () => {
  test.each([
    ['a clean message', base(), []],
    ['an unknown operation', Uint8Array.from(base(), (octet, at) => (at === 0 ? 9 : octet)), ['DHCP_OP_UNKNOWN@0']],
    ['an address that does not fit', Uint8Array.from(base(), (octet, at) => (at === 2 ? 17 : octet)), ['DHCP_HLEN_TOO_LONG@2']],
    ['no cookie', base().fill(0, 236, 240), ['DHCP_COOKIE_MISSING@236']],
    ['no room for a cookie', base().subarray(0, 238), ['DHCP_COOKIE_MISSING@236']],
    ['no End', base().subarray(0, 243), ['DHCP_END_MISSING@243']],
    ['no options at all', base().subarray(0, 240), ['DHCP_END_MISSING@240']],
    ['a code without a length', base().subarray(0, 241), ['DHCP_OPTION_TRUNCATED@240']],
    ['a length past the end', withArea(12, 200, 97), ['DHCP_OPTION_TRUNCATED@240']],
    ['garbage after End', withArea(255, 0, 0, 7), ['DHCP_AFTER_END@243']],
    ['overload of an unknown kind', withArea(52, 1, 4, 255), ['DHCP_OVERLOAD_INVALID@240']],
    ['overload twice', withArea(52, 1, 1, 52, 1, 2, 255), ['DHCP_OVERLOAD_INVALID@243', 'DHCP_END_MISSING@236']],
  ])('%s', (_name, bytes, expected) => {
    expect(codes(bytes)).toEqual(expected);
  });

  test('strict throws the first, values included', () => {
    const bytes = withArea(53, 0, 255, 9);
    expect(thrown(() => decode(bytes, { strict: true }))).toMatchObject({ code: 'DHCP_AFTER_END', offset: 243 });
    expect(thrown(() => decode(withArea(53, 0, 255), { strict: true }))).toMatchObject({ code: 'DHCP_VALUE_SHORT', offset: 242 });
    expect(decode(base(), { strict: true }).issues).toEqual([]);
  });

  test('values are checked when asked', () => {
    expect(decode(withArea(53, 0, 255)).issues).toEqual([]);
    expect(decode(withArea(53, 0, 255), { check: true }).issues).toMatchObject([{ code: 'DHCP_VALUE_SHORT' }]);
  });
});

test('a cut option shows the octets that are there', () => {
  const { message } = decode(withArea(12, 200, 97));
  expect(message.options).toMatchObject([{ code: 12, offset: 240 }]);
  expect(message.options[0]!.data.length).toBe(58);
});

test('options keep order, duplicates and region; pads are passed over', () => {
  const bytes = withArea(0, 0, 12, 1, 97, 52, 1, 3, 12, 1, 98, 0, 255);
  bytes.set([12, 1, 99, 255], 108);
  bytes.set([13, 2, 0, 1, 255], 44);
  const { message, issues } = decode(bytes);
  expect(message.options.map(({ code, region, offset }) => [code, region, offset])).toEqual([
    [12, 'options', 242],
    [52, 'options', 245],
    [12, 'options', 248],
    [12, 'file', 108],
    [13, 'sname', 44],
  ]);
  expect([message.file, message.sname, issues]).toEqual(['', '', []]);
  expect(get(message, 'hostName')).toBe('abc');
  expect(encode(message)).toEqual(bytes);
});

test('overload with an octet too many is followed all the same, as tshark follows it', () => {
  const bytes = withArea(52, 2, 1, 9, 255);
  bytes.set([12, 1, 97, 255], 108);
  const { message, issues } = decode(bytes, { check: true });
  expect(message.options.map(({ code, region }) => [code, region])).toEqual([
    [52, 'options'],
    [12, 'file'],
  ]);
  expect(issues).toMatchObject([{ code: 'DHCP_VALUE_TRAILING', offset: 243 }]);
  const { wire: _wire, ...rest } = message;
  expect(encode(rest).subarray(0, 245)).toEqual(bytes.subarray(0, 245));
});

test('names in the header end at the first NUL and are text otherwise', () => {
  const bytes = base();
  bytes.set(new TextEncoder().encode('boot\0rest'), 108);
  bytes.fill(120, 44, 108);
  const { message } = decode(bytes);
  expect([message.file, message.sname]).toEqual(['boot', 'x'.repeat(64)]);
  expect(encode(message)).toEqual(bytes);
});

test('a view inside a larger buffer is read within its bounds', () => {
  const whole = new Uint8Array(900).fill(255);
  const view = whole.subarray(300, 300 + 244);
  view.set(base().subarray(0, 243));
  view[243] = 12;
  const { message, issues } = decode(view);
  expect(message.xid).toBe(0x01020304);
  expect(message.options.map(({ code, data }) => [code, data.length])).toEqual([
    [53, 1],
    [12, 0],
  ]);
  expect(issues).toMatchObject([{ code: 'DHCP_OPTION_TRUNCATED', offset: 243 }]);
});

test('domain names: compression, loops, and names that are too long', () => {
  const search = (hex: string) => {
    const data = parseHex(hex)!;
    const bytes = new Uint8Array(240 + data.length + 3);
    bytes.set(base().subarray(0, 240));
    bytes.set([119, data.length], 240);
    bytes.set(data, 242);
    bytes[242 + data.length] = 255;
    const { message, issues } = decode(bytes, { check: true });
    return [get(message, 'domainSearch'), ...issues.map(({ code }) => code)];
  };
  expect(search('016100c000')).toEqual([['a', 'a']]);
  expect(search('0161c000')).toEqual([undefined, 'DHCP_NAME_INVALID']);
  expect(search('c000')).toEqual([undefined, 'DHCP_NAME_INVALID']);
  expect(search('c0ff')).toEqual([undefined, 'DHCP_NAME_INVALID']);
  expect(search('c002c000')).toEqual([undefined, 'DHCP_NAME_INVALID']);
  expect(search('0161000162c000' + '0163c003')).toEqual([['a', 'b.a', 'c.b.a']]);
  expect(search('016100' + '0162c003')).toEqual([['a'], 'DHCP_NAME_INVALID']);
  expect(search('4061')).toEqual([undefined, 'DHCP_NAME_INVALID']);
  expect(search(`${'0161'.repeat(127)}00`)).toEqual([[Array(127).fill('a').join('.')]]);
  expect(search('022e5c00')).toEqual([['\\.\\\\']]);
  expect(search('02ff2000')).toEqual([['\\255\\032']]);
  expect(search('00')).toEqual([['.']]);
});
