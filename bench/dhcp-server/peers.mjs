// The servers that are compared: how each is configured with the same network and pool, leases as durable as it ships.
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const NETWORK = { subnet: '10.0.0.0/15', pool: '10.1.0.0/16', server: '10.0.0.1', relay: '10.0.0.2', device: 's0' };

const output = (program, args) => {
  try {
    return execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
  } catch {
    return '';
  }
};
const debian = (name) => output('dpkg-query', ['-W', '-f', '$' + '{Version}', name]);

/** Each: the program and its arguments, its version, and how its leases reach the disk. */
export const SERVERS = {
  pxekit: {
    version: () => `node ${process.version}`,
    durability: 'SQLite, on disk before the ACK (group commit)',
    command: (folder) => [
      process.execPath,
      [fileURLToPath(new URL('serve.mjs', import.meta.url)), NETWORK.subnet, NETWORK.pool, join(folder, 'leases.db')],
    ],
  },
  kea: {
    program: 'kea-dhcp4',
    version: () => debian('kea-dhcp4-server'),
    durability: 'memfile, written but not synced before the ACK',
    command(folder) {
      const config = {
        Dhcp4: {
          'interfaces-config': { interfaces: [NETWORK.device], 'dhcp-socket-type': 'raw' },
          'lease-database': { type: 'memfile', persist: true, name: join(folder, 'kea.csv') },
          'valid-lifetime': 3600,
          subnet4: [{ subnet: NETWORK.subnet, pools: [{ pool: NETWORK.pool }] }],
          loggers: [{ name: 'kea-dhcp4', severity: 'ERROR', output_options: [{ output: 'stderr' }] }],
        },
      };
      writeFileSync(join(folder, 'kea.json'), JSON.stringify(config));
      return ['kea-dhcp4', ['-c', join(folder, 'kea.json')], { KEA_PIDFILE_DIR: folder, KEA_LOCKFILE_DIR: folder }];
    },
  },
  dnsmasq: {
    program: 'dnsmasq',
    version: () => debian('dnsmasq-base'),
    durability: 'lease file rewritten after changes, not synced',
    command: (folder) => [
      'dnsmasq',
      [
        '-k',
        '-C',
        '/dev/null',
        '-p',
        '0',
        '-i',
        NETWORK.device,
        '--no-ping',
        '-u',
        'root',
        '--log-facility=/dev/null',
        '-q',
        '--quiet-dhcp',
      ]
        .concat([
          '-F',
          '10.1.0.0,10.1.255.255,255.254.0.0,1h',
          '--dhcp-lease-max=100000',
          `--dhcp-leasefile=${join(folder, 'dnsmasq.leases')}`,
          '--pid-file=',
        ])
        .filter((each) => each !== '-q'),
    ],
  },
  'isc-dhcpd': {
    program: 'dhcpd',
    version: () => debian('isc-dhcp-server'),
    durability: 'lease file, synced before the ACK',
    command(folder) {
      const [config, leases] = [join(folder, 'dhcpd.conf'), join(folder, 'dhcpd.leases')];
      writeFileSync(leases, '');
      writeFileSync(
        config,
        'default-lease-time 3600; max-lease-time 3600; authoritative; ping-check off;\n' +
          'subnet 10.0.0.0 netmask 255.254.0.0 { range 10.1.0.0 10.1.255.255; }\n',
      );
      return ['dhcpd', ['-4', '-f', '-q', '-cf', config, '-lf', leases, '-pf', join(folder, 'dhcpd.pid'), NETWORK.device]];
    },
  },
};

export function folderFor(base, name) {
  const folder = join(base, name);
  mkdirSync(folder, { recursive: true });
  return folder;
}
