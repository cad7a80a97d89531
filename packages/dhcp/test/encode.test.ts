import { createMessage, decode, discover, encode, formatHex, option, rawOption } from '@pxekit/dhcp';
import { describe, expect, test } from 'vitest';

const base = () => encode(discover({ xid: 1, chaddr: '52:54:00:77:00:01', options: { hostName: 'a' } }));
const code = (action: () => unknown) => {
  try {
    action();
  } catch (error) {
    return (error as { code?: string }).code;
  }
  return 'written';
};

test('a message that was built has a cookie, an End, and at least 300 octets', () => {
  const bytes = encode(createMessage({ options: { messageType: 1 } }));
  expect(bytes.length).toBe(300);
  expect(formatHex(bytes.subarray(236, 245))).toBe('63825363350101ff00');
});

test('a field that is changed is written over the octets that came', () => {
  const bytes = base();
  bytes[40] = 9;
  bytes[299] = 7;
  const { message } = decode(bytes);
  const again = encode({ ...message, xid: 2, hops: 1 });
  expect(again).toEqual(Uint8Array.from(bytes, (octet, at) => (at === 7 ? 2 : at === 3 ? 1 : octet)));
});

test('a name that is changed replaces what was behind its NUL', () => {
  const bytes = base();
  bytes.set([97, 0, 98], 108);
  const again = encode({ ...decode(bytes).message, file: 'c' });
  expect([...again.subarray(108, 112)]).toEqual([99, 0, 0, 0]);
});

test('options that are changed are laid out anew, the rest as it stood', () => {
  const { message } = decode(base());
  message.options.push(option('domainName', 'b'));
  expect(decode(encode(message)).message.options.map((entry) => [entry.code, formatHex(entry.data)])).toEqual([
    [53, '01'],
    [12, '61'],
    [15, '62'],
  ]);
  const swapped = decode(base()).message;
  swapped.options.reverse();
  expect(decode(encode(swapped)).message.options.map((entry) => entry.code)).toEqual([12, 53]);
});

test('the bytes given to decode are not written to', () => {
  const bytes = base();
  const before = bytes.slice();
  encode({ ...decode(bytes).message, xid: 99, file: 'x' });
  expect(bytes).toEqual(before);
});

describe('what would be wrong is refused', () => {
  const message = createMessage({ chaddr: '52:54:00:77:00:01' });
  test.each([
    ['DHCP_ENCODE_FIELD', { op: 256 }],
    ['DHCP_ENCODE_FIELD', { xid: -1 }],
    ['DHCP_ENCODE_FIELD', { xid: 2 ** 32 }],
    ['DHCP_ENCODE_FIELD', { secs: 1.5 }],
    ['DHCP_ENCODE_FIELD', { flags: 65536 }],
    ['DHCP_ENCODE_FIELD', { ciaddr: '1.2.3' }],
    ['DHCP_ENCODE_FIELD', { yiaddr: '' }],
    ['DHCP_ENCODE_FIELD', { chaddr: '52:54' }],
    ['DHCP_ENCODE_FIELD', { chaddr: 'mac' }],
    ['DHCP_ENCODE_FIELD', { sname: 'x'.repeat(64) }],
    ['DHCP_ENCODE_FIELD', { file: 'x\0y' }],
    ['DHCP_ENCODE_OPTION', { options: [rawOption(0, new Uint8Array(1))] }],
    ['DHCP_ENCODE_OPTION', { options: [rawOption(255, new Uint8Array(1))] }],
    ['DHCP_ENCODE_OPTION', { options: [{ ...rawOption(12, new Uint8Array(1)), region: 'file' as const }] }],
    ['DHCP_ENCODE_OPTION', { options: [option('overload', 1), { ...rawOption(12, new Uint8Array(126)), region: 'file' as const }] }],
    [
      'DHCP_ENCODE_FIELD',
      { file: 'x', options: [option('overload', 1), { ...rawOption(12, new Uint8Array(1)), region: 'file' as const }] },
    ],
    ['written', { file: 'x', options: [rawOption(52, Uint8Array.of(5))] }],
    ['written', { file: 'x'.repeat(127), sname: 'x'.repeat(63) }],
    ['written', { options: [option('overload', 1), { ...rawOption(12, new Uint8Array(125)), region: 'file' as const }] }],
  ])('%s for %o', (expected, change) => {
    expect(code(() => encode({ ...message, ...change }))).toBe(expected);
  });
});
