import { describe, expect, it } from 'vitest';
import { model } from '../helpers.js';

const labels = (text: string) => model('uboot', text).labels;

describe('U-Boot', () => {
  it('ends a label at a directive it does not know', () => {
    const { labels, log } = model('uboot', 'label a\nkernel k\nsysappend 3\nappend x\n');
    expect(labels).toMatchObject([{ kernel: 'k', append: null }]);
    expect(log).toBe('Ignoring unknown command: sysappend\nIgnoring unknown command: append\n');
  });

  it('picks the initrd out of APPEND, unless INITRD came first', () => {
    expect(labels('label a\nappend initrd=x ro\n')).toMatchObject([{ initrd: 'x' }]);
    expect(labels('label a\ninitrd y\nappend initrd=x ro\n')).toMatchObject([{ initrd: 'y' }]);
  });

  it('marks what is undefined in the original', () => {
    expect(model('uboot', 'label a\nappend ro initrd=x\n').log).toContain('UB:');
    expect(model('uboot', 'label a\nappend\n').log).toContain('UB:');
  });

  it('rejects a file with a directive that lacks its value, or an include that is missing', () => {
    expect(model('uboot', 'label a\nkernel\n').result).toBe(-22);
    expect(model('uboot', 'include gone\n')).toMatchObject({ result: -2, log: "Couldn't retrieve gone\n" });
    expect(model('uboot', 'include f\n', { f: 'include f\n' }).result).toBe(-31);
  });

  it('takes a value that begins with # for a comment', () => {
    expect(model('uboot', 'menu background #ff00\n')).toMatchObject({ result: -22, bmp: null });
  });

  it('splits a kernel at its FIT configuration', () => {
    expect(labels('label a\nlinux fit.itb#conf-1\n')).toMatchObject([{ kernel: 'fit.itb', config: '#conf-1' }]);
  });

  it('keeps the carriage return of a DOS line', () => {
    expect(labels('label a\r\nkernel k\r\n')).toMatchObject([{ name: 'a\r', kernel: 'k\r' }]);
  });

  it('reads numbers in decimal only', () => {
    expect(labels('label a\nlocalboot 0xffff\nipappend 0x3\n')).toMatchObject([{ localboot: 1, localbootVal: 0, ipappend: 0 }]);
    expect(labels('label a\nlocalboot -1\n')).toMatchObject([{ localbootVal: -1 }]);
  });

  it('goes on with the next line after MENU on a line of its own', () => {
    expect(model('uboot', 'menu\nlabel a\nlabel b\n').labels).toMatchObject([{ name: 'b' }]);
  });

  it('knows the lines', () => {
    expect(labels('\nlabel a\n\n kernel k\n')[0]?.origins).toMatchObject({ name: { line: 2 }, kernel: { line: 4 } });
  });
});
