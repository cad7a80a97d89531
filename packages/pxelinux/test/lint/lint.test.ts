import { CODES, LINT_CODES, type LintOptions, lint, parse, RULES } from '@pxekit/pxelinux';
import { describe, expect, it } from 'vitest';

const codes = (text: string, options = {}) => lint(parse(text), options).map(({ code }) => code);

it('has a rule for every code and a code for every rule', () => {
  expect(RULES.map(({ code }) => code).sort()).toEqual(Object.keys(LINT_CODES).sort());
  expect(CODES).toMatchObject(LINT_CODES);
});

it('orders findings by place', () => {
  const lines = lint(parse('promt 0\nTIMEOUT 5\nKERNEL k\n')).map(({ range }) => range.start.line);
  expect(lines).toEqual([1, 2, 3]);
});

it('warns of an include that is not there, as the loaders pass over it', () => {
  const found = lint(parse('INCLUDE gone.cfg\nLABEL a\n KERNEL k\n'), { tree: { has: (path) => path === 'ldlinux.c32' } });
  expect(found.map(({ code, severity }) => `${severity} ${code}`)).toEqual([
    'warning pxelinux/missing-file',
    'error pxelinux/missing-file',
  ]);
});

it('only remarks a hotkey clash of the way back, as distributions have it', () => {
  const menu = (last: string) =>
    `MENU BEGIN x\nLABEL a\n MENU LABEL ^Memory\n KERNEL k\nLABEL b\n MENU LABEL ^Main menu\n ${last}\nMENU END\n`;
  const severity = (text: string) => lint(parse(text)).find(({ code }) => code === 'pxelinux/hotkey-clash')?.severity;
  expect(severity(menu('MENU EXIT'))).toBe('info');
  expect(severity(menu('KERNEL l'))).toBe('warning');
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

describe('an included file', () => {
  const main = { document: parse('DEFAULT b\nINCLUDE part\nLABEL a\n KERNEL k\n'), file: '::pxelinux.cfg/default' };
  const find = (text: string, options: LintOptions = {}) => {
    const include = (name: string) => (name === 'part' ? text : undefined);
    return lint(parse(text), { file: 'part', includedBy: main, include, ...options }).map(({ code }) => code);
  };

  it('is judged with the labels of the whole configuration', () => {
    expect(find('ONTIMEOUT a\nLABEL b\n KERNEL k\n')).toEqual([]);
    expect(find('ONTIMEOUT c\nLABEL b\n KERNEL k\n')).toEqual(['pxelinux/default-not-found']);
    expect(find('LABEL a\n KERNEL other\nLABEL a\n KERNEL more\n')).toContain('pxelinux/duplicate-label');
  });

  it('may stand inside a label', () => {
    expect(find('APPEND quiet\nKERNEL k\n')).toEqual([]);
  });

  it('names its files from the folder of the configuration', () => {
    const options: LintOptions = {
      file: '/isolinux/parts/part',
      includedBy: { document: parse('INCLUDE /isolinux/parts/part\n'), file: '/isolinux/isolinux.cfg' },
      loader: 'isolinux',
      tree: { has: (path) => path === 'isolinux/k' },
    };
    const text = 'LABEL a\n KERNEL k\nLABEL b\n KERNEL gone\n';
    expect(find(text, { ...options, include: () => text })).toEqual(['pxelinux/missing-file']);
  });
});
