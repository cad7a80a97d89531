// The servers that are compared: how each is configured with the same network and pool, leases as durable as it ships.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sqliteLeaseStore } from '@pxekit/dhcp-server';

export const NETWORK = { subnet: '10.0.0.0/15', pool: '10.1.0.0/16', server: '10.0.0.1', relay: '10.0.0.2', device: 's0' };

const output = (program, args) => {
  try {
    return execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
  } catch {
    return '';
  }
};
export const versionOf = (name) => output('dpkg-query', ['-W', '-f', '$' + '{Version}', name]);

export const FIRST_CLIENT = '02:00:00:00:00:01';

/** The leases that are held when the measuring begins: client n has address 10.1.0.0 + n. */
function* held(count) {
  const hex = (byte) => byte.toString(16).padStart(2, '0');
  for (let n = 1; n <= count; n++) yield { mac: `02:00:00:00:${hex(n >> 8)}:${hex(n & 255)}`, address: `10.1.${n >> 8}.${n & 255}` };
}

const lines = (count, line) => Array.from(held(count), line).join('');
const HOUR = 3600;
const now = () => Math.floor(Date.now() / 1000);

/**
 * Each: the program and its arguments, its version, how its leases reach the disk, and a rate near which the search for its
 * most begins (exchanges a second, by the leases held; a wrong guess costs runs).
 */
export const SERVERS = {
  pxekit: {
    near: () => 24_000,
    version: () => JSON.parse(readFileSync(new URL('../../packages/dhcp-server/package.json', import.meta.url), 'utf8')).version,
    durability: 'SQLite, synced before the ACK (group commit)',
    async seed(folder, count) {
      const store = await sqliteLeaseStore({ path: join(folder, 'leases.db') });
      const times = { started: Date.now(), renewed: Date.now(), expires: (now() + HOUR) * 1000 };
      await store.commit(
        Array.from(held(count), ({ mac, address }) => ({ address, client: `mac/${mac}`, hardware: mac, state: 'active', ...times })),
      );
      await store.close();
    },
    command: (folder) => [
      process.execPath,
      [fileURLToPath(new URL('serve.mjs', import.meta.url)), NETWORK.subnet, NETWORK.pool, join(folder, 'leases.db')],
    ],
  },
  kea: {
    near: () => 14_000,
    program: 'kea-dhcp4',
    version: () => versionOf('kea-dhcp4-server'),
    durability: 'memfile, written but not synced before the ACK',
    seed: (folder, count) =>
      writeFileSync(
        join(folder, 'kea.csv'),
        'address,hwaddr,client_id,valid_lifetime,expire,subnet_id,fqdn_fwd,fqdn_rev,hostname,state,user_context\n' +
          lines(count, ({ mac, address }) => `${address},${mac},,${HOUR},${now() + HOUR},1,0,0,,0,\n`),
      ),
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
    // The whole lease file is rewritten for each lease.
    near: (held) => 1_000_000 / held,
    program: 'dnsmasq',
    version: () => versionOf('dnsmasq-base'),
    durability: 'lease file rewritten after changes, not synced',
    seed: (folder, count) =>
      writeFileSync(
        join(folder, 'dnsmasq.leases'),
        lines(count, ({ mac, address }) => `${now() + HOUR} ${mac} ${address} * *\n`),
      ),
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
        '--quiet-dhcp',
        '-F',
        '10.1.0.0,10.1.255.255,255.254.0.0,1h',
        '--dhcp-lease-max=100000',
        `--dhcp-leasefile=${join(folder, 'dnsmasq.leases')}`,
        '--pid-file=',
      ],
    ],
  },
  'isc-dhcpd': {
    near: () => 12_000,
    program: 'dhcpd',
    version: () => versionOf('isc-dhcp-server'),
    durability:
      'lease file, synced before the ACK; not written when asked for again in the first quarter of its time (dhcp-cache-threshold)',
    seed: (folder, count) =>
      writeFileSync(
        join(folder, 'dhcpd.leases'),
        lines(
          count,
          ({ mac, address }) =>
            `lease ${address} {\n  starts epoch ${now()};\n  ends epoch ${now() + HOUR};\n  cltt epoch ${now()};\n  binding state active;\n  hardware ethernet ${mac};\n}\n`,
        ),
      ),
    command(folder) {
      const [config, leases] = [join(folder, 'dhcpd.conf'), join(folder, 'dhcpd.leases')];
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
