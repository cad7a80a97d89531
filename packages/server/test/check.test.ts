import { join } from 'node:path';
import { type ConfigInput, checkSite, importDhcpd } from '@pxekit/server';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { DEMO, DEMO_FILES, folderOf } from './site-of.js';

/** The findings of a configuration with these files beside it. */
async function check(config: ConfigInput = DEMO, files: Record<string, string> = {}) {
  const folder = folderOf({ ...DEMO_FILES, ...files, 'pxekit.yaml': stringify(config) });
  const { findings } = await checkSite(join(folder, 'pxekit.yaml'));
  return findings.map(({ code, severity, message, range, source }) => ({
    code,
    severity,
    message,
    line: range.start.line,
    source: source?.replace(`${folder}/`, ''),
  }));
}

const codes = (findings: { code: string }[]) => findings.map(({ code }) => code);

describe('checkSite', () => {
  it('finds nothing wrong with a good configuration', async () => {
    expect((await check()).filter(({ severity }) => severity === 'error')).toEqual([]);
  });

  it('names files that are missing, with the line that wants them', async () => {
    const findings = await check({ ...DEMO, images: { demo: { folder: 'images/nowhere' } } });
    expect(findings).toContainEqual(
      expect.objectContaining({ code: 'config/missing-file', message: expect.stringContaining('images/nowhere') }),
    );
  });

  it('renders the template of every machine and points into the template', async () => {
    const findings = await check(DEMO, { 'ks.cfg.liquid': 'text\nurl --url={{ mirror }}\n' });
    expect(findings).toContainEqual(
      expect.objectContaining({
        code: 'config/template',
        line: 2,
        source: 'ks.cfg.liquid',
        message: 'Kickstart of machine "m1": undefined variable: mirror',
      }),
    );
  });

  it('tells a fault of a template once, however many machines get it', async () => {
    const machines = ['a', 'b', 'c'].map((name, at) => ({ name, mac: `52:54:00:00:00:0${at}`, profile: 'demo' }));
    const found = await check({ ...DEMO, machines }, { 'ks.cfg.liquid': 'text\nurl --url={{ mirror }}\n' });
    expect(codes(found).filter((code) => code === 'config/template')).toHaveLength(1);
    const profiles = { demo: { ...DEMO.profiles?.demo, image: 'demo', kickstart: 'nowhere.liquid' } };
    expect(codes(await check({ ...DEMO, machines, profiles })).filter((code) => /template|missing-file/.test(code))).toEqual([
      'config/missing-file',
    ]);
  });

  it('lints kickstarts against the release of their image', async () => {
    const config: ConfigInput = { ...DEMO, images: { demo: { folder: 'images/demo', kernel: 'vmlinuz', release: 'RHEL9' } } };
    const findings = await check(config, { 'ks.cfg.liquid': 'install\ntext\nreboot\n%packages\n%end\n' });
    expect(findings).toContainEqual(expect.objectContaining({ code: 'ks/removed-command', source: 'ks.cfg.liquid for m1', line: 1 }));
  });

  describe('boots every machine on paper', () => {
    const EFI = { 'tftp/shimx64.efi': 'shim', 'tftp/grubx64.efi': 'grub', 'tftp/shimaa64.efi': 'shim', 'tftp/grubaa64.efi': 'grub' };
    const boots = async (...args: Parameters<typeof check>) => (await check(...args)).filter(({ code }) => code === 'config/boot');

    it('as every kind of client', async () => {
      expect(
        await boots(DEMO, { ...EFI, 'tftp/ipxe.efi': 'ipxe', 'tftp/start4.elf': 'x', 'tftp/fixup4.dat': 'x', 'tftp/kernel8.img': 'x' }),
      ).toEqual([]);
      const found = await boots(DEMO, {
        ...EFI,
        'tftp/pxelinux.cfg/01-52-54-00-12-34-56': 'DEFAULT x\nLABEL x\nKERNEL nothing\n',
        'tftp/grub/machines/52:54:00:12:34:56.cfg': "set default='x'\nmenuentry 'X' --id 'x' {\n  linux /nowhere\n}\n",
      });
      expect(found.map(({ message }) => message)).toEqual([
        'Machine "m1" does not boot as bios, ipxe: nothing does not exist on the server',
        'Machine "m1" does not boot as uefi-x64, uefi-arm64: /nowhere does not exist on the server',
      ]);
    });

    it('by scripts for iPXE and over HTTP', async () => {
      const script = 'tftp/ipxe/52-54-00-12-34-56.ipxe';
      const config: ConfigInput = { ...DEMO, ipxe: 'script', unknown: 'deny', loaders: { 'uefi-http-x64': 'ipxe.efi' } };
      const found = await boots(config, {
        'tftp/ipxe.efi': 'ipxe',
        [script]: '#!ipxe\ngoto a\n:a\nkernel http://10.77.0.1/boot/none\nboot\n',
      });
      expect(found.map(({ message }) => message)).toEqual([
        'Machine "m1" does not boot as uefi-http, ipxe: http://10.77.0.1/boot/none does not exist on the server',
      ]);
    });

    it('of Raspberry Pis as such, and of unknown machines', async () => {
      const machines = [{ name: 'pi', mac: 'dc:a6:32:00:00:01' }];
      const files = { 'tftp/start4.elf': 'x', 'tftp/fixup4.dat': 'x', 'tftp/pxelinux.cfg/default': 'DEFAULT x\nLABEL x\nKERNEL gone\n' };
      expect((await boots({ ...DEMO, machines }, files)).map(({ message, line }) => [message, line])).toEqual([
        [
          'Machine "pi" (and 1 more) does not boot as rpi: none of kernel8.img, kernel7l.img, kernel7.img, kernel.img exists on the server',
          expect.any(Number),
        ],
        ['An unknown machine does not boot as bios, ipxe: gone does not exist on the server', expect.any(Number)],
      ]);
    });

    it('and tells once what stops many', async () => {
      const machines = Array.from({ length: 50 }, (_, n) => ({
        name: `m${n}`,
        mac: `52:54:00:00:00:${(16 + n).toString(16)}`,
        profile: 'demo',
      }));
      const images = { demo: { folder: 'images/demo', kernel: 'vmlinuz', arguments: 'initrd=other.img' } };
      const found = await boots({ ...DEMO, unknown: 'deny', images, machines });
      expect(found).toHaveLength(1);
      expect(found[0]?.message).toMatch(/^Machine "m0" \(and 49 more\) does not boot as bios, ipxe: The loader would load what "initrd="/);
    });

    it('and leaves out what other servers hold', async () => {
      const machines = [{ name: 'm1', mac: '52:54:00:12:34:56', nextServer: '10.77.0.9', bootFile: 'pxelinux.0' }];
      expect(await boots({ ...DEMO, unknown: 'deny', machines })).toEqual([]);
    });
  });

  it('tells of installs that nobody would report as done', async () => {
    const warned = async (config: ConfigInput) => (await check(config)).filter(({ code }) => code === 'config/no-call-home');
    expect(await warned(DEMO)).toEqual([]);
    const profiles = { demo: { image: 'demo', arguments: 'ks=http://10.77.0.1/old.cfg' } };
    expect(await warned({ ...DEMO, profiles })).toMatchObject([
      { message: expect.stringContaining('its kickstart is ks=http://10.77.0.1/old.cfg') },
    ]);
    expect(await warned({ ...DEMO, profiles, install: 'always' })).toEqual([]);
  });

  it('tells of profiles that nobody gets', async () => {
    const findings = await check({ ...DEMO, unknown: 'deny', profiles: { ...DEMO.profiles, spare: { image: 'demo' } } });
    expect(findings).toContainEqual(
      expect.objectContaining({ code: 'config/unreachable', severity: 'info', message: 'No machine and no menu gets profile "spare"' }),
    );
  });
});

