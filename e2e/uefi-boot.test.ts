import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bootLab, expectInOrder, MAC } from './lib/boot-lab.js';
import { KERNEL_FOLDER } from './lib/initrd.js';
import { missing } from './lib/requirements.js';

const OVMF = '/usr/share/ovmf/OVMF.fd';
const skip = missing('UEFI machines that boot from the network', {
  programs: ['qemu-system-x86_64', 'ip', 'tcpdump', 'cpio'],
  files: [
    ...[OVMF, '/usr/lib/shim/shimx64.efi.signed', '/usr/lib/grub/x86_64-efi-signed/grubnetx64.efi.signed'],
    ...['/usr/lib/SYSLINUX.EFI/efi64/syslinux.efi', '/usr/lib/ipxe/ipxe.efi', '/bin/busybox', join(KERNEL_FOLDER, 'boot')],
  ],
});

const MACHINE = `machines: [{ name: m1, mac: "${MAC}", profile: demo }]`;

/** A machine with UEFI firmware (EDK2), whose own network stack boots; `pxe: false` leaves HTTP Boot as the only way. */
function uefi({ pxe = true } = {}) {
  const off = ['IPv6PXESupport', ...(pxe ? [] : ['IPv4PXESupport'])];
  return {
    memory: 1024,
    rom: false,
    timeout: 200_000,
    args: ['-bios', OVMF, ...off.flatMap((name) => ['-fw_cfg', `name=opt/org.tianocore/${name},string=no`])],
  };
}

describe.skipIf(skip)('UEFI', () => {
  const lab = bootLab('uefi-boot');

  it('boots over PXE through shim and GRUB', async () => {
    const { console, events } = await lab.boot(MACHINE, { machine: uefi() });
    expect(console).toContain('PXEKIT-BOOT-OK');
    expectInOrder(events, ['dhcp.ack', 'tftp shimx64.efi', 'tftp grubx64.efi', 'kickstart.fetched']);
  });

  it('boots over PXE through syslinux.efi', async () => {
    const { console, events } = await lab.boot(`${MACHINE}\nloaders: { uefi-x64: efi64/syslinux.efi }`, { machine: uefi() });
    expect(console).toContain('PXEKIT-BOOT-OK');
    expectInOrder(events, ['dhcp.ack', 'tftp efi64/syslinux.efi', 'tftp efi64/ldlinux.e64', 'kickstart.fetched']);
  });

  it('boots over HTTP', async () => {
    const { console, events } = await lab.boot(MACHINE, { machine: uefi({ pxe: false }) });
    expect(console).toContain('PXEKIT-BOOT-OK');
    expectInOrder(events, ['dhcp.ack', 'http /boot/ipxe.efi', 'kickstart.fetched']);
    expect(events.filter(({ type }) => type === 'tftp.done')).toEqual([]);
  });
});

describe.skipIf(skip)('iPXE by user class', () => {
  const lab = bootLab('ipxe-boot');

  // The boot ROM of QEMU's cards is iPXE already, so a server that chained iPXE again would never end.
  it('gets a script, and everything else over HTTP', async () => {
    const { folder } = lab.evidence();
    copyFileSync('/usr/lib/ipxe/undionly.kpxe', join(folder, 'undionly.kpxe'));
    const { console, events } = await lab.boot(`${MACHINE}\nloaders: { folder: ., bios: undionly.kpxe }`);
    expect(console).toContain('PXEKIT-BOOT-OK');
    expectInOrder(events, [
      'dhcp.ack',
      'http /boot/ipxe/52-54-00-12-34-56.ipxe',
      'http /images/demo/vmlinuz',
      'http /images/demo/initrd.img',
      'kickstart.fetched',
    ]);
    expect(events.filter(({ type }) => type === 'tftp.done')).toEqual([]);
  });
});
