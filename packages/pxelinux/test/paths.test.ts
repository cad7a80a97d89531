import { guessLoader, resolvePath } from '@pxekit/pxelinux';
import { describe, expect, it } from 'vitest';

describe('resolvePath', () => {
  it.each([
    ['vmlinuz', '/boot/', 'boot/vmlinuz'],
    ['/vmlinuz', '/boot/', 'boot/vmlinuz'],
    ['::/vmlinuz', '/boot/', 'vmlinuz'],
    ['vmlinuz', '/my_', 'my_vmlinuz'],
    ['../../../etc/passwd', 'a/', 'etc/passwd'],
    ['192.0.2.1::vmlinuz', '', undefined],
    ['http://192.0.2.1/vmlinuz', '', undefined],
  ])('PXELINUX: %s below %s is %s', (name, base, path) => {
    expect(resolvePath(name, { loader: 'pxelinux', base })).toBe(path);
  });

  it.each([
    ['menu.cfg', 'isolinux/menu.cfg'],
    ['/boot/menu.cfg', 'boot/menu.cfg'],
  ])('on a disk: %s is %s', (name, path) => {
    expect(resolvePath(name, { loader: 'isolinux', base: 'isolinux' })).toBe(path);
  });
});

describe('guessLoader', () => {
  it.each([
    ['pxelinux.cfg/default', false, 'pxelinux'],
    ['isolinux/isolinux.cfg', true, 'isolinux'],
    ['boot/extlinux/extlinux.conf', false, 'extlinux'],
    ['syslinux.cfg', false, 'syslinux'],
    ['installer/boot-screens/syslinux.cfg', true, 'pxelinux'],
    ['some.cfg', false, 'pxelinux'],
  ] as const)('takes %s (pxelinux.cfg there: %s) for %s', (path, folder, loader) => {
    expect(guessLoader(path, folder)).toBe(loader);
  });
});
