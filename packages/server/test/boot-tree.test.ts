import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { type BootClient, findBootFile, resolve } from '@pxekit/server';
import { describe, expect, it } from 'vitest';
import { DEMO, DEMO_FILES, folderOf, siteOf } from './site-of.js';

const MAC = '52:54:00:12:34:56';

function find(
  name: string,
  { site = siteOf(), client = (mac: string | undefined): BootClient | undefined => (mac ? { mac } : undefined) } = {},
) {
  return findBootFile(site, name, client, (asking, stage) => resolve(site, asking, stage, { now: 0 }));
}

const textOf = (found: ReturnType<typeof find>) => (found?.kind === 'generated' ? found.text : undefined);

describe('findBootFile', () => {
  it('finds real files of the root by every spelling of their name', () => {
    for (const name of ['pxelinux.0', '/pxelinux.0', '::pxelinux.0', './pxelinux.0', '\\pxelinux.0', '//pxelinux.0']) {
      expect(find(name), name).toMatchObject({ kind: 'file', size: 16 });
    }
  });

  it('makes the configuration of a machine under the name of its hardware address', () => {
    const text = textOf(find('pxelinux.cfg/01-52-54-00-12-34-56'));
    expect(text).toContain('DEFAULT demo\n');
    expect(text).toContain(
      '  KERNEL images/demo/vmlinuz\n  INITRD images/demo/initrd.img\n  APPEND console=ttyS0 inst.ks=http://10.77.0.1/ks/m1\n',
    );
  });

  it('leaves names of unknown machines to `default`', () => {
    expect(find('pxelinux.cfg/01-52-54-00-99-99-99')).toBeUndefined();
    expect(find('pxelinux.cfg/0A4D0064')).toBeUndefined();
    expect(textOf(find('pxelinux.cfg/default'))).toContain('UI menu.c32');
  });

  it('prefers a real file of the same name', () => {
    const folder = folderOf({ ...DEMO_FILES, 'tftp/pxelinux.cfg/default': 'mine' });
    expect(find('pxelinux.cfg/default', { site: siteOf(DEMO, folder) })).toMatchObject({ kind: 'file' });
  });

  it('serves kernels and initrds of images', () => {
    expect(find('images/demo/vmlinuz')).toMatchObject({ kind: 'file', size: 6 });
  });

  it('refuses to leave the root by any spelling', () => {
    for (const name of ['../secret', 'a/../../secret', '/..', '..\\secret', 'images/demo/../../ks.cfg.liquid', 'x\0y']) {
      expect(() => find(name), name).toThrow(expect.objectContaining({ code: 'SERVER_PATH_OUTSIDE' }));
    }
  });

  it('refuses links that lead out and follows those that stay inside', () => {
    const folder = folderOf(DEMO_FILES);
    symlinkSync('/etc/passwd', join(folder, 'tftp/out'));
    symlinkSync('pxelinux.0', join(folder, 'tftp/in'));
    const site = siteOf(DEMO, folder);
    expect(() => find('out', { site })).toThrow(expect.objectContaining({ code: 'SERVER_PATH_OUTSIDE' }));
    expect(find('in', { site })).toMatchObject({ kind: 'file' });
  });

  it('makes GRUB and iPXE configurations from the same description', () => {
    const grub = textOf(find(`grub/machines/${MAC}.cfg`));
    expect(grub).toContain('linux /images/demo/vmlinuz console=ttyS0 inst.ks=http://10.77.0.1/ks/m1 BOOTIF=01-$net_default_mac');
    expect(textOf(find('grub/grub.cfg'))).toContain('configfile /grub/machines/$net_default_mac.cfg');
    const ipxe = textOf(find('ipxe/52-54-00-12-34-56.ipxe'));
    expect(ipxe).toMatch(/^#!ipxe\n/);
    expect(ipxe).toContain('kernel http://10.77.0.1/images/demo/vmlinuz initrd=initrd.img console=ttyS0');
  });
});
