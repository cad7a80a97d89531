import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where `.ci/prepare` unpacks Debian's kernel package. */
export const KERNEL_FOLDER = fileURLToPath(new URL('../.cache/kernel', import.meta.url));

/** What virtio network cards need, in the order they are loaded. */
const MODULES = [
  'virtio_ring',
  'virtio',
  'virtio_pci_legacy_dev',
  'virtio_pci_modern_dev',
  'virtio_pci',
  'failover',
  'net_failover',
  'virtio_net',
];

/** The unpacked kernel image. */
export function kernelImage(): string {
  const boot = join(KERNEL_FOLDER, 'boot');
  const image = readdirSync(boot).find((name) => name.startsWith('vmlinuz-'));
  if (!image) throw new Error(`No kernel in ${boot}`);
  return join(boot, image);
}

/** An installer in small: it prints its command line, asks for an address, fetches `inst.ks=`, prints the digest and powers off. */
const INIT = `#!/bin/sh
/bin/busybox mkdir -p /proc /sys /dev /tmp /etc
/bin/busybox mount -t proc proc /proc
/bin/busybox mount -t sysfs sysfs /sys
/bin/busybox mount -t devtmpfs dev /dev
/bin/busybox --install -s /bin
export PATH=/bin
exec >/dev/console 2>&1
dmesg -n 1
echo "PXEKIT-CMDLINE $(cat /proc/cmdline)"
for module in ${MODULES.join(' ')}; do
  [ -e /modules/$module.ko ] && insmod /modules/$module.ko
done
for try in 1 2 3 4 5 6 7 8 9 10; do
  [ -e /sys/class/net/eth0 ] && break
  sleep 1
done
ip link set eth0 up
udhcpc -i eth0 -q -f -n -t 10 -T 2 -s /udhcpc.script
ks=
for word in $(cat /proc/cmdline); do
  case $word in inst.ks=*|ks=*) ks=\${word#*=} ;; esac
done
if [ -n "$ks" ] && wget -q -O /tmp/ks.cfg "$ks"; then
  echo "PXEKIT-KS-URL $ks"
  echo "PXEKIT-KS-SHA256 $(sha256sum /tmp/ks.cfg | cut -d' ' -f1)"
  home=$(sed -n 's/^# e2e-call //p' /tmp/ks.cfg)
  [ -n "$home" ] && wget -q -O /tmp/home --post-data= "$home" && echo "PXEKIT-CALLED $home"
  echo "PXEKIT-BOOT-OK"
else
  echo "PXEKIT-BOOT-FAILED"
fi
poweroff -f
`;

const UDHCPC_SCRIPT = `#!/bin/sh
export PATH=/bin
case $1 in
  deconfig) ip address flush dev $interface ;;
  bound|renew)
    ip address add $ip/$mask dev $interface
    [ -n "$router" ] && ip route add default via $router
    echo "PXEKIT-ADDRESS $ip" ;;
esac
`;

/** Packs the small installer as a gzipped cpio archive. `work` is a scratch folder. */
export function buildInitrd(work: string, output: string): void {
  const root = join(work, 'initrd');
  for (const folder of ['bin', 'modules', 'dev']) mkdirSync(join(root, folder), { recursive: true });
  copyFileSync('/bin/busybox', join(root, 'bin/busybox'));
  execFileSync('ln', ['-sf', 'busybox', join(root, 'bin/sh')]);
  const found = execFileSync('find', [join(KERNEL_FOLDER, 'lib/modules'), '-name', '*.ko'], { encoding: 'utf8' }).split('\n');
  for (const module of MODULES) {
    const file = found.find((path) => basename(path) === `${module}.ko`);
    if (file) copyFileSync(file, join(root, 'modules', `${module}.ko`));
  }
  writeFileSync(join(root, 'init'), INIT);
  writeFileSync(join(root, 'udhcpc.script'), UDHCPC_SCRIPT);
  for (const script of ['init', 'udhcpc.script']) chmodSync(join(root, script), 0o755);
  execFileSync('sh', ['-c', 'find . | cpio --quiet -o -H newc | gzip -1 > "$0"', output], { cwd: root });
}
