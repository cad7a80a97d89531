import { addLabel, parse, removeLabel, renameLabel, reorderLabels, serialize } from '@pxekit/pxelinux';
import { describe, expect, it } from 'vitest';

const FILE = `# menu
UI menu.c32
DEFAULT one

# the first
LABEL one
\tKERNEL\tk1
\tAPPEND\tquiet

LABEL two
\tMENU LABEL ^Two
\tKERNEL\tk2
PROMPT 0
`;
const refuses = (code: string) => expect.objectContaining({ name: 'WriteError', code });

describe('addLabel', () => {
  const add = (text: string, place?: { before?: string; after?: string }) =>
    serialize(
      addLabel(
        parse(text),
        {
          name: 'new',
          lines: [
            ['MENU LABEL', '^New one'],
            ['KERNEL', 'k3'],
            ['APPEND', 'a b'],
          ],
        },
        place,
      ),
    );
  const lines = 'LABEL new\n\tMENU LABEL ^New one\n\tKERNEL\tk3\n\tAPPEND\ta b\n';

  it('writes it after the last one, as that is written', () => {
    expect(add(FILE)).toBe(FILE.replace('PROMPT', `\n${lines}PROMPT`));
  });

  it('writes it before or after another', () => {
    expect(add(FILE, { before: 'one' })).toBe(FILE.replace('# the first', `${lines}\n# the first`));
    expect(add(FILE, { after: 'one' })).toBe(FILE.replace('quiet\n', `quiet\n\n${lines}`));
  });

  it('writes into an empty file', () => {
    expect(add('')).toBe('LABEL new\n  MENU LABEL ^New one\n  KERNEL k3\n  APPEND a b\n');
  });

  it('keeps out of a submenu', () => {
    const text = 'LABEL a\n KERNEL k\nMENU BEGIN\nLABEL b\n KERNEL k\nMENU END\n';
    expect(add(text)).toBe(text.replace('MENU BEGIN', 'LABEL new\n MENU LABEL ^New one\n KERNEL k3\n APPEND a b\nMENU BEGIN'));
  });

  it.each([
    ['PXELINUX_LABEL_EXISTS', { name: 'one', lines: [] }],
    ['PXELINUX_UNWRITABLE', { name: 'a b', lines: [] }],
    ['PXELINUX_UNWRITABLE', { name: 'a ', lines: [] }],
    ['PXELINUX_UNWRITABLE', { name: 'a', lines: [['KERNEL', 'k ']] }],
    ['PXELINUX_UNWRITABLE', { name: 'a', lines: [['APPEND', 'x\nLABEL y']] }],
    ['PXELINUX_UNWRITABLE', { name: 'a', lines: [['LABEL', 'y']] }],
    ['PXELINUX_INITRD', { name: 'a', lines: [['APPEND', 'ks=x,initrd=y']] }],
    ['PXELINUX_TOO_LONG', { name: 'a', lines: [['MENU LABEL', 'x'.repeat(4096)]] }],
  ] as const)('refuses with %s: %j', (code, label) => {
    expect(() => addLabel(parse(FILE), label)).toThrow(refuses(code));
  });

  it('refuses a file whose end is help text', () => {
    expect(() => add('LABEL a\nTEXT HELP\n')).toThrow(refuses('PXELINUX_UNWRITABLE'));
  });
});

describe('removeLabel', () => {
  it('takes the label with its comment and the blank line after it', () => {
    expect(serialize(removeLabel(parse(FILE), 'one'))).toBe(FILE.replace(/# the first.*?\n\n/s, ''));
  });

  it('leaves global directives that stand inside it', () => {
    expect(serialize(removeLabel(parse(FILE), 'two'))).toBe(FILE.replace(/LABEL two.*k2\n/s, ''));
    const text = 'LABEL a\n KERNEL k\nTIMEOUT 50\n APPEND x\n';
    expect(serialize(removeLabel(parse(text), 'a'))).toBe('TIMEOUT 50\n');
  });

  it('takes help text along', () => {
    expect(serialize(removeLabel(parse('LABEL a\n KERNEL k\n TEXT HELP\n x\n ENDTEXT\nPROMPT 0\n'), 'a'))).toBe('PROMPT 0\n');
  });
});

describe('renameLabel', () => {
  it('changes the label and what names it', () => {
    expect(serialize(renameLabel(parse(FILE), 'one', 'uno'))).toBe(
      FILE.replace('DEFAULT one', 'DEFAULT uno').replace('LABEL one', 'LABEL uno'),
    );
  });

  it('keeps options after the name in DEFAULT', () => {
    const text = 'default a x=1\nlabel a\n kernel k\n';
    expect(serialize(renameLabel(parse(text), 'a', 'b'))).toBe('default b x=1\nlabel b\n kernel k\n');
  });

  it('drops a blank after the old name', () => {
    expect(serialize(renameLabel(parse('label a \n kernel k\n'), 'a', 'b'))).toBe('label b\n kernel k\n');
  });

  it('refuses a label whose name is its kernel, and a name that is taken', () => {
    expect(() => renameLabel(parse('LABEL vmlinuz\n APPEND x\n'), 'vmlinuz', 'b')).toThrow(refuses('PXELINUX_UNWRITABLE'));
    expect(() => renameLabel(parse(FILE), 'one', 'two')).toThrow(refuses('PXELINUX_LABEL_EXISTS'));
  });
});

describe('reorderLabels', () => {
  it('exchanges the places of labels, comments included', () => {
    expect(serialize(reorderLabels(parse(FILE), ['two', 'one']))).toBe(
      '# menu\nUI menu.c32\nDEFAULT one\n\nLABEL two\n\tMENU LABEL ^Two\n\tKERNEL\tk2\n\n# the first\nLABEL one\n\tKERNEL\tk1\n\tAPPEND\tquiet\nPROMPT 0\n',
    );
  });

  it('works without a last line end and with any bytes', () => {
    const bytes = Uint8Array.from([
      ...new TextEncoder().encode('label a\n kernel '),
      0xff,
      ...new TextEncoder().encode('\nlabel b\n kernel k'),
    ]);
    const result = serialize(reorderLabels(parse(bytes), ['b', 'a']));
    expect(Array.from(result, (byte) => String.fromCharCode(byte)).join('')).toBe('label b\n kernel k\nlabel a\n kernel \u00ff');
  });

  it('refuses to move a label behind another global APPEND, or into a submenu', () => {
    expect(() => reorderLabels(parse('LABEL a\n KERNEL k\nMENU SEPARATOR\nAPPEND x\nLABEL b\n KERNEL k\n'), ['b', 'a'])).toThrow(
      refuses('PXELINUX_UNWRITABLE'),
    );
    expect(() => reorderLabels(parse('LABEL a\n KERNEL k\nMENU BEGIN\nLABEL b\n KERNEL k\nMENU END\n'), ['b', 'a'])).toThrow(
      refuses('PXELINUX_UNWRITABLE'),
    );
  });
});
