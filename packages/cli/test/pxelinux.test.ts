import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from './run-cli.js';

const FILES: Record<string, string> = {
  'pxelinux.cfg/default': 'UI menu.c32\nTIMEOUT 50\nINCLUDE more.cfg\n',
  'more.cfg': 'LABEL a\nMENU LABEL ^Café\nKERNEL /k\nINITRD i\nIPAPPEND 2\n',
  'isolinux/isolinux.cfg': 'INCLUDE txt.cfg\n',
  'isolinux/txt.cfg': 'LABEL cd\nKERNEL linux\n',
  'client.json': '{"mac":"88:99:aa:bb:cc:dd"}',
  'ldlinux.c32': '',
  'menu.c32': '',
  'libutil.c32': '',
  k: '',
  i: '',
};
let root: string;

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'pxekit-'));
  for (const [name, text] of Object.entries(FILES)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
});
afterAll(() => rmSync(root, { recursive: true }));

describe('pxekit pxelinux evaluate', () => {
  it('prints one line of JSON per file, in the shape of the model', async () => {
    const { code, stdout } = await runCli([
      ...'pxelinux evaluate --json --root'.split(' '),
      root,
      '--client',
      join(root, 'client.json'),
      'pxelinux.cfg/default',
      join(root, 'isolinux/isolinux.cfg'),
    ]);
    expect(code).toBe(0);
    const [first, second] = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(first).toMatchObject({ engine: 'menu.c32', files: ['::pxelinux.cfg/default', 'more.cfg'], missing: [] });
    expect(first.menus[1].entries).toEqual([
      {
        label: 'a',
        display: '^Caf\u00c3\u00a9',
        action: 'cmd',
        cmdline: '/k initrd=i BOOTIF=01-88-99-aa-bb-cc-dd',
        hotkey: 0x43,
      },
    ]);
    expect(second).toMatchObject({ files: ['/isolinux/isolinux.cfg', 'txt.cfg'] });
  });

  it('takes flags before the client file', async () => {
    const { stdout } = await runCli([
      ...'pxelinux evaluate --json --engine core --mac 52-54-0-1-2-3 --client'.split(' '),
      join(root, 'client.json'),
      join(root, 'pxelinux.cfg/default'),
    ]);
    expect(stdout).toContain('BOOTIF=01-52-54-00-01-02-03');
  });

  it('shows menus to people', async () => {
    const { stdout } = await runCli(['pxelinux', 'evaluate', join(root, 'pxelinux.cfg/default')]);
    expect(stdout).toBe('::pxelinux.cfg/default:\n  menu .top, shown first\n  * ^Café: /k initrd=i\n');
  });

  it('reads standard input for U-Boot', async () => {
    const { stdout } = await runCli('pxelinux evaluate --engine uboot --json -'.split(' '), 'label x\nkernel y\n');
    expect(JSON.parse(stdout)).toMatchObject({ engine: 'u-boot', labels: [{ name: 'x', kernel: 'y' }] });
  });

  it('refuses a file outside of the root, and a bad address', async () => {
    const outside = await runCli(['pxelinux', 'evaluate', '--root', join(root, 'isolinux'), join(root, 'more.cfg')]);
    expect(outside).toMatchObject({ code: 2, stderr: expect.stringContaining('does not lie in') });
    const { code, stderr } = await runCli('pxelinux evaluate --mac nonsense x'.split(' '));
    expect(code).toBe(2);
    expect(stderr).toContain('52:54:00:12:34:56');
  });
});

describe('a configuration that cannot be read', () => {
  it('makes the command end with 2, and the others are still evaluated', async () => {
    const { code, stdout, stderr } = await runCli(['pxelinux', 'evaluate', '--json', '--root', root, 'none', 'pxelinux.cfg/default']);
    expect([code, stdout.split('\n').length]).toEqual([2, 2]);
    expect(stderr).toContain('none');
    expect((await runCli(['pxelinux', 'evaluate', '--client', 'none', '--root', root, 'pxelinux.cfg/default'])).code).toBe(2);
  });

  it('is told from one that is left out because it includes itself', async () => {
    const path = join(root, 'self.cfg');
    writeFileSync(path, 'INCLUDE self.cfg\nINCLUDE gone.cfg\nLABEL a\nKERNEL k\n');
    const { stdout } = await runCli(['pxelinux', 'evaluate', '--root', root, 'self.cfg']);
    expect(stdout).toContain('include left out, too deep or too often: self.cfg');
    expect(stdout).toContain('missing include: gone.cfg');
  });
});

describe('pxekit pxelinux candidates', () => {
  it('lists what a client asks for', async () => {
    const args = 'pxelinux candidates --boot-file /boot/pxelinux.0 --smbios-uuid b8945908-d6a6-41a9-611d-74a6ab80b83d';
    const { stdout } = await runCli(args.split(' '));
    expect(stdout).toBe('/boot/pxelinux.cfg/085994b8-a6d6-a941-611d-74a6ab80b83d  (uuid)\n/boot/pxelinux.cfg/default  (default)\n');
  });
});

describe('pxekit pxelinux simulate', () => {
  it('tells what boots', async () => {
    const { code, stdout } = await runCli(['pxelinux', 'simulate', '--root', root, '--mac', '52:54:00:12:34:56']);
    expect(code).toBe(0);
    expect(stdout).toContain('missing configuration pxelinux.cfg/01-52-54-00-12-34-56\n');
    expect(stdout).toContain('label a: boots /k\n  BOOT_IMAGE=/k initrd=i BOOTIF=01-52-54-00-12-34-56\n  initrd i\n');
  });

  it('boots no other label than the one that is picked', async () => {
    const args = ['pxelinux', 'simulate', '--root', root, '--mac', '52:54:00:12:34:56'];
    expect(await runCli([...args, '--select', 'nope'])).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('kernel nope is missing'),
    });
    expect((await runCli([...args, '--select', 'a'])).code).toBe(0);
  });

  it('ends with 2 for a folder that is not there', async () => {
    expect((await runCli(['pxelinux', 'simulate', '--root', join(root, 'none')])).code).toBe(2);
  });

  it('ends with 1 when nothing boots', async () => {
    const { code, stdout } = await runCli(['pxelinux', 'simulate', '--json', '--root', join(root, 'isolinux')]);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ configuration: null, outcome: { type: 'no-loader', file: 'ldlinux.c32' } });
  });
});