const GUIDE_KICKSTART = `install
url --url=http://10.77.0.1/rhel
lang en_US.UTF-8
keyboard us
timezone Etc/UTC
rootpw --iscrypted $6$salt$hash
bootloader --location=mbr
clearpart --all --initlabel
autopart
%packages
@core
`;

describe('the mistakes of the guides', () => {
  const menu = (append: string) => `default linux\nlabel linux\n  kernel images/demo/vmlinuz\n  append ${append}\n`;

  it('a comma in `append ks=...,initrd=initrd.img`', async () => {
    const findings = await check(DEMO, { 'tftp/pxelinux.cfg/default': menu('ks=http://10.77.0.1/ks.cfg,initrd=images/demo/initrd.img') });
    expect(findings).toContainEqual(
      expect.objectContaining({
        code: 'pxelinux/initrd-comma',
        line: 4,
        source: 'tftp/pxelinux.cfg/default',
        message: expect.stringContaining('ks= gets all of "ks=http://10.77.0.1/ks.cfg,initrd='),
      }),
    );
  });

  it('the missing space in `initrd=....imgmethod=http`', async () => {
    const findings = await check(DEMO, { 'tftp/pxelinux.cfg/default': menu('initrd=images/demo/initrd.imgmethod=http://10.77.0.1/rhel') });
    expect(findings).toContainEqual(
      expect.objectContaining({
        code: 'config/kernel-arguments',
        line: 4,
        message: expect.stringContaining('The blank before "method=" is missing'),
      }),
    );
  });

  it('two `menu default`', async () => {
    const text =
      'ui menu.c32\nlabel a\n  menu default\n  kernel images/demo/vmlinuz\nlabel b\n  menu default\n  kernel images/demo/vmlinuz\n';
    expect(await check(DEMO, { 'tftp/pxelinux.cfg/default': text })).toContainEqual(
      expect.objectContaining({
        code: 'pxelinux/menu-default-twice',
        line: 3,
        message: 'The last MENU DEFAULT of a menu counts: the one in line 6',
      }),
    );
  });

  it('`isolinux.cfg` copied to `tftpboot/default`', async () => {
    const findings = await check(DEMO, { 'tftp/default': menu('initrd=images/demo/initrd.img') });
    expect(findings).toContainEqual(
      expect.objectContaining({
        code: 'pxelinux/config-file-name',
        source: 'tftp/default',
        message: expect.stringContaining('this one as pxelinux.cfg/default'),
      }),
    );
  });

  it('`vmlinux` for `vmlinuz`', async () => {
    const findings = await check({ ...DEMO, images: { demo: { folder: 'images/demo', kernel: 'vmlinux' } } });
    expect(findings).toContainEqual(
      expect.objectContaining({ code: 'config/missing-file', message: expect.stringContaining('did you mean vmlinuz?') }),
    );
  });

  it('next-server in another subnet', async () => {
    const findings = await check({
      ...DEMO,
      dhcp: { subnets: [{ subnet: '10.77.0.0/24', pools: ['10.77.0.100-10.77.0.200'], nextServer: '10.1.1.1' }] },
    });
    expect(findings).toContainEqual(
      expect.objectContaining({
        code: 'config/next-server',
        message: expect.stringContaining('Boot server 10.1.1.1 lies outside 10.77.0.0/24'),
      }),
    );
    const text = 'subnet 10.0.0.0 netmask 255.255.255.0 { range 10.0.0.10 10.0.0.20; next-server 10.1.1.1; }\n';
    const imported = importDhcpd(text);
    expect(codes(await check({ ...DEMO, dhcp: imported.config.dhcp }))).toContain('config/next-server');
  });

  it('a kickstart with no `%end` and no `reboot`', async () => {
    const config: ConfigInput = { ...DEMO, images: { demo: { folder: 'images/demo', kernel: 'vmlinuz', release: 'RHEL9' } } };
    const found = await check(config, { 'ks.cfg.liquid': GUIDE_KICKSTART });
    expect(found).toContainEqual(expect.objectContaining({ code: 'ks/missing-end', message: '%packages has no %end' }));
    expect(found).toContainEqual(expect.objectContaining({ code: 'ks/missing-end-action', message: expect.stringContaining('reboot') }));
  });

  it('bare `ks` while the DHCP filename is `pxelinux.0`', async () => {
    const findings = await check(DEMO, { 'tftp/pxelinux.cfg/default': menu('initrd=images/demo/initrd.img ks') });
    expect(findings).toContainEqual(
      expect.objectContaining({ code: 'config/kernel-arguments', message: expect.stringContaining('that is "pxelinux.0"') }),
    );
    const inConfig = await check({ ...DEMO, images: { demo: { folder: 'images/demo', kernel: 'vmlinuz', arguments: 'ks quiet' } } });
    expect(inConfig).toContainEqual(
      expect.objectContaining({ code: 'config/kernel-arguments', message: expect.stringContaining('Write ks=URL') }),
    );
  });

  it('a single `filename` with UEFI clients about', async () => {
    const subnets = [{ subnet: '10.77.0.0/24', pools: ['10.77.0.100-10.77.0.200'], bootFile: 'pxelinux.0' }];
    expect(await check({ ...DEMO, dhcp: { subnets } })).toContainEqual(
      expect.objectContaining({
        code: 'config/one-boot-file',
        message: expect.stringContaining('UEFI machines cannot run "pxelinux.0"'),
      }),
    );
  });

  it('lost blanks in dhcpd.conf are named with the fix', () => {
    const { problems } = importDhcpd('subnet 10.0.0.0 netmask 255.255.255.0 { next-server10.1.1.1; filename"pxelinux.0"; }\n');
    expect(problems.map(({ code }) => code)).toEqual(['import/missing-blank', 'import/missing-blank']);
    expect(problems.every(({ fix }) => fix !== undefined)).toBe(true);
  });
});
