import { type BootClient, type SimulateOptions, simulateBoot, simulateBootAsync } from '@pxekit/pxelinux';
import { describe, expect, it } from 'vitest';
import { CLIENT } from './helpers.js';

function treeOf(files: Record<string, string>) {
  return { has: (path: string) => Object.hasOwn(files, path), read: (path: string) => files[path] };
}

const MODULES = { 'ldlinux.c32': '', 'menu.c32': '', 'vesamenu.c32': '', 'libutil.c32': '', 'libcom32.c32': '' };

function boot(config: string, files: Record<string, string> = {}, client: BootClient = CLIENT, options: SimulateOptions = {}) {
  const { requests, ...rest } = simulateBoot(client, treeOf({ ...MODULES, 'pxelinux.cfg/default': config, ...files }), options);
  return { ...rest, asked: requests.map(({ path }) => path), found: requests.filter(({ found }) => found).map(({ path }) => path) };
}

describe('a simulated boot', () => {
  it('reads the configuration twice when there is a menu, includes too', () => {
    const { found, label, outcome } = boot('UI menu.c32\nTIMEOUT 50\nINCLUDE more\nLABEL a\nKERNEL k\nAPPEND x initrd=i,j\nIPAPPEND 2\n', {
      more: '',
      k: '',
      i: '',
      j: '',
    });
    expect(found).toEqual('ldlinux.c32,pxelinux.cfg/default,more,menu.c32,libutil.c32,pxelinux.cfg/default,more,k,i,j'.split(','));
    expect(label).toBe('a');
    expect(outcome).toEqual({
      type: 'linux',
      kernel: 'k',
      commandLine: 'BOOT_IMAGE=k x initrd=i,j BOOTIF=01-52-54-00-ab-cd-ef',
      initrds: ['i', 'j'],
    });
  });

  it('tries the extensions for a name that is no label, then the bare name', () => {
    const { asked, outcome } = boot('APPEND global\nIPAPPEND 2\nDEFAULT foo x\n', { foo: '' });
    expect(asked.slice(-7)).toEqual(['foo.c32', 'foo.img', 'foo.bss', 'foo.bin', 'foo.bs', 'foo.0', 'foo']);
    expect(outcome).toMatchObject({ commandLine: 'BOOT_IMAGE=foo x BOOTIF=01-52-54-00-ab-cd-ef' });
  });

  it('finds menu.c32 for DEFAULT menu', () => {
    expect(boot('DEFAULT menu\nLABEL a\nLOCALBOOT 0\n').outcome).toEqual({ type: 'localboot', value: 0 });
  });

  it('puts the prefix in front of names that begin with a slash, and none in front of ::', () => {
    const files = { 'boot/ldlinux.c32': '', 'boot/pxelinux.cfg/default': 'DEFAULT a\nLABEL a\nKERNEL /vmlinuz\nINITRD ::initrd\n' };
    const { requests, outcome } = simulateBoot({ bootFile: '/boot/pxelinux.0' }, treeOf({ ...files, 'boot/vmlinuz': '', initrd: '' }));
    expect(requests.map(({ path }) => path)).toEqual(['/boot/ldlinux.c32', '/boot/pxelinux.cfg/default', '/boot//vmlinuz', 'initrd']);
    expect(outcome).toMatchObject({ kernel: '/boot//vmlinuz', commandLine: 'BOOT_IMAGE=/vmlinuz initrd=::initrd' });
  });

  it('boots the first of two labels with one name', () => {
    expect(boot('DEFAULT a\nLABEL a\nKERNEL one\nLABEL a\nKERNEL two\n', { one: '', two: '' }).outcome).toMatchObject({ kernel: 'one' });
  });

  it('adds options after DEFAULT to the label', () => {
    expect(boot('DEFAULT a extra=1\nALLOWOPTIONS 0\nLABEL a\nKERNEL k\nAPPEND x\n', { k: '' }).outcome).toMatchObject({
      commandLine: 'BOOT_IMAGE=k x extra=1',
    });
  });

  it('takes ONTIMEOUT before the default entry', () => {
    const config = 'UI menu.c32\nTIMEOUT 50\nONTIMEOUT b\nLABEL a\nKERNEL one\nLABEL b\nKERNEL two\n';
    expect(boot(config, { one: '', two: '' }).outcome).toMatchObject({ kernel: 'two' });
  });

  it('waits at a menu without a timeout, and says what it offers', () => {
    expect(boot('UI menu.c32\nLABEL a\nKERNEL k\n', { k: '' })).toMatchObject({ waits: true, outcome: { kernel: 'k' } });
  });

  it('boots what somebody picks', () => {
    const config = 'UI menu.c32\nLABEL a\nKERNEL one\nMENU BEGIN\nLABEL my b\nKERNEL two\nMENU END\n';
    expect(boot(config, { one: '', two: '' }, CLIENT, { select: 'my b' })).toMatchObject({ label: 'my b', outcome: { kernel: 'two' } });
  });

  it('needs the libraries of a module', () => {
    const files = { 'ldlinux.c32': '', 'vesamenu.c32': '', 'libutil.c32': '', 'pxelinux.cfg/default': 'UI vesamenu.c32\n' };
    expect(simulateBoot(CLIENT, treeOf(files)).outcome).toEqual({
      type: 'prompt',
      reason: 'library libcom32.c32 of vesamenu.c32 is missing',
    });
  });

  it('looks for modules in PATH', () => {
    const files = {
      'ldlinux.c32': '',
      'm/menu.c32': '',
      'm/libutil.c32': '',
      'pxelinux.cfg/default': 'PATH m\nUI menu.c32\nLABEL a\nLOCALBOOT 0\n',
    };
    expect(simulateBoot(CLIENT, treeOf(files)).outcome.type).toBe('localboot');
  });

  it('goes on in another folder with CONFIG', () => {
    const { asked, outcome } = boot('DEFAULT a\nLABEL a\nCONFIG sub/other.cfg\nAPPEND sub/\n', {
      'sub/other.cfg': 'DEFAULT b\nLABEL b\nKERNEL k\n',
      'sub/k': '',
    });
    expect(asked.slice(-3)).toEqual(['ldlinux.c32', 'sub/other.cfg', 'sub/k']);
    expect(outcome).toMatchObject({ type: 'linux', kernel: 'sub/k' });
  });

  it('stops when configurations lead to each other', () => {
    expect(boot('DEFAULT a\nLABEL a\nCONFIG pxelinux.cfg/default\n').outcome.type).toBe('prompt');
  });

  it('stops when a menu leads to itself', () => {
    expect(boot('UI menu.c32\nTIMEOUT 50\nLABEL a\nKERNEL menu.c32\n').outcome.type).toBe('prompt');
  });

  it('tries ONERROR with the failed line behind it', () => {
    const { outcome } = boot('DEFAULT gone\nONERROR a\nLABEL a\nKERNEL k\n', { k: '' });
    expect(outcome).toMatchObject({ type: 'linux', commandLine: 'BOOT_IMAGE=k gone' });
  });

  it('refuses a command line of 2048 bytes', () => {
    const config = (length: number) => `DEFAULT a\nLABEL a\nKERNEL k\nAPPEND ${'x'.repeat(length - 2)}\n`;
    expect(boot(config(2047), { k: '' }).outcome.type).toBe('linux');
    expect(boot(config(2048), { k: '' }).outcome).toEqual({ type: 'prompt', reason: 'cmdline too long' });
  });

  it.each([
    ['KERNEL ipxe.0', { type: 'chain', file: 'ipxe.0', image: 'pxe' }],
    ['COM32 chain.c32\nAPPEND hd0', { type: 'module', module: 'chain.c32', args: 'hd0' }],
    ['COMBOOT x.com', { type: 'prompt', reason: 'kernel .comboot is missing' }],
    ['KERNEL gone', { type: 'prompt', reason: 'kernel gone is missing' }],
  ])('with %j ends as the loader does', (lines, outcome) => {
    expect(boot(`DEFAULT a\nLABEL a\n${lines}\n`, { 'ipxe.0': '', 'chain.c32': '' }).outcome).toEqual(outcome);
  });

  it('has nothing to boot without DEFAULT and UI', () => {
    expect(boot('LABEL a\nKERNEL k\n').outcome).toEqual({ type: 'prompt', reason: 'No DEFAULT or UI configuration directive found!' });
  });

  it('finds no configuration in an empty tree', () => {
    expect(simulateBoot(CLIENT, treeOf({ 'ldlinux.c32': '' })).outcome).toEqual({ type: 'no-configuration' });
  });

  it('stops without ldlinux.c32, and asks for nothing more', () => {
    const { requests, outcome } = simulateBoot(CLIENT, treeOf({ 'pxelinux.cfg/default': 'DEFAULT a\nLABEL a\nKERNEL k\n', k: '' }));
    expect(outcome).toEqual({ type: 'no-loader', file: 'ldlinux.c32' });
    expect(requests).toEqual([{ path: 'ldlinux.c32', purpose: 'module', found: false }]);
  });

  it.each(['DEFAULT a\n', 'DEFAULT a\nUI chain.c32\n', 'DEFAULT a\nPROMPT 1\n', ''])(
    'boots the label that is picked with %j, and no other when there is none of that name',
    (head) => {
      const config = `${head}LABEL a\nKERNEL one\nLABEL b\nKERNEL two\n`;
      const files = { one: '', two: '', 'chain.c32': '' };
      expect(boot(config, files, CLIENT, { select: 'b' })).toMatchObject({ label: 'b', outcome: { kernel: 'two' } });
      expect(boot(config, files, CLIENT, { select: 'nope' }).outcome).toEqual({ type: 'prompt', reason: 'kernel nope is missing' });
    },
  );

  it('picks in the menu that a label or a bare name starts', () => {
    for (const head of ['DEFAULT menu\n', 'DEFAULT m\nLABEL m\nCOM32 menu\n']) {
      const config = `${head}LABEL a\nKERNEL one\nLABEL b\nMENU LABEL B\nKERNEL two\n`;
      const { found, outcome } = boot(config, { one: '', two: '' }, CLIENT, { select: 'b' });
      expect(found).toContain('menu.c32');
      expect(outcome).toMatchObject({ kernel: 'two' });
    }
  });

  it('runs on a tree that answers later', async () => {
    const tree = treeOf({ ...MODULES, 'pxelinux.cfg/default': 'UI menu.c32\nLABEL a\nKERNEL k\n', k: '' });
    const later = { has: async (path: string) => tree.has(path), read: async (path: string) => tree.read(path) };
    expect(await simulateBootAsync(CLIENT, later)).toEqual(simulateBoot(CLIENT, tree));
  });
});

