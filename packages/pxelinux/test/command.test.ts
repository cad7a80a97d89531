import { initrdsOf, parseCommand } from '@pxekit/pxelinux';
import { describe, expect, it } from 'vitest';

describe('parseCommand', () => {
  it.each([
    ['vmlinuz  a  "b c"', { type: 'kernel', file: 'vmlinuz', args: 'a  "b c"' }],
    ['.linux vmlinuz a', { type: 'linux', file: 'vmlinuz', args: 'a' }],
    ['.com32 chain hd0', { type: 'com32', file: 'chain.c32', args: 'hd0' }],
    ['menu.c32', { type: 'com32', file: 'menu.c32', args: '' }],
    ['MENU.C32', { type: 'kernel', file: 'MENU.C32', args: '' }],
    ['pxelinux.0', { type: 'pxe', file: 'pxelinux.0', args: '' }],
    ['.localboot -1', { type: 'localboot', file: '-1', args: '' }],
    ['.none x', { type: 'kernel', file: '.none', args: 'x' }],
    ['', { type: 'kernel', file: '', args: '' }],
  ])('takes %j apart', (line, command) => {
    expect(parseCommand(line)).toEqual(command);
  });
});

describe('initrdsOf', () => {
  it.each([
    ['k initrd=a,b quiet initrd=c', ['a', 'b']],
    ['k ks=x,initrd=y z', ['y']],
    ['k rd.initrd=y', ['y']],
    ['k quiet', []],
  ])('of %j are %j', (line, initrds) => {
    expect(initrdsOf(line)).toEqual(initrds);
  });
});
