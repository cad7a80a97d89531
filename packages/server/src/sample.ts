import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findLoader, syslinuxModules } from './loaders.js';

const CONFIG = `# A sample: one machine, one image, on loopback with ports that need no privilege.
address: 127.0.0.1/8
dhcp:
  port: 0
  clientPort: CLIENT_PORT
  subnets:
    - subnet: 127.0.0.0/8
      pools: [127.77.0.100-127.77.0.200]
      routers: [127.0.0.1]
      domain: demo.test
tftp:
  root: tftp
  port: 0
http:
  port: 0
images:
  demo:
    folder: images/demo
    kernel: vmlinuz
    initrd: initrd.img
    arguments: console=ttyS0
    release: RHEL9
profiles:
  demo:
    image: demo
    kickstart: ks.cfg.liquid
    variables: { timezone: Etc/UTC, packages: ["@core", chrony] }
machines:
  - name: sample
    mac: 52:54:00:70:78:01
    address: 127.77.0.10
    profile: demo
`;

const KICKSTART = `# Kickstart of {{ machine.name }}, rendered by pxekit.
text
lang en_US.UTF-8
keyboard us
timezone {{ timezone }} --utc
network --bootproto=dhcp --hostname={{ machine.hostname }}
url --url={{ image.url }}
rootpw --lock
zerombr
clearpart --all --initlabel
autopart
reboot

%packages
{% for name in packages %}{{ name }}
{% endfor %}%end
`;

/** Bytes that look like nothing in particular, the same at every run. */
function filler(size: number, seed: number): Uint8Array {
  const data = new Uint8Array(size);
  let state = seed >>> 0 || 1;
  for (let at = 0; at < size; at++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    data[at] = state >>> 24;
  }
  return data;
}

/**
 * Writes a small boot tree with its configuration: `pxekit.yaml`, a kickstart template, a kernel and an initrd of made-up bytes,
 * and stand-ins for PXELINUX where none is installed. Gives the path of the configuration.
 */
export function writeSample(folder: string, { clientPort }: { clientPort: number }): string {
  const put = (name: string, content: string | Uint8Array) => {
    const file = join(folder, name);
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(file, content);
    return file;
  };
  mkdirSync(join(folder, 'tftp'), { recursive: true });
  if (!findLoader('bios', { folders: [] })) put('tftp/pxelinux.0', filler(42_430, 1));
  if (!syslinuxModules('bios').has('ldlinux.c32')) put('tftp/ldlinux.c32', filler(119_524, 2));
  put('images/demo/vmlinuz', filler(262_144, 3));
  put('images/demo/initrd.img', filler(1_048_576, 4));
  put('ks.cfg.liquid', KICKSTART);
  return put('pxekit.yaml', CONFIG.replace('CLIENT_PORT', String(clientPort)));
}
