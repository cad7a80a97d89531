// biome-ignore-all lint/suspicious/noTemplateCurlyInString: iPXE writes its settings so
import { type ConvertOptions, parse, toGrub, toIpxe, toNeutral } from '@pxekit/pxelinux';
import { describe, expect, it } from 'vitest';

const FILE = `SERIAL 0 115200
UI menu.c32
DEFAULT linux
TIMEOUT 100
MENU TITLE Machines
MENU COLOR title 0 #ff #00 std
LABEL linux
  MENU LABEL ^Install "it's"
  KERNEL vmlinuz
  INITRD a.img,b.img
  APPEND ks=http://h/a.ks;x quiet
  IPAPPEND 3
  TEXT HELP
Erases the disk
  ENDTEXT
LABEL iso
  KERNEL memdisk
  APPEND iso initrd=cd.iso raw
MENU SEPARATOR
MENU BEGIN Tools
  LABEL hd
    COM32 chain.c32
    APPEND hd0 1
  LABEL off
    KERNEL poweroff.c32
  LABEL xen
    KERNEL mboot.c32
    APPEND xen.gz dom0=1 --- vmlinuz ro --- initrd.img
  LABEL hdt
    KERNEL hdt.c32
  LABEL back
    MENU LABEL ^Back
    MENU EXIT
MENU END
LABEL local
  LOCALBOOT 0xffff
`;

const lostBy = (lost: { message: string }[]) => lost.map(({ message }) => message);

describe('toNeutral', () => {
  const { config, lost } = toNeutral(parse(FILE));

  it('says what shows and what boots', () => {
    expect(config).toMatchObject({
      startMenu: 1,
      default: 'linux',
      timeoutMs: 10000,
      hidden: false,
      serial: { port: 0x3f8, baud: 115200 },
    });
    expect(config.menus[1]?.entries.map(({ id, title, hotkey, sysappend, action }) => ({ id, title, hotkey, sysappend, action }))).toEqual([
      {
        id: 'linux',
        title: 'Install "it\'s"',
        hotkey: 'I',
        sysappend: ['ip', 'BOOTIF'],
        action: { type: 'linux', kernel: 'vmlinuz', args: 'ks=http://h/a.ks;x quiet', initrds: ['a.img', 'b.img'] },
      },
      { id: 'iso', title: 'iso', action: { type: 'linux', kernel: 'memdisk', args: 'iso raw', initrds: ['cd.iso'] } },
      { id: 'entry', title: '', action: { type: 'text' } },
      { id: 'Tools', title: 'Tools', action: { type: 'menu', menu: 2 } },
      { id: 'local', title: 'local', action: { type: 'localboot', value: 0xffff } },
    ]);
    expect(config.menus[2]?.parent).toBe(1);
  });

  it('says what it has no place for, and where that stands', () => {
    expect(lost.find(({ message }) => message.startsWith('The colours'))?.origin?.line).toBe(6);
  });

  it('is plain JSON', () => {
    expect(JSON.parse(JSON.stringify(config))).toEqual(config);
  });

  it('waits for ever at a menu without a timeout, and boots a label in DEFAULT at once', () => {
    const label = 'LABEL a\n KERNEL k\n';
    expect(toNeutral(parse(`UI menu.c32\n${label}`)).config).toMatchObject({ default: 'a' });
    expect(toNeutral(parse(`UI menu.c32\n${label}`)).config.timeoutMs).toBeUndefined();
    expect(toNeutral(parse(`DEFAULT a\n${label}`)).config).toMatchObject({ default: 'a', timeoutMs: 0 });
    expect(toNeutral(parse(`DEFAULT a\nPROMPT 1\nTIMEOUT 50\n${label}`)).config).toMatchObject({ default: 'a', timeoutMs: 5000 });
    expect(toNeutral(parse(label)).config.default).toBeUndefined();
  });

  it('takes ONTIMEOUT for the default', () => {
    expect(toNeutral(parse('UI menu.c32\nTIMEOUT 50\nONTIMEOUT b\nLABEL a\n KERNEL k\nLABEL b\n KERNEL l\n')).config.default).toBe('b');
  });
});

describe('toGrub', () => {
  const { text, lost } = toGrub(parse(FILE));

  it('writes menu entries, submenus and the default', () => {
    expect(text).toContain("set default='linux'\nset timeout=10\n");
    expect(text).toContain(
      [
        `menuentry 'Install "it'\\''s"' --id 'linux' --hotkey='i' {`,
        `  linux '/vmlinuz' 'ks=http://h/a.ks;x' quiet ip="$net_default_ip":"$net_default_server" BOOTIF="$bootif"`,
        `  initrd '/a.img' '/b.img'`,
        '}',
      ].join('\n'),
    );
    expect(text).toContain("  linux16 '/memdisk' iso raw\n  initrd16 '/cd.iso'\n");
    expect(text).toContain("submenu 'Tools' --id 'Tools' {\n");
    expect(text).toContain('    set root=(hd0,1)\n    chainloader +1\n');
    expect(text).toContain("    multiboot '/xen.gz' dom0=1\n    module '/vmlinuz' ro\n    module '/initrd.img'\n");
    expect(text).toContain('    halt\n');
    expect(text).toContain('  exit\n');
  });

  it('says what is lost', () => {
    expect(lostBy(lost)).toEqual(
      expect.arrayContaining([
        'The help text of "Install "it\'s""',
        '"hdt" runs the SYSLINUX module hdt.c32',
        '"Back": in GRUB, Esc leads out of a submenu',
        'SYSAPPEND ip: GRUB does not know gateway and netmask',
      ]),
    );
  });

  it('names an entry of a submenu as the default', () => {
    const nested = 'UI menu.c32\nDEFAULT b\nTIMEOUT 50\nLABEL a\n KERNEL k\nMENU BEGIN x\nLABEL b\n KERNEL k\nMENU END\n';
    expect(toGrub(parse(nested.replace('DEFAULT b\n', 'ONTIMEOUT b\n'))).text).toContain("set default='x>b'");
  });

  it('finds files where the loader would, and on other servers', () => {
    const names = 'LABEL a\n KERNEL ../k\nLABEL b\n KERNEL http://h:8080/k\nLABEL c\n KERNEL h::k\n';
    const options: ConvertOptions = { loader: 'isolinux', file: 'boot/isolinux/isolinux.cfg' };
    expect(toGrub(parse(names), options).text).toContain("linux '/boot/k'");
    expect(toGrub(parse(names)).text).toContain("linux '(http,h,8080)/k'");
    expect(toGrub(parse(names)).text).toContain("linux '(tftp,h)/k'");
  });

  it('boots a BIOS drive for LOCALBOOT on a CD', () => {
    expect(toGrub(parse('LABEL a\n LOCALBOOT 0x81\n'), { loader: 'isolinux' }).text).toContain('set root=(hd1)');
  });
});

