import { evaluate, evaluateAsync, parse } from '@pxekit/pxelinux';
import { describe, expect, it } from 'vitest';
import { commandLine, entries, model } from '../helpers.js';

describe('labels in menu.c32', () => {
  it('resolve to kernel, append, initrd and system strings, in this order', () => {
    expect(commandLine('LABEL a\nINITRD i\nIPAPPEND 2\nKERNEL k x\nAPPEND  ro  quiet\n')).toBe(
      'k x ro  quiet initrd=i BOOTIF=01-52-54-00-ab-cd-ef',
    );
  });

  it('take the last of repeated directives', () => {
    expect(commandLine('LABEL a\nKERNEL k\nLINUX l\nAPPEND 1\nAPPEND 2\nINITRD 3\nINITRD 4\n')).toBe('.linux l 2 initrd=4');
  });

  it.each([
    ['APPEND -', 'k'],
    ['APPEND', 'k'],
    ['APPEND - ', 'k - '],
  ])('drop the global APPEND for %j', (line, expected) => {
    expect(commandLine(`APPEND global\nLABEL a\nKERNEL k\n${line}\n`)).toBe(expected);
  });

  it('meet only the global APPEND that stands before their end', () => {
    const { menus } = model('menu', 'LABEL a\nKERNEL k\nMENU SEPARATOR\nAPPEND late\nLABEL b\nKERNEL k\n');
    expect(menus[1]?.entries.map(({ cmdline }) => cmdline)).toEqual(['k', undefined, 'k late']);
  });

  it('keep trailing blanks and all their words', () => {
    expect(entries(model('menu', 'LABEL my linux \nKERNEL k\n'))[0]).toMatchObject({ label: 'my linux ', display: 'my linux ' });
  });

  it('know the line each value came from', () => {
    const [entry] = entries(model('menu', 'APPEND g\n\nLABEL a\n KERNEL k\n MENU LABEL ^x\n INITRD i\n'));
    expect(entry?.origins).toMatchObject({
      label: { file: '<config>', line: 3 },
      cmdline: { line: 4 },
      display: { line: 5 },
      hotkey: { line: 5 },
      append: { line: 1 },
      initrd: { line: 6 },
    });
  });

  it('boot at once by their key, or are saved, where they or their menu say so', () => {
    const [a, b] = entries(model('menu', 'MENU IMMEDIATE\nLABEL a\nMENU SAVE\nLABEL b\nMENU NOIMMEDIATE\n'));
    expect(a).toMatchObject({ immediate: true, save: true, origins: { immediate: { line: 1 }, save: { line: 3 } } });
    expect(b).not.toHaveProperty('immediate');
  });

  it('go to the hidden menu with MENU HIDE', () => {
    const { menus } = model('menu', 'LABEL a\nMENU HIDE\nLABEL b\n');
    expect(menus.map(({ tag, entries }) => [tag, entries.map(({ label }) => label)])).toEqual([
      ['.hidden', ['a']],
      ['.top', ['b']],
    ]);
  });

  it('lose their name with MENU DISABLE', () => {
    expect(entries(model('menu', 'LABEL a\nMENU DISABLE\nKERNEL k\n'))[0]).toMatchObject({ label: null, display: 'a', action: 'disabled' });
  });
});

describe('the default of menu.c32', () => {
  it('is DEFAULT only when there is a UI line', () => {
    const text = 'DEFAULT b\nLABEL a\nLABEL b\n';
    expect(model('menu', text).menus[1]?.default).toBe(0);
    expect(model('menu', `UI menu.c32\n${text}`).menus[1]?.default).toBe(1);
  });

  it('is not found through a label with a trailing blank', () => {
    expect(model('menu', 'UI menu.c32\nDEFAULT b\nLABEL a\nLABEL b \n').menus[1]?.default).toBe(0);
  });

  it('in a submenu makes that menu the first one', () => {
    const { startMenu, menus } = model('menu', 'UI menu.c32\nDEFAULT c\nLABEL a\nMENU BEGIN s\nLABEL b\nLABEL c\nMENU END\n');
    expect([startMenu, menus[2]?.default]).toEqual([2, 1]);
  });

  it('is the last MENU DEFAULT', () => {
    expect(model('menu', 'LABEL a\nMENU DEFAULT\nLABEL b\nMENU DEFAULT\nLABEL c\n').menus[1]?.default).toBe(1);
  });
});

