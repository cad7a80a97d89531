import { createMessage, decode, discover, encode, formatHex, fromJson, option, rawOption, toJson } from '@pxekit/dhcp';
import { expect, test } from 'vitest';

const bytes = encode(
  discover({
    xid: 7,
    chaddr: '52:54:00:77:00:01',
    options: { hostName: 'a', authentication: { protocol: 1, algorithm: 1, replayMethod: 0, replayDetection: 5n, information: '00' } },
  }),
);
const code = (json: unknown) => {
  try {
    fromJson(json);
  } catch (error) {
    return (error as { code?: string }).code;
  }
  return 'read';
};

test('an untouched object gives the octets back, whatever was behind them', () => {
  const odd = Uint8Array.of(...bytes, 1, 2, 3);
  odd[60] = 9;
  const json = toJson(decode(odd).message);
  expect(encode(fromJson(JSON.parse(JSON.stringify(json))))).toEqual(odd);
});

test('a field or an option that is changed is changed and nothing else', () => {
  const json = JSON.parse(JSON.stringify(toJson(decode(bytes).message))) as ReturnType<typeof toJson>;
  expect(decode(encode(fromJson({ ...json, xid: 8 }))).message.xid).toBe(8);
  json.options[1] = { code: 12, value: 'bcd' } as never;
  const message = decode(encode(fromJson(json))).message;
  expect(formatHex(message.options[1]!.data)).toBe('626364');
  expect(message.options).toHaveLength(3);
});

test('without roundtrip everything left out is zero', () => {
  const message = fromJson({ chaddr: '02:00:00:00:00:01', options: [{ name: 'messageType', value: 1 }] });
  expect(message).toEqual(createMessage({ chaddr: '02:00:00:00:00:01', options: [option('messageType', 1)] }));
});

test('parts of a long value show it once', () => {
  const message = decode(encode(createMessage({ options: { rootPath: 'x'.repeat(300) } }))).message;
  expect(toJson(message).options.map(({ hex, value }) => [hex.length / 2, value])).toEqual([
    [255, 'x'.repeat(300)],
    [45, null],
  ]);
});

test('a code without a name shows its octets', () => {
  expect(toJson(createMessage({ options: [{ ...option('hostName', 'a'), code: 200 }] })).options).toEqual([
    { code: 200, name: null, region: 'options', hex: '61', value: '61' },
  ]);
});

test.each([
  ['a list', []],
  ['null', null],
  ['an error object', { error: {}, options: 1 }],
  ['a field of the wrong type', { xid: '7' }],
  ['an address of the wrong type', { ciaddr: 7 }],
  ['an option without a code', { options: [{ hex: '00' }] }],
  ['an option that is none', { options: [7] }],
  ['a region that is none', { options: [{ code: 12, hex: '61', region: 'chaddr' }] }],
  ['hex that is none', { options: [{ code: 12, hex: 'x' }] }],
  ['an unknown name', { options: [{ name: 'nonsense', hex: '00' }] }],
  ['hex and value that do not agree', { options: [{ code: 12, hex: '61', value: 'b' }] }],
  ['a roundtrip that is no hex', { roundtrip: 'x' }],
])('%s is refused', (_name, json) => {
  expect(code(json)).toBe('DHCP_JSON');
});

test.each([
  ['a misspelt field', { option: [] }, 'A message has no "option"'],
  ['a misspelt field of an option', { options: [{ code: 12, hexx: '61' }] }, 'An option has no "hexx"'],
  ['an option with nothing in it', { options: [{ code: 82, value: null }] }, 'Option 82 has neither "hex" nor a "value"'],
])('%s is refused', (_name, json, message) => {
  expect(() => fromJson(json)).toThrow(message);
});

test('values alone give the message back: unknown codes by their octets, long values whole', () => {
  const message = createMessage({ options: { messageType: 1, rootPath: 'x'.repeat(300) } });
  message.options.push(rawOption(230, Uint8Array.of(1, 2)));
  const { options, roundtrip } = toJson(decode(encode(message)).message);
  const values = options.map(({ code, region, value }) => ({ code, region, value }));
  expect(formatHex(encode(fromJson({ options: values })))).toBe(roundtrip);
});
