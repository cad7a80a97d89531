import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Evidence } from './lib/evidence.js';
import { buildInitrd, KERNEL_FOLDER, kernelImage } from './lib/initrd.js';
import { createLan, type Lan } from './lib/netns.js';
import { bootFromNetwork } from './lib/qemu.js';
import { missing } from './lib/requirements.js';
import { type ServerEvent, type Serving, serve } from './lib/serve.js';

const skip = missing('a BIOS machine that boots from the network', {
  programs: ['qemu-system-x86_64', 'ip', 'tcpdump', 'cpio'],
  files: ['/usr/lib/PXELINUX/pxelinux.0', '/usr/lib/syslinux/modules/bios/menu.c32', '/bin/busybox', join(KERNEL_FOLDER, 'boot')],
});

const MAC = '52:54:00:12:34:56';
const KICKSTART = `# Kickstart of {{ machine.name }}
text
lang en_US.UTF-8
keyboard us
timezone Etc/UTC --utc
network --bootproto=dhcp --hostname={{ machine.hostname }}
rootpw --lock
zerombr
clearpart --all --initlabel
autopart
reboot
%packages
@core
%end
`;

describe.skipIf(skip)('BIOS PXE', () => {
  let lan: Lan | undefined;
  let evidence: Evidence;
  let server: Serving | undefined;

  beforeEach(async () => {
    evidence = new Evidence('bios-boot');
    lan = createLan({ address: '10.77.0.1/24' });
    lan.addTap('tap0');
    await evidence.capture(lan.server);
  });

  afterEach(async ({ task }) => {
    await server?.stop();
    await evidence.close(task.result?.state === 'fail');
    lan?.remove();
  });

  /** Serves a demo image, boots one machine and gives its console and the server's events. */
  async function boot(config: string): Promise<{ console: string; events: ServerEvent[] }> {
    const { folder } = evidence;
    const namespace = (lan as Lan).server;
    mkdirSync(join(folder, 'images/demo'), { recursive: true });
    copyFileSync(kernelImage(), join(folder, 'images/demo/vmlinuz'));
    buildInitrd(folder, join(folder, 'images/demo/initrd.img'));
    writeFileSync(join(folder, 'ks.cfg.liquid'), KICKSTART);
    const eventLog = evidence.file('events.jsonl');
    const file = join(folder, 'pxekit.yaml');
    writeFileSync(
      file,
      `interface: br0
events: ${eventLog}
dhcp:
  subnets: [{ subnet: 10.77.0.0/24, pools: [10.77.0.100-10.77.0.200], routers: [10.77.0.1] }]
images: { demo: { folder: images/demo, kernel: vmlinuz, initrd: initrd.img, arguments: console=ttyS0, release: RHEL9 } }
profiles: { demo: { image: demo, kickstart: ks.cfg.liquid } }
${config}`,
    );
    server = await serve(namespace, file, eventLog);
    const console = await bootFromNetwork(namespace, { mac: MAC, tap: 'tap0', serialLog: evidence.file('serial.log') });
    return { console, events: server.events() };
  }

  function expectInOrder(events: readonly ServerEvent[], steps: readonly string[]): void {
    const seen = events.map(({ type, file }) => (type === 'tftp.done' ? `tftp ${file}` : type));
    let at = -1;
    for (const step of steps) {
      at = seen.indexOf(step, at + 1);
      expect(at, `"${step}" in its place in:\n${seen.join('\n')}`).toBeGreaterThanOrEqual(0);
    }
  }

  it('boots a named machine straight into its install, and its kickstart is the one rendered for it', async () => {
    const { console, events } = await boot(`machines: [{ name: m1, mac: "${MAC}", profile: demo }]\n`);
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
    const { console, events } = await boot('menu: { title: "Network boot of the lab", timeout: 2, default: demo }\n');
    expect(console).toContain('PXEKIT-BOOT-OK');
    expectInOrder(events, [
      ...['tftp pxelinux.0', 'tftp ldlinux.c32', 'tftp pxelinux.cfg/default', 'tftp menu.c32', 'tftp libutil.c32'],
      ...['tftp pxelinux.cfg/default', 'tftp images/demo/vmlinuz', 'tftp images/demo/initrd.img', 'kickstart.fetched'],
    ]);
  });
});