describe('submenus', () => {
  it('copy the settings of their parent when they begin', () => {
    const { menus } = model('menu', 'TIMEOUT 50\nMENU ROWS 5\nMENU BEGIN s\nMENU TITLE T\nMENU END\nTIMEOUT 70\n');
    expect(menus[2]).toMatchObject({ tag: 's', title: 'T', parent: 1, timeoutMs: 5000, params: { rows: 5 } });
    expect(menus[1]).toMatchObject({ timeoutMs: 7000, entries: [{ display: 'T', action: 'submenu', submenu: 2 }] });
  });

  it('show their label, and take it for a title without its caret', () => {
    const { menus } = model('menu', 'MENU BEGIN s\nMENU LABEL ^Tools\nMENU END\n');
    expect(menus[1]?.entries[0]).toMatchObject({ display: '^Tools', hotkey: 0x54 });
    expect(menus[2]?.title).toBe('Tools');
  });

  it('may nest as deep as they like', () => {
    const { menus } = model('menu', `MENU MSGCOLOR #fff\nONTIMEOUT a\n${'MENU BEGIN\n'.repeat(20_000)}LABEL a\nKERNEL k\n`);
    expect(menus.at(-1)).toMatchObject({ parent: 20_000, ontimeout: 'k' });
  });

  it('keep colours to themselves', () => {
    const lines = 'MENU COLOR sel 1\nMENU BEGIN\nMENU COLOR title 2\nMENU END\nMENU COLOR border 3\n';
    const { menus } = model('menu', lines);
    expect(menus.slice(1).map(({ colors }) => Object.keys(colors).sort())).toEqual([
      ['border', 'sel'],
      ['sel', 'title'],
    ]);
  });

  it('can be left and entered by tag; an unknown tag disables the entry', () => {
    const { menus } = model('menu', 'MENU BEGIN s\nLABEL a\nMENU EXIT\nLABEL b\nMENU GOTO .top\nLABEL c\nMENU GOTO nowhere\nMENU END\n');
    expect(menus[2]?.entries.map(({ action, submenu }) => [action, submenu])).toEqual([
      ['exit', 1],
      ['goto', 1],
      ['disabled', undefined],
    ]);
  });

  it('come from an INCLUDE with a tag, even of a missing file', () => {
    const { menus, missing } = model('menu', 'INCLUDE f My Tag\nINCLUDE g other\n', { f: 'LABEL a\n' });
    expect(menus.slice(2).map(({ tag, entries }) => [tag, entries.length])).toEqual([
      ['My Tag', 1],
      ['other', 0],
    ]);
    expect(missing).toEqual(['g']);
  });
});

describe('hotkeys', () => {
  it('belong to the first entry that names them, whatever the case', () => {
    const found = entries(model('menu', 'LABEL a\nMENU LABEL ^x\nLABEL b\nMENU LABEL ^X\nLABEL ^c\nLABEL d\nMENU LABEL ^1\n'));
    expect(found.map(({ hotkey }) => hotkey)).toEqual([0x58, undefined, undefined, 0x11]);
  });
});

describe('lines', () => {
  it('end at the first carriage return', () => {
    expect(commandLine('LABEL a\r\nKERNEL k\rAPPEND x\r\n')).toBe('k');
  });

  it('over 4095 bytes go on as a line of their own', () => {
    const text = `LABEL a\n#${'x'.repeat(4094)}LABEL smuggled\n`;
    const found = entries(model('menu', text));
    expect(found.map(({ label }) => label)).toEqual(['a', 'smuggled']);
    expect(found[1]?.origins.label?.line).toBe(2);
  });

  it('hide their first directive behind a byte order mark', () => {
    expect(entries(model('menu', '\ufeffLABEL a\nLABEL b\n'))).toHaveLength(1);
  });

  it('keep the bytes of any encoding', () => {
    expect(entries(model('menu', Uint8Array.of(0x4c, 0x41, 0x42, 0x45, 0x4c, 0x20, 0xe9, 0x0a)))[0]?.label).toBe('\u00e9');
    expect(entries(model('menu', 'LABEL é\n'))[0]?.label).toBe('\u00c3\u00a9');
  });

  it('have no comments after a value, but numbers end where their digits end', () => {
    const { menus } = model('menu', 'TIMEOUT 50 # 5 s\nLABEL a\nKERNEL k # note\n');
    expect([menus[1]?.timeoutMs, menus[1]?.entries[0]?.cmdline]).toEqual([5000, 'k # note']);
  });
});

