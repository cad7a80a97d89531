import { parse, serialize, setDefault, setMenuTimeout, setMenuTitle } from '@pxekit/pxelinux';
import { describe, expect, it } from 'vitest';

const LABELS = 'LABEL a\n  KERNEL k\nLABEL b\n  KERNEL k\n';
const refuses = (code: string) => expect.objectContaining({ name: 'WriteError', code });

describe('setDefault', () => {
  const set = (text: string, name: string) => serialize(setDefault(parse(text), name));

  it('changes DEFAULT', () => {
    expect(set(`ui menu.c32\ndefault a\n${LABELS}`, 'b')).toBe(`ui menu.c32\ndefault b\n${LABELS}`);
  });

  it('writes DEFAULT into the header when there is none', () => {
    expect(set(`PROMPT 0\n\n${LABELS}`, 'b')).toBe(`PROMPT 0\nDEFAULT b\n\n${LABELS}`);
  });

  it('sets MENU DEFAULT where DEFAULT starts the menu', () => {
    const text = 'default menu.c32\nlabel a\n  menu default\n  kernel k\nlabel b\n  kernel k\n';
    expect(set(text, 'b')).toBe('default menu.c32\nlabel a\n  kernel k\nlabel b\n  menu default\n  kernel k\n');
    expect(set(text, 'a')).toBe(text);
  });

  it('changes the last DEFAULT, which is the one that counts', () => {
    expect(set(`DEFAULT b\nDEFAULT a\n${LABELS}`, 'b')).toBe(`DEFAULT b\nDEFAULT b\n${LABELS}`);
  });

  it('refuses a label that is not there, unless it may be in an included file', () => {
    expect(() => set(LABELS, 'c')).toThrow(refuses('PXELINUX_NO_LABEL'));
    expect(set('INCLUDE x.cfg\n', 'c')).toBe('DEFAULT c\nINCLUDE x.cfg\n');
  });
});

describe('setMenuTimeout', () => {
  it('counts tenths of a second', () => {
    expect(serialize(setMenuTimeout(parse('prompt 1\ntimeout 600 # 60 s\n'), 50))).toBe('prompt 1\ntimeout 50\n');
  });

  it('leaves the timeout of a submenu alone', () => {
    const text = 'MENU BEGIN\nTIMEOUT 10\nMENU END\n';
    expect(serialize(setMenuTimeout(parse(text), 50))).toBe(`TIMEOUT 50\n${text}`);
  });

  it.each([-1, 1.5, Number.NaN])('refuses %d', (tenths) => {
    expect(() => setMenuTimeout(parse(''), tenths)).toThrow(refuses('PXELINUX_UNWRITABLE'));
  });
});

describe('setMenuTitle', () => {
  it('changes or adds the title', () => {
    expect(serialize(setMenuTitle(parse('menu title Old \n'), 'New title'))).toBe('menu title New title\n');
    expect(serialize(setMenuTitle(parse('ui menu.c32\nlabel a\n'), 'New'))).toBe('ui menu.c32\nmenu title New\nlabel a\n');
  });

  it('refuses blanks at the ends and line ends', () => {
    for (const title of [' x', 'x ', 'x\ny', '']) expect(() => setMenuTitle(parse(''), title)).toThrow(refuses('PXELINUX_UNWRITABLE'));
  });
});
