import type { Diagnostic } from '@pxekit/diagnostics';
import { contains, formatIpv4, parseIpv4, parseNetwork, parsePool } from '../ipv4.js';
import type { ParsedConfig } from './parse.js';
import type { Config } from './schema.js';
import { nearest } from './suggest.js';

type Path = (string | number)[];

/** What can be told from the configuration alone: names that do not exist, things named twice, addresses that do not fit. */
export function checkReferences({ config, source, rangeOf }: Pick<ParsedConfig, 'config' | 'source' | 'rangeOf'>): Diagnostic[] {
  if (config === undefined) return [];
  const found: Diagnostic[] = [];
  const report = (severity: Diagnostic['severity'], code: string, path: Path, message: string) =>
    void found.push({ code, severity, message, range: rangeOf(path), source: source.name });
  const reference = (kind: 'image' | 'profile', name: string | undefined, path: Path) => {
    const known = Object.keys(kind === 'image' ? config.images : config.profiles);
    if (name === undefined || known.includes(name)) return;
    const near = nearest(name, known);
    report('error', 'config/unknown-reference', path, `There is no ${kind} "${name}"${near ? `; did you mean "${near}"?` : ''}`);
  };
  for (const [name, profile] of Object.entries(config.profiles)) reference('image', profile.image, ['profiles', name, 'image']);
  if (config.profiles.local)
    report('error', 'config/invalid-value', ['profiles', 'local'], '"local" stands for the disk in menus; give the profile another name');
  for (const [index, machine] of config.machines.entries()) reference('profile', machine.profile, ['machines', index, 'profile']);
  reference('profile', config.unknown.profile, ['unknown', 'profile']);
  if (config.menu.default !== 'local') reference('profile', config.menu.default, ['menu', 'default']);
  checkDuplicates(config, report);
  checkAddresses(config, report);
  return found;
}

type Report = (severity: Diagnostic['severity'], code: string, path: Path, message: string) => void;

function checkDuplicates({ machines }: Config, report: Report): void {
  const first = new Map<string, string>();
  const once = (kind: string, value: string | undefined, machine: string, path: Path) => {
    if (value === undefined) return;
    const key = `${kind} ${value}`;
    const other = first.get(key);
    if (other === undefined) first.set(key, machine);
    else report('error', 'config/duplicate', path, `${kind} ${value} is also that of machine "${other}"`);
  };
  for (const [index, machine] of machines.entries()) {
    once('name', machine.name, machine.name, ['machines', index, 'name']);
    for (const mac of machine.mac) once('hardware address', mac, machine.name, ['machines', index, 'mac']);
    once('address', machine.address, machine.name, ['machines', index, 'address']);
  }
}

function checkAddresses(config: Config, report: Report): void {
  if (config.dhcp === false) return;
  const subnets = config.dhcp.subnets.map((subnet) => ({ subnet, network: parseNetwork(subnet.subnet) }));
  const own = parseIpv4(config.address?.replace(/\/.*/, '') ?? '');
  for (const [index, { subnet, network }] of subnets.entries()) {
    if (!network) continue;
    const path: Path = ['dhcp', 'subnets', index];
    if (network.address !== network.first) {
      report(
        'warning',
        'config/address-range',
        [...path, 'subnet'],
        `${subnet.subnet} is an address inside ${formatIpv4(network.first)}/${network.prefix}`,
      );
    }
    for (const [other, { network: otherNetwork }] of subnets.slice(0, index).entries()) {
      if (otherNetwork && (contains(otherNetwork, network.first) || contains(network, otherNetwork.first))) {
        report('error', 'config/address-range', [...path, 'subnet'], `${subnet.subnet} overlaps ${subnets[other]?.subnet.subnet}`);
      }
    }
    for (const [at, text] of subnet.pools.entries()) checkPool(text, [...path, 'pools', at]);
    for (const [at, router] of subnet.routers.entries()) {
      if (!contains(network, parseIpv4(router) as number)) {
        report(
          'error',
          'config/address-range',
          [...path, 'routers', at],
          `Router ${router} lies outside ${subnet.subnet}, so clients cannot reach it`,
        );
      }
    }
    const boot = parseIpv4(subnet.nextServer ?? '');
    if (boot !== undefined && !contains(network, boot) && subnet.routers.length === 0) {
      report(
        'error',
        'config/next-server',
        [...path, 'nextServer'],
        `Boot server ${subnet.nextServer} lies outside ${subnet.subnet}, and the subnet has no router to reach it by`,
      );
    } else if (boot !== undefined && !contains(network, boot)) {
      report(
        'warning',
        'config/next-server',
        [...path, 'nextServer'],
        `Boot server ${subnet.nextServer} lies outside ${subnet.subnet}; boot ROMs reach it only if the router passes TFTP on`,
      );
    }
    function checkPool(text: string, poolPath: Path) {
      const pool = parsePool(text);
      if (!pool || !network) return;
      if (!contains(network, pool.first) || !contains(network, pool.last)) {
        return report('error', 'config/address-range', poolPath, `Pool ${text} lies outside ${subnet.subnet}`);
      }
      if (network.prefix < 31 && (pool.first === network.first || pool.last === network.last)) {
        report(
          'warning',
          'config/address-range',
          poolPath,
          `Pool ${text} holds the network or broadcast address of ${subnet.subnet}; they are never lent`,
        );
      }
      if (own !== undefined && contains(pool, own)) {
        report(
          'warning',
          'config/address-range',
          poolPath,
          `Pool ${text} holds the server's own address ${formatIpv4(own)}; it is never lent`,
        );
      }
      for (const router of subnet.routers) {
        if (contains(pool, parseIpv4(router) as number) && parseIpv4(router) !== own) {
          report(
            'error',
            'config/address-range',
            poolPath,
            `Pool ${text} holds the router ${router}, so a client could be given its address`,
          );
        }
      }
    }
  }
  for (const [index, machine] of config.machines.entries()) {
    const address = parseIpv4(machine.address ?? '');
    if (address === undefined) continue;
    const path: Path = ['machines', index, 'address'];
    const home = subnets.find(({ network }) => network && contains(network, address));
    if (!home && subnets.length > 0)
      report('error', 'config/address-range', path, `${machine.address} of machine "${machine.name}" lies in none of the subnets`);
    if (address === own)
      report('error', 'config/address-range', path, `${machine.address} of machine "${machine.name}" is the server's own address`);
    if (home?.network && home.network.prefix < 31 && (address === home.network.first || address === home.network.last)) {
      report('error', 'config/address-range', path, `${machine.address} is the network or broadcast address of ${home.subnet.subnet}`);
    }
  }
}
