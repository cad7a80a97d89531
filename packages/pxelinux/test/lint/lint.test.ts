import { CODES, LINT_CODES, lint, parse, RULES } from '@pxekit/pxelinux';
import { expect, it } from 'vitest';

const codes = (text: string, options = {}) => lint(parse(text), options).map(({ code }) => code);

it('has a rule for every code and a code for every rule', () => {
  expect(RULES.map(({ code }) => code).sort()).toEqual(Object.keys(LINT_CODES).sort());
  expect(CODES).toMatchObject(LINT_CODES);
});

it('orders findings by place', () => {
  const lines = lint(parse('promt 0\nTIMEOUT 5\nKERNEL k\n')).map(({ range }) => range.start.line);
  expect(lines).toEqual([1, 2, 3]);
});

it('names the loaders a finding is about', () => {
  expect(lint(parse('SERIAL 0,9600\n'))[0]?.engines).toEqual(['core']);
});

it('takes severities from the options, with or without the prefix', () => {
  expect(lint(parse('TIMEOUT 5\n'), { rules: { 'pxelinux/timeout-seconds': 'error' } })[0]?.severity).toBe('error');
  expect(codes('TIMEOUT 5\n', { rules: { 'timeout-seconds': 'off' } })).toEqual([]);
});

it('leaves out what a comment above the line switches off', () => {
  expect(codes('# pxekit-disable-next-line timeout-seconds -- lab machines\nTIMEOUT 5\n')).toEqual([]);
  expect(codes('# pxekit-disable-next-line\nTIMEOUT 5\n')).toEqual([]);
  expect(codes('# pxekit-disable-next-line timeout-seconds\n\nTIMEOUT 5\n')).toEqual(['pxelinux/timeout-seconds']);
  expect(codes('# pxekit-disable-next-line leading-slash\nTIMEOUT 5\n')).toEqual(['pxelinux/timeout-seconds']);
});

it('leaves out what is switched off up to where it is switched on again', () => {
  const text = '# pxekit-disable pxelinux/timeout-seconds, leading-slash\nTIMEOUT 5\n# pxekit-enable\nTIMEOUT 6\n';
  expect(lint(parse(text)).map(({ range }) => range.start.line)).toEqual([4]);
});

it('runs only the rules about the loaders asked for', () => {
  expect(codes('SERIAL 0,9600\n', { engines: ['menu'] })).toEqual([]);
});

it('says what U-Boot makes of a name when the file is for U-Boot only', () => {
  const messages = (text: string) => lint(parse(text), { engines: ['uboot'] }).map(({ message }) => message);
  expect(messages('DEFAULT b\nLABEL a\n KERNEL k\n')).toEqual(['There is no label "b", so U-Boot tries the labels from the first on']);
  expect(messages('LABEL a\n KERNEL k\nLABEL a\n KERNEL l\n')).toEqual(['"a" stands in line 1 already; DEFAULT finds the last one']);
});