describe('timeouts', () => {
  it.each([
    ['-1', 4_294_967_197],
    ['3000000', 4_165_470_568],
    ['4294967306', 1000],
  ])('TIMEOUT %s wraps at 32 bits', (tenths, milliseconds) => {
    expect(model('menu', `TIMEOUT ${tenths}\n`).menus[1]?.timeoutMs).toBe(milliseconds);
    expect(model('core', `TIMEOUT ${tenths}\n`).timeoutMs).toBe(milliseconds);
  });

  it('TOTALTIMEOUT has 64 bits in menu.c32, and 32 in the core', () => {
    const text = 'TOTALTIMEOUT 4294967306\n';
    expect([model('menu', text).totalTimeoutMs, model('core', text).totalTimeoutMs]).toEqual([429_496_730_600, 1000]);
    expect(model('menu', 'TOTALTIMEOUT -1\n').totalTimeoutMs).toBe(-99);
  });
});

describe('TEXT HELP', () => {
  it('keeps its lines as they are, and blocks add up', () => {
    const text = 'LABEL a\nTEXT HELP\n one\r\n# two\nENDTEXT\nTEXT other\nno\nENDTEXT\nTEXT HELP\nthree\nENDTEXT\n';
    expect(entries(model('menu', text))[0]?.help).toBe(' one\r\n# two\nthree\n');
  });

  it('without ENDTEXT swallows the rest', () => {
    expect(entries(model('menu', 'LABEL a\nTEXT HELP\nx\nLABEL b\n'))).toHaveLength(1);
  });
});

describe('colours, keys and layout', () => {
  it('keep a field with a star and turn bad colours to opaque red', () => {
    const { colors } = model('menu', 'MENU COLOR title * #fff *\nMENU COLOUR SEL 7;37;40 #xyz #12345678 none\n').menus[1] ?? {};
    expect(colors).toEqual({
      title: ['1;36;44', '#ffffffff', '#00000000', 'std'],
      sel: ['7;37;40', '#ffff0000', '#ffff0000', 'all'],
    });
  });

  it('set all message colours at once', () => {
    const { colors } = model('menu', 'MENU MSGCOLOR #ff112233 #ff445566 all\n').menus[1] ?? {};
    expect(Object.keys(colors ?? {})).toHaveLength(256);
    expect(colors?.msg07).toEqual(['37;40', '#ff112233', '#00000000', 'all']);
    expect(colors?.msg1c).toEqual(['1;31;44', '#ff110000', '#ff000066', 'all']);
  });

  it('read function keys, F0 and a bare F as F11', () => {
    expect(model('menu', 'F1 a b\nf0 c\nF13 d\n').menus[1]?.fkeys).toEqual({ F1: ['a', 'b'], F11: ['c'] });
    expect(model('menu', 'f e\n').menus[1]?.fkeys).toEqual({ F11: ['e'] });
  });

  it('resolve the commands of hidden keys', () => {
    expect(model('menu', 'MENU HIDDENKEY A,^X,F3,bogus a x\nLABEL a\nKERNEL k\n').hiddenKeys).toEqual({ 65: 'k x', 24: 'k x', 258: 'k x' });
  });
});

describe('includes', () => {
  it('that include themselves end', () => {
    const { files, missing } = model('menu', 'INCLUDE f\nLABEL z\n', { f: 'LABEL a\nINCLUDE f\n' });
    expect(files).toHaveLength(17);
    expect(missing).toEqual(['f']);
  });

  it('that double at every level end, too', () => {
    const { missing } = model('menu', 'INCLUDE f\n', { f: 'INCLUDE f\nINCLUDE f\n' });
    expect(missing).toContain('f');
  });

  it('can be read by a reader that answers later', async () => {
    const document = parse('INCLUDE f\n');
    const later = await evaluateAsync(document, { engine: 'menu', include: async () => 'LABEL a\n' });
    expect(later).toEqual(evaluate(document, { engine: 'menu', include: () => 'LABEL a\n' }));
  });
});
