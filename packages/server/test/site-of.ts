import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type ConfigInput, configSchema, prepareSite, type Site } from '@pxekit/server';
import { onTestFinished } from 'vitest';

/** A temporary folder with these files, gone after the test. */
export function folderOf(files: Record<string, string | Uint8Array> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'pxekit-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

export const DEMO: ConfigInput = {
  address: '10.77.0.1/24',
  dhcp: { subnets: [{ subnet: '10.77.0.0/24', pools: ['10.77.0.100-10.77.0.200'], routers: ['10.77.0.1'] }] },
  tftp: { root: 'tftp' },
  images: { demo: { folder: 'images/demo', kernel: 'vmlinuz', initrd: 'initrd.img', arguments: 'console=ttyS0' } },
  profiles: { demo: { image: 'demo', kickstart: 'ks.cfg.liquid' } },
  machines: [{ name: 'm1', mac: '52:54:00:12:34:56', profile: 'demo' }],
};

export const DEMO_FILES = {
  'tftp/pxelinux.0': 'not the real one',
  'tftp/ldlinux.c32': 'module',
  'tftp/menu.c32': 'module',
  'images/demo/vmlinuz': 'kernel',
  'images/demo/initrd.img': 'initrd',
  'ks.cfg.liquid':
    'text\nnetwork --hostname={{ machine.hostname }}\nrootpw --lock\nuser --name=admin --lock\nreboot\n%packages\n@core\n%end\n',
};

export function siteOf(config: ConfigInput = DEMO, folder = folderOf(DEMO_FILES), httpUrl: string | undefined = 'http://10.77.0.1'): Site {
  const values = configSchema.parse(config);
  return prepareSite(values, { folder, address: values.address ?? '10.77.0.1/24', httpUrl });
}
