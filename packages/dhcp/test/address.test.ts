import { formatIpv4, formatIpv6, ipv4FromNumber, normalizeMac, parseDuid, parseHex, parseIpv4, parseIpv6 } from '@pxekit/dhcp';
import fc from 'fast-check';
import { expect, test } from 'vitest';

test('every IPv4 address is read as it is written', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 4, maxLength: 4 }), (bytes) => {
      const number = parseIpv4(formatIpv4(bytes, 0))!;
      expect(ipv4FromNumber(number)).toBe([...bytes].join('.'));
    }),
  );
});

test.each(['', '1', '1.2.3', '1.2.3.4.5', '1.2.3.256', '01.2.3.4', '1.2.3.4 ', '1..3.4', 'a.b.c.d', '1.2.3.-4'])(
  '"%s" is no IPv4 address',
  (text) => {
    expect(parseIpv4(text)).toBeUndefined();
  },
);

test.each([
  ['00000000000000000000000000000000', '::'],
  ['00000000000000000000000000000001', '::1'],
  ['20010db8000000000001000000000001', '2001:db8::1:0:0:1'],
  ['20010db8000000010001000100010001', '2001:db8:0:1:1:1:1:1'],
  ['fe800000000000000000000000000000', 'fe80::'],
])('IPv6 %s is %s', (hex, text) => {
  expect(formatIpv6(parseHex(hex)!, 0)).toBe(text);
  expect(parseIpv6(text)).toEqual(parseHex(hex));
});

test('IPv6 with a dotted tail, and texts that are none', () => {
  expect(parseIpv6('::ffff:10.0.0.1')).toEqual(parseHex('00000000000000000000ffff0a000001'));
  for (const text of ['', ':', ':::', '1::2::3', '1:2:3:4:5:6:7', '1:2:3:4:5:6:7:8:9', '12345::', 'g::', '1:2:3:4:5:6:7::8']) {
    expect([text, parseIpv6(text)]).toEqual([text, undefined]);
  }
});

test('hardware addresses are taken in the forms that people write', () => {
  for (const text of ['52:54:00:AB:00:01', '52-54-00-ab-00-01', '525400ab0001', '5254.00ab.0001']) {
    expect(normalizeMac(text)).toBe('52:54:00:ab:00:01');
  }
  expect(() => normalizeMac('mac')).toThrow(expect.objectContaining({ code: 'DHCP_ENCODE_FIELD' }));
});

test('hex that is odd or no hex is none', () => {
  expect([parseHex('0'), parseHex('0g'), parseHex('')]).toEqual([undefined, undefined, new Uint8Array(0)]);
});

test('the parts of a DUID', () => {
  expect(parseDuid(parseHex('0001000100000005525400770001')!)).toEqual({
    type: 'LLT',
    hardwareType: 1,
    time: 5,
    address: '52:54:00:77:00:01',
  });
  expect(parseDuid(parseHex('000200000009aabb')!)).toEqual({ type: 'EN', enterprise: 9, id: parseHex('aabb') });
  expect(parseDuid(parseHex('00030001525400770001')!)).toEqual({ type: 'LL', hardwareType: 1, address: '52:54:00:77:00:01' });
  expect(parseDuid(parseHex('0004000102030405060708090a0b0c0d0e0f')!)).toMatchObject({ type: 'UUID' });
  for (const hex of ['', '0001', '00010001', '000200', '0003', '000400', '0009000000']) expect(parseDuid(parseHex(hex)!)).toBeUndefined();
});
