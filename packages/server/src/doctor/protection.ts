import { existsSync, statSync } from 'node:fs';
import { dirname, resolve as resolvePath } from 'node:path';
import type { LoadedConfig } from '../config/load.js';
import type { Site } from '../site.js';
import { type DoctorItem, ok, warn } from './item.js';
import { readText } from './system-text.js';

/** Only what can be told without a privilege: whether a firewall is loaded. */
export function* checkFirewall(): Generator<DoctorItem> {
  const units = ['firewalld', 'ufw', 'nftables'].filter((name) => existsSync(`/run/systemd/units/invocation:${name}.service`));
  const tables = readText('/proc/net/ip_tables_names');
  if (units.length === 0 && !tables) {
    yield ok('firewall', 'no firewall service is seen');
    return;
  }
  const fix =
    units[0] === 'ufw'
      ? 'ufw allow 67/udp; ufw allow 69/udp; ufw allow 80/tcp'
      : units[0] === 'firewalld'
        ? 'firewall-cmd --permanent --add-service=dhcp --add-service=tftp --add-service=http && firewall-cmd --reload'
        : 'nft add rule inet filter input udp dport { 67, 69, 4011 } accept; nft add rule inet filter input tcp dport 80 accept';
  yield warn(
    'firewall',
    `${units[0] ?? 'iptables'} filters packets`,
    `Let DHCP, TFTP and HTTP in where they are not yet, for example: ${fix}`,
  );
}

/** SELinux stays on: what is wrong are labels and booleans. */
export function* checkSelinux({ folder }: LoadedConfig, site: Site): Generator<DoctorItem> {
  if (readText('/sys/fs/selinux/enforce') !== '1') {
    yield ok('selinux', 'SELinux is not enforcing');
    return;
  }
  const { tftp } = site.config;
  const root = tftp !== false && tftp.root !== undefined ? resolvePath(folder, tftp.root) : folder;
  yield warn(
    'selinux',
    'SELinux is enforcing',
    `Files need labels that the service may read. Look with \`ausearch -m avc -ts recent\`; to label: semanage fcontext -a -t public_content_t '${root}(/.*)?' && restorecon -R ${root}`,
  );
}

/** Whether the user that the server becomes may read what it serves. */
export function* checkPermissions(site: Site): Generator<DoctorItem> {
  const { tftp } = site.config;
  const places = [
    ...[...site.images.values()].map(({ folder }) => folder),
    ...(tftp !== false && tftp.root !== undefined ? [resolvePath(site.folder, tftp.root)] : []),
  ];
  for (const place of places) {
    const closed = closedFolder(place);
    if (closed === undefined) yield ok('permissions', `${place} can be read by everybody`);
    else
      yield warn('permissions', `${closed} is closed to other users`, `A server that runs as \`user\` must read it: chmod o+rx ${closed}`);
  }
}

/** The first folder on the way to a path that others may not enter. */
function closedFolder(path: string): string | undefined {
  for (let at = path; ; at = dirname(at)) {
    const stats = statSync(at, { throwIfNoEntry: false });
    if (stats && (stats.mode & 0o005) !== 0o005 && stats.isDirectory()) return at;
    if (dirname(at) === at) return undefined;
  }
}
