import { type ConfigDescription, evaluate, generate, lint, parse } from '@pxekit/pxelinux';
import { describe, expect, it } from 'vitest';

const DESCRIPTION: ConfigDescription = {
  comment: 'Made for one machine.\nDo not edit.',
  serial: { port: 0, baud: 115200 },
  ui: 'menu.c32',
  default: 'install',
  prompt: false,
  timeoutMs: 5000,
  title: 'Machines',
  entries: [
    {
      label: 'install',
      title: '^Install',
      default: true,
      boot: { type: 'linux', kernel: 'vmlinuz', initrds: ['a.img', 'b.img'], args: ['inst.ks=http://h/a.ks', 'quiet'] },
      sysappend: 2,
      help: 'Erases the disk.\n  Really.\n',
    },
    { label: 'memtest', boot: { type: 'linux', kernel: 'memtest.bin' } },
    { separator: true },
    {
      menu: 'tools',
      title: 'Tools',
      entries: [
        { label: 'reboot', boot: { type: 'module', module: 'reboot.c32' } },
        { label: 'other', boot: { type: 'config', file: 'other.cfg', folder: 'other/' } },
        { exit: 'Back' },
      ],
    },
    { text: 'Nothing below' },
    { label: 'local', boot: { type: 'localboot', value: -1 }, disabled: false },
    { label: 'next', boot: { type: 'pxe', file: 'next.0' }, sysappend: 7 },
  ],
};

describe('generate', () => {
  const text = generate(DESCRIPTION);

  it('writes what menu.c32 reads as described', () => {
    const model = evaluate(parse(text), { engine: 'menu' });
    const [, top, tools] = model.menus;
    expect(top).toMatchObject({ title: 'Machines', timeoutMs: 5000, default: 0 });
    expect(top?.entries.map(({ label, display, action, cmdline }) => [label, display, action, cmdline])).toEqual([
      ['install', '^Install', 'cmd', 'vmlinuz inst.ks=http://h/a.ks quiet initrd=a.img,b.img'],
      ['memtest', 'memtest', 'cmd', '.linux memtest.bin'],
      [null, '', 'disabled', undefined],
      [null, 'Tools', 'submenu', undefined],
      [null, 'Nothing below', 'disabled', undefined],
      ['local', 'local', 'cmd', '.localboot -1'],
      ['next', 'next', 'cmd', '.pxe next.0'],
    ]);
    expect(top?.entries[0]?.help).toBe('Erases the disk.\n  Really.\n');
    expect(tools?.entries.map(({ cmdline, action }) => [action, cmdline])).toEqual([
      ['cmd', '.com32 reboot.c32'],
      ['cmd', '.config other.cfg other/'],
      ['exit', undefined],
    ]);
  });

  it('writes what the core reads as described', () => {
    const model = evaluate(parse(text), { engine: 'core', client: { mac: '52:54:00:ab:cd:ef' } });
    expect(model).toMatchObject({ defaultCmd: 'menu.c32', defaultLevel: 2, globalDefault: 'install', prompt: 0, timeoutMs: 5000 });
    expect(model.menus[1]?.entries[0]?.cmdline).toMatch(/ BOOTIF=01-52-54-00-ab-cd-ef$/);
  });

  it('writes labels that U-Boot reads to their end', () => {
    const { labels, result } = evaluate(parse(text), { engine: 'uboot' });
    expect(result).toBe(1);
    expect(labels[0]).toMatchObject({
      name: 'install',
      kernel: 'vmlinuz',
      initrd: 'a.img,b.img',
      append: 'inst.ks=http://h/a.ks quiet',
      ipappend: 2,
    });
  });

  it('writes nothing that lint warns of', () => {
    expect(lint(parse(text)).filter(({ severity }) => severity !== 'info')).toEqual([]);
  });

  it('nests menus without recursion', () => {
    let entries: ConfigDescription['entries'] = [{ label: 'a', boot: { type: 'linux', kernel: 'k' } }];
    for (let i = 0; i < 5000; i++) entries = [{ menu: `m${i}`, entries }];
    expect(evaluate(parse(generate({ default: 'a', entries })), { engine: 'menu' }).menus).toHaveLength(5002);
  });

  const label = (boot: object, more: object = {}) => ({ default: 'a', entries: [{ label: 'a', boot, ...more }] }) as ConfigDescription;
  it.each([
    ['PXELINUX_NO_LABEL', { default: 'b', entries: [] }],
    ['PXELINUX_NO_LABEL', { entries: [] }],
    [
      'PXELINUX_LABEL_EXISTS',
      { default: 'a', entries: [...label({ type: 'localboot', value: 0 }).entries, ...label({ type: 'localboot', value: 0 }).entries] },
    ],
    ['PXELINUX_UNWRITABLE', label({ type: 'linux', kernel: 'k' }, { label: 'a b' })],
    ['PXELINUX_UNWRITABLE', label({ type: 'linux', kernel: 'k k' })],
    ['PXELINUX_UNWRITABLE', label({ type: 'linux', kernel: 'k', args: 'a\nLABEL b' })],
    ['PXELINUX_UNWRITABLE', label({ type: 'linux', kernel: 'k', args: 'a ' })],
    ['PXELINUX_UNWRITABLE', label({ type: 'linux', kernel: 'k', args: '-' })],
    ['PXELINUX_UNWRITABLE', label({ type: 'linux', kernel: 'k' }, { title: ' x' })],
    ['PXELINUX_UNWRITABLE', label({ type: 'linux', kernel: 'k' }, { help: 'a\nEndText\nb' })],
    ['PXELINUX_UNWRITABLE', label({ type: 'localboot', value: 0.5 })],
    ['PXELINUX_UNWRITABLE', label({ type: 'linux', kernel: 'k' }, { sysappend: -1 })],
    ['PXELINUX_UNWRITABLE', { ...label({ type: 'linux', kernel: 'k' }), timeoutMs: 50 }],
    ['PXELINUX_UNWRITABLE', { default: 'a', entries: [{ exit: 'Back' }] }],
    ['PXELINUX_INITRD', label({ type: 'linux', kernel: 'k', args: 'ks=x,initrd=y' })],
    ['PXELINUX_INITRD', label({ type: 'linux', kernel: 'k', initrds: ['a,b'] })],
    ['PXELINUX_TOO_LONG', label({ type: 'linux', kernel: 'k', args: 'x'.repeat(2046) })],
    ['PXELINUX_TOO_LONG', label({ type: 'linux', kernel: 'k' }, { title: 'x'.repeat(4096) })],
  ] as [string, ConfigDescription][])('refuses with %s (%#)', (code, description) => {
    expect(() => generate(description)).toThrow(expect.objectContaining({ name: 'WriteError', code }));
  });
});
