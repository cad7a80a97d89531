import { describe, expect, it } from 'vitest';
import { entries, model } from '../helpers.js';

describe('the core', () => {
  it('takes UI before DEFAULT, and else the last DEFAULT', () => {
    expect(model('core', 'UI menu.c32 x\nDEFAULT a\n')).toMatchObject({ defaultLevel: 2, defaultCmd: 'menu.c32 x', globalDefault: 'a' });
    expect(model('core', 'DEFAULT a\nDEFAULT b\n')).toMatchObject({ defaultLevel: 1, defaultCmd: 'b' });
    expect(model('core', 'LABEL a\n')).toMatchObject({ defaultLevel: 0, defaultCmd: null });
  });

  it('names labels by their first word', () => {
    expect(entries(model('core', 'LABEL my linux\nLABEL b \n')).map(({ label }) => label)).toEqual(['my', 'b']);
  });

  it('reads MENU INCLUDE, and no tag of a plain INCLUDE', () => {
    const { menus } = model('core', 'INCLUDE f tag\nMENU INCLUDE f tag\nMENU INCLUDE gone tag\n', { f: 'LABEL a\n' });
    expect(menus.map(({ tag, entries }) => [tag, entries.length])).toEqual([
      ['.hidden', 0],
      ['.top', 2],
      ['tag', 1],
    ]);
  });

  it('reads NOHALT two bytes too far on', () => {
    expect([model('core', 'NOHALT 1\n').nohalt, model('core', 'NOHALT  1\n').nohalt]).toEqual([0, 1]);
  });

  it.each([
    ['SERIAL 0 115200 0x003', { port: 0x3f8, divisor: 1, flowOut: 3, flowIn: 0, flowIgnore: 0 }],
    ['SERIAL 0x2f8 9600n8', { port: 0x2f8, divisor: 12, flowOut: 0, flowIn: 0, flowIgnore: 0 }],
    ['SERIAL 1,38400', { port: 0x2f8, divisor: 12, flowOut: 0, flowIn: 0, flowIgnore: 0 }],
    ['SERIAL 0 50', { port: 0, divisor: 0, flowOut: 0, flowIn: 0, flowIgnore: 0 }],
  ])('reads %s', (line, serial) => {
    expect(model('core', `${line}\n`).serial).toEqual(serial);
  });

  it('says, shows and loads while it reads', () => {
    expect(model('core', 'SAY  hi  you\nSAY\nDISPLAY boot.msg x\nFONT f y\nKBDMAP k z\nPATH /a:/b\n').events).toEqual([
      { say: ' hi  you' },
      { say: '' },
      { display: 'boot.msg' },
      { font: 'f' },
      { kbdmap: 'k z' },
      { path: '/a:/b' },
    ]);
  });

  it('knows the lines of what it did', () => {
    expect(model('core', 'SAY x\nPROMPT 0\nDISPLAY y\n').origins).toMatchObject({ 'events.0': { line: 1 }, 'events.1': { line: 3 } });
  });

  it('keeps global settings, with the lines they came from', () => {
    expect(model('core', 'PROMPT 1\nTIMEOUT 100\nTOTALTIMEOUT 600\nONTIMEOUT x\nIPAPPEND 3\nAPPEND g\n')).toMatchObject({
      prompt: 1,
      timeoutMs: 10_000,
      totalTimeoutMs: 60_000,
      ontimeout: 'x',
      sysappend: 3,
      globalAppend: 'g',
      origins: { timeoutMs: { line: 2 }, sysappend: { line: 5 } },
    });
  });
});