describe('toIpxe', () => {
  const { text, lost } = toIpxe(parse(FILE));

  it('writes a script with a menu and an entry for each label', () => {
    expect(text).toMatch(/^#!ipxe\n\ngoto menu-1\n\n:menu-1\nmenu Machines\nitem --key i boot-linux Install "it's"\n/);
    expect(text).toContain('item --gap\nitem menu-2 Tools\n');
    expect(text).toContain('choose --timeout 10000 --default boot-linux selected || exit\ngoto ${selected}\n');
    expect(text).toContain(
      [
        ':boot-linux',
        'kernel /vmlinuz initrd=initrd.magic ks=http://h/a.ks;x quiet ip=${netX/ip}:${next-server}:${netX/gateway}:${netX/netmask} BOOTIF=01-${netX/mac:hexhyp} || goto failed',
        'initrd /a.img || goto failed',
        'initrd /b.img || goto failed',
        'boot || goto failed',
      ].join('\n'),
    );
    expect(text).toContain(':boot-hd\nsanboot --no-describe --drive 0x80 || goto failed\n');
    expect(text).toContain(':boot-off\npoweroff\n');
    expect(text).toContain('kernel /xen.gz dom0=1 || goto failed\nmodule /vmlinuz ro || goto failed\n');
    expect(text).toContain(':boot-local\nexit\n');
    expect(text).toContain('item --key b menu-1 Back\n');
  });

  it('jumps only to labels that are there', () => {
    const labels = new Set(Array.from(text.matchAll(/^:(\S+)$/gm), ([, label]) => label));
    for (const [, label] of text.matchAll(/\bgoto ([\w-]+)/g)) expect(labels).toContain(label);
    for (const [, label] of text.matchAll(/^item (?:--key \S )?([\w-]+) /gm)) expect(labels).toContain(label);
  });

  it('says what is lost', () => {
    expect(lostBy(lost)).toEqual(
      expect.arrayContaining(['"hdt" runs the SYSLINUX module hdt.c32', '"hd": iPXE boots the drive, not hd0 1']),
    );
    expect(lostBy(toIpxe(parse('LABEL a\n KERNEL k\n APPEND x=${y}\n')).lost)).toEqual(['"a": iPXE takes a part of "x=${y}" for its own']);
  });

  it('boots at once where the loader does', () => {
    expect(toIpxe(parse('DEFAULT a b\nLABEL a b\n KERNEL k\n')).text).toContain('#!ipxe\n\ngoto boot-a-b\n');
  });
});

describe('mboot.c32 with options of its own, as ESXi has it', () => {
  const esxi = parse('LABEL a\n KERNEL mboot.c32\n APPEND -c boot.cfg ks=http://h/k\n');

  it('is lost for GRUB', () => {
    const { text, lost } = toGrub(esxi);
    expect(text).not.toContain('multiboot');
    expect(lostBy(lost)).toEqual(['"a" runs the SYSLINUX module mboot.c32 -c boot.cfg ks=http://h/k']);
  });

  it('is started by iPXE itself', () => {
    const { text, lost } = toIpxe(esxi);
    expect(text).toContain('kernel /mboot.c32 -c boot.cfg ks=http://h/k || goto failed\nboot || goto failed\n');
    expect(lost).toEqual([]);
  });
});

describe('quotes in options for GRUB', () => {
  const convert = (append: string) => toGrub(parse(`LABEL a\n KERNEL k\n APPEND ${append}\n`));

  it.each([
    ['"a b" c', "'a b' c"],
    ['x="a b"', "'x=a b'"],
    ['x="a"  y', 'x=a y'],
    ['"x=a b"', "'x=a b'"],
    ['x=a;b', "'x=a;b'"],
  ])('writes %s as %s', (append, options) => {
    const { text, lost } = convert(append);
    expect(text).toContain(`  linux '/k' ${options}\n`);
    expect(lost).toEqual([]);
  });

  it.each(["x='a", 'x="a', 'x=a\\b', 'x="a"b"c"'])('says that %s does not arrive as it is', (append) => {
    expect(lostBy(convert(append).lost)).toEqual([expect.stringContaining(append)]);
  });
});
