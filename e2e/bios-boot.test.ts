import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bootLab, expectInOrder, MAC } from './lib/boot-lab.js';
import { KERNEL_FOLDER } from './lib/initrd.js';
import { missing } from './lib/requirements.js';

const skip = missing('a BIOS machine that boots from the network', {
  programs: ['qemu-system-x86_64', 'ip', 'tcpdump', 'cpio'],
  files: ['/usr/lib/PXELINUX/pxelinux.0', '/usr/lib/syslinux/modules/bios/menu.c32', '/bin/busybox', join(KERNEL_FOLDER, 'boot')],
});

describe.skipIf(skip)('BIOS PXE', () => {
  const lab = bootLab('bios-boot');

  it('boots a named machine straight into its install, and its kickstart is the one rendered for it', async () => {
    const { console, events } = await lab.boot(`machines: [{ name: m1, mac: "${MAC}", profile: demo }]`);
    expect(console).toContain('PXEKIT-BOOT-OK');
    expect(/PXEKIT-CMDLINE (.*)\r?\n/.exec(console)?.[1]).toMatch(
      /^BOOT_IMAGE=images\/demo\/vmlinuz .*inst\.ks=http:\/\/10\.77\.0\.1\/ks\/m1 .*BOOTIF=01-52-54-00-12-34-56/,
    );
    const address = /PXEKIT-ADDRESS (\S+)/.exec(console)?.[1];
    const fetched = events.find(({ type }) => type === 'kickstart.fetched');
    expect(fetched).toMatchObject({ machine: 'm1', peer: address });
    expect(/PXEKIT-KS-SHA256 ([0-9a-f]{64})/.exec(console)?.[1]).toBe(fetched?.sha256);
    expectInOrder(events, [
      ...['machine.seen', 'dhcp.offer', 'dhcp.ack', 'tftp pxelinux.0', 'tftp ldlinux.c32', 'tftp pxelinux.cfg/01-52-54-00-12-34-56'],
      ...['tftp images/demo/vmlinuz', 'tftp images/demo/initrd.img', 'dhcp.offer', 'dhcp.ack', 'kickstart.fetched', 'machine.state'],
    ]);
    // The boot ROM and the installer name themselves differently and must get the same address.
    const addresses = events.filter(({ type }) => type === 'dhcp.ack').map((event) => event.address);
    expect(addresses).toEqual([address, address]);
  });

  it('shows the menu of menu.c32 to a machine nobody named and boots its default', async () => {
    const { console, events } = await lab.boot('menu: { title: "Network boot of the lab", timeout: 2, default: demo }');
    expect(console).toContain('PXEKIT-BOOT-OK');
    expectInOrder(events, [
      ...['tftp pxelinux.0', 'tftp ldlinux.c32', 'tftp pxelinux.cfg/default', 'tftp menu.c32', 'tftp libutil.c32'],
      ...['tftp pxelinux.cfg/default', 'tftp images/demo/vmlinuz', 'tftp images/demo/initrd.img', 'kickstart.fetched'],
    ]);
  });
});