describe('a simulated boot of U-Boot', () => {
  it('takes the default label, its initrd first', () => {
    const files = {
      'pxelinux.cfg/default-arm': 'default b\nlabel a\nkernel one\nlabel b\nkernel two\ninitrd i\nfdt x.dtb\nappend ro\nipappend 2\n',
      one: '',
      two: '',
      i: '',
      'x.dtb': '',
    };
    const { requests, label, outcome } = simulateBoot({ ...CLIENT, arch: 'arm' }, treeOf(files), { loader: 'uboot' });
    expect(requests.filter(({ found }) => found).map(({ path }) => path)).toEqual(['pxelinux.cfg/default-arm', 'i', 'two', 'x.dtb']);
    expect(label).toBe('b');
    expect(outcome).toEqual({
      type: 'linux',
      kernel: 'two',
      commandLine: 'ro BOOTIF=01-52-54-00-ab-cd-ef',
      initrds: ['i'],
      devicetree: 'x.dtb',
    });
  });

  it('tries the other labels when one fails', () => {
    const files = { 'pxelinux.cfg/default': 'default a\nlabel a\nkernel gone\nlabel b\nkernel k\n', k: '' };
    expect(simulateBoot({}, treeOf(files), { loader: 'uboot' })).toMatchObject({ label: 'b', outcome: { kernel: 'k' } });
    expect(simulateBoot({}, treeOf(files), { loader: 'uboot', select: 'nope' }).outcome.type).toBe('prompt');
  });
});
