import { createMessage, decode, encode, formatHex, get, OPTIONS, option, rawOption, STANDARD, toJson } from '@pxekit/dhcp';
import { expect, test } from 'vitest';
import { CASES } from './cases.js';

type Name = keyof typeof OPTIONS;

const rows = Object.entries(CASES).flatMap(([name, cases]) =>
  cases.map((entry) => ({ name: name as Name, code: STANDARD.find(name)!.code, ...entry })),
);

test('every option of the table has a case', () => {
  expect(Object.keys(OPTIONS).filter((name) => !CASES[name])).toEqual([]);
});

test.each(rows)('$code $name: $hex is read', ({ name, hex, value }) => {
  const data = Buffer.from(hex, 'hex');
  const { code } = OPTIONS[name];
  const bytes = encode({ ...createMessage(), options: [rawOption(code, data)] });
  const { message, issues } = decode(bytes, { check: true });
  // Option 52 opens the name fields, which hold no End here.
  expect(code === 52 ? [] : issues).toEqual([]);
  expect(get(message, name)).toEqual(value);
  expect(get(message, code)).toEqual(value);
});

test.each(rows)('$code $name: the value of $hex is written, from JSON too', ({ name, hex, value, write = value }) => {
  expect(formatHex(option(name, write as never).data)).toBe(hex);
  const { options } = toJson({
    ...createMessage(),
    options: [rawOption(OPTIONS[name].code, Buffer.from(hex, 'hex'))],
  });
  const json = JSON.parse(JSON.stringify(options[0]!.value)) as unknown;
  // A bare user class has the same value as a counted one: written from the value it is counted.
  if (name === 'userClass' && typeof write === 'string') return;
  expect(formatHex(option(name, json as never).data)).toBe(hex);
});
