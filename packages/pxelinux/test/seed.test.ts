import { evaluate, initrdsOf, parse, simulateBoot } from '@pxekit/pxelinux';
import { describe, expect, it } from 'vitest';
import { CLIENT, entries, model } from './helpers.js';

/** The kind of file most sites began with; each of its lines holds a surprise. */
const SEED = `default menu.c32
prompt 0
timeout 300
display boot.msg
F1 boot.msg
menu color border 0 #ffffffff #00000000

label 1
  menu label ^1)Install
  kernel vmlinuz
  Append ks=ftp://192.0.2.1/ks.cfg,initrd=initrd.img

label local
  localboot 0xffff
  append -
  ipappend 2
`;

const FILES: Record<string, string> = {
  'ldlinux.c32': '',
  'menu.c32': '',
  'libutil.c32': '',
  vmlinuz: '',
  'initrd.img': '',
  'pxelinux.cfg/default': SEED,
};
const tree = { has: (path: string) => path in FILES, read: (path: string) => FILES[path] };

describe('the configuration of the early days, line by line', () => {
  const core = model('core', SEED);
  const menu = model('menu', SEED);

  it('default menu.c32: no label, so the module is loaded', () => {
    expect(core).toMatchObject({ defaultLevel: 1, defaultCmd: 'menu.c32' });
    const { requests, label, outcome } = simulateBoot(CLIENT, tree);
    expect(requests.filter(({ purpose }) => purpose === 'module').map(({ path }) => path)).toEqual([
      'ldlinux.c32',
      'menu.c32',
      'libutil.c32',
    ]);
    expect([label, outcome.type]).toEqual(['1', 'linux']);
  });

  it('default menu.c32: a later default replaces it and boots at once, because there is no UI line', () => {
    expect(model('core', `${SEED}default local\n`).defaultCmd).toBe('local');
    expect(model('menu', `${SEED}default local\n`).menus[1]?.default).toBe(0);
  });

  it('prompt 0: the value it has anyway', () => {
    expect(core.prompt).toBe(model('core', '').prompt);
  });

  it('timeout 300: 30 seconds', () => {
    expect([core.timeoutMs, menu.menus[1]?.timeoutMs]).toEqual([30_000, 30_000]);
  });

  it('display boot.msg: for the core only; a missing file is no failure', () => {
    expect(core.events).toEqual([{ display: 'boot.msg' }]);
    expect(simulateBoot(CLIENT, tree).requests).toContainEqual({ path: 'boot.msg', purpose: 'display', found: false });
  });

  it('F1 boot.msg: for both', () => {
    expect([core.menus[1]?.fkeys, menu.menus[1]?.fkeys]).toEqual([{ F1: ['boot.msg'] }, { F1: ['boot.msg'] }]);
  });

  it('menu color border 0 #ffffffff #00000000: plain in menu.c32, white in vesamenu.c32, shadow as it was', () => {
    expect(menu.menus[1]?.colors).toEqual({ border: ['0', '#ffffffff', '#00000000', 'std'] });
  });

  it('menu label ^1)Install: hotkey 1', () => {
    expect(entries(menu)[0]).toMatchObject({ label: '1', display: '^1)Install', hotkey: 0x11 });
  });

  it('Append ks=…,initrd=initrd.img: the initrd is loaded, and the kickstart URL is spoilt', () => {
    const line = entries(menu)[0]?.cmdline ?? '';
    expect(line).toBe('vmlinuz ks=ftp://192.0.2.1/ks.cfg,initrd=initrd.img');
    expect(initrdsOf(line)).toEqual(['initrd.img']);
    expect(simulateBoot(CLIENT, tree).outcome).toEqual({
      type: 'linux',
      kernel: 'vmlinuz',
      commandLine: 'BOOT_IMAGE=vmlinuz ks=ftp://192.0.2.1/ks.cfg,initrd=initrd.img',
      initrds: ['initrd.img'],
    });
  });

  it('localboot 0xffff: the same as -1; U-Boot reads it as 0', () => {
    expect(simulateBoot(CLIENT, tree, { select: 'local' }).outcome).toEqual({ type: 'localboot', value: 0xffff });
    const minus = { ...tree, read: (path: string) => FILES[path]?.replace('0xffff', '-1') };
    expect(simulateBoot(CLIENT, minus, { select: 'local' }).outcome).toEqual({ type: 'localboot', value: 0xffff });
    expect(evaluate(parse(SEED), { engine: 'uboot' }).labels.find(({ name }) => name === 'local')).toMatchObject({ localbootVal: 0 });
  });

  it('append - and ipappend 2 on a localboot entry: harmless and useless', () => {
    expect(entries(menu)[1]?.cmdline).toBe('.localboot 0xffff BOOTIF=01-52-54-00-ab-cd-ef');
  });
});
