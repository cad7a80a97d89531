import { getArgument, getArguments, parse, removeArgument, serialize, setArgument } from '@pxekit/pxelinux';
import { describe, expect, it } from 'vitest';

const FILE = `default a
label a
  kernel vmlinuz
  append initrd=initrd.img  console=tty0 quiet console=ttyS0,9600
label b
  KERNEL  vmlinuz
  INITRD  b.img
`;

const set = (text: string, ...args: [string, string, string | true | readonly string[]]) => serialize(setArgument(parse(text), ...args));
const remove = (text: string, label: string, name: string) => serialize(removeArgument(parse(text), label, name));
const refuses = (code: string) => expect.objectContaining({ name: 'WriteError', code });

describe('getArgument', () => {
  it('gives the last value of a name', () => {
    expect(getArgument(parse(FILE), 'a', 'console')).toBe('ttyS0,9600');
    expect(getArgument(parse(FILE), 'a', 'quiet')).toBe(true);
    expect(getArgument(parse(FILE), 'a', 'ks')).toBeUndefined();
  });

  it('gives all of them, in order', () => {
    expect(getArguments(parse(FILE), 'a').map(({ name }) => name)).toEqual(['initrd', 'console', 'quiet', 'console']);
  });

  it('keeps a quoted value in one piece', () => {
    expect(getArgument(parse('label a\n kernel k\n append x="a b" y\n'), 'a', 'x')).toBe('"a b"');
  });

  it('takes the global APPEND where the label has none, and nothing for APPEND -', () => {
    const text = 'append quiet\nlabel a\n kernel k\nlabel b\n kernel k\n append -\n';
    expect(getArgument(parse(text), 'a', 'quiet')).toBe(true);
    expect(getArgument(parse(text), 'b', 'quiet')).toBeUndefined();
  });

  it('says that there is no such label', () => {
    expect(() => getArgument(parse(FILE), 'c', 'x')).toThrow(refuses('PXELINUX_NO_LABEL'));
  });
});

describe('setArgument', () => {
  it('changes the one line and nothing else of it', () => {
    expect(set(FILE, 'a', 'inst.ks', 'http://h/a.ks')).toBe(FILE.replace('9600\n', '9600 inst.ks=http://h/a.ks\n'));
  });

  it('puts one value in place of several', () => {
    expect(set(FILE, 'a', 'console', 'tty1')).toBe(FILE.replace('console=tty0 quiet console=ttyS0,9600', 'console=tty1 quiet'));
  });

  it('writes an argument several times', () => {
    expect(set(FILE, 'a', 'console', ['tty1', 'ttyS1'])).toContain('append initrd=initrd.img  console=tty1 console=ttyS1 quiet\n');
  });

  it('writes a new APPEND as the lines around it are written', () => {
    expect(set(FILE, 'b', 'quiet', true)).toBe(`${FILE}  APPEND  quiet\n`);
  });

  it('sets initrd where it stands', () => {
    expect(set(FILE, 'b', 'initrd', 'c.img')).toContain('  INITRD  c.img\n');
    expect(set(FILE, 'a', 'initrd', 'c.img')).toContain('append initrd=c.img  console');
  });

  it('copies the global APPEND rather than changing it', () => {
    const text = 'APPEND quiet\nLABEL a\n  KERNEL k\nLABEL b\n  KERNEL k\n';
    expect(set(text, 'a', 'x', '1')).toBe('APPEND quiet\nLABEL a\n  KERNEL k\n  APPEND quiet x=1\nLABEL b\n  KERNEL k\n');
  });

  it('puts options in place of APPEND -', () => {
    expect(set('label a\n kernel k\n append -\n', 'a', 'x', '1')).toBe('label a\n kernel k\n append x=1\n');
  });

  it('quotes a value with blanks', () => {
    expect(set('label a\n kernel k\n append q\n', 'a', 'x', 'a b')).toBe('label a\n kernel k\n append q x="a b"\n');
  });

  it('keeps CRLF', () => {
    expect(set('label a\r\n kernel k\r\n', 'a', 'x', '1')).toBe('label a\r\n kernel k\r\n append x=1\r\n');
  });

  it('adds a line to a file that lacks its last line end', () => {
    expect(set('label a\n kernel k', 'a', 'x', '1')).toBe('label a\n kernel k\n append x=1');
  });

  it('writes UTF-8 into bytes and leaves other bytes alone', () => {
    const bytes = Uint8Array.from([...new TextEncoder().encode('label a\n kernel k\n append x='), 0xe9, 10]);
    const result = serialize(setArgument(parse(bytes), 'a', 'y', 'é'));
    expect([...result.subarray(-7)]).toEqual([0xe9, 0x20, 0x79, 0x3d, 0xc3, 0xa9, 10]);
  });

  it('leaves the document as it is when nothing changes', () => {
    const document = parse(FILE);
    expect(setArgument(document, 'a', 'quiet', true)).toBe(document);
  });

  it.each([
    ['PXELINUX_UNWRITABLE', 'x', 'a\nlabel b'],
    ['PXELINUX_UNWRITABLE', 'x', 'a "b" c'],
    ['PXELINUX_UNWRITABLE', 'x y', '1'],
    ['PXELINUX_UNWRITABLE', 'x=y', '1'],
    ['PXELINUX_TOO_LONG', 'x', 'y'.repeat(2048)],
  ] as const)('refuses with %s: %s=%.20j', (code, name, value) => {
    expect(() => set(FILE, 'a', name, value)).toThrow(refuses(code));
  });

  it('refuses an initrd= inside a value, for the loader would load it', () => {
    expect(() => set('label b\n kernel k\n', 'b', 'ks', 'ftp://h/a.ks,initrd=b.img')).toThrow(refuses('PXELINUX_INITRD'));
    expect(() => set(FILE, 'a', 'initrd', ['a', 'b'])).toThrow(refuses('PXELINUX_INITRD'));
  });
});

describe('removeArgument', () => {
  it('takes every one of its name, with the blank before it', () => {
    expect(remove(FILE, 'a', 'console')).toBe(FILE.replace('  console=tty0 quiet console=ttyS0,9600', ' quiet'));
  });

  it('removes the line when nothing is left', () => {
    expect(remove('label a\n kernel k\n append x=1\n', 'a', 'x')).toBe('label a\n kernel k\n');
  });

  it('writes APPEND - when the global APPEND would come back', () => {
    const text = 'append quiet\nlabel a\n kernel k\n append x\n';
    expect(remove(text, 'a', 'x')).toBe('append quiet\nlabel a\n kernel k\n append -\n');
  });

  it('gives a label that inherits an APPEND of its own', () => {
    const text = 'append quiet splash\nlabel a\n kernel k\n';
    expect(remove(text, 'a', 'splash')).toBe('append quiet splash\nlabel a\n kernel k\n append quiet\n');
  });
});
