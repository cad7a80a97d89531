import { checkBootTable } from './check-boot.js';
import type { DhcpConfig, PoolConfig, SubnetConfig } from './config.js';
import { address, checkClasses, leaseTimes, oneOf, range } from './config-values.js';
import { configError } from './errors.js';
import { formatIpv4, type Ipv4, netmask, parseCidr } from './ipv4.js';
import { compileOptions } from './options.js';
import type { Host, Network, Pool, Subnet } from './plan.js';

const POLICIES = ['allow', 'deny'] as const;

export function planSubnet(
  config: SubnetConfig,
  field: string,
  whole: DhcpConfig,
  networks: Network[],
  reserved: ReadonlyMap<Ipv4, Host>,
): Subnet {
  const cidr = parseCidr(config.subnet);
  if (cidr === undefined) throw configError(`${field}.subnet`, `"${config.subnet}" is no network such as 192.168.7.0/24`);
  const name = config.sharedNetwork ?? config.subnet;
  let network = networks.find((each) => each.name === name);
  if (network === undefined) networks.push((network = { index: networks.length, name, subnets: [] }));

  const mask = netmask(cidr.prefix);
  const first = cidr.network;
  const last = (first | ~mask) >>> 0;
  const pools: Pool[] = [];
  const subnet: Subnet = {
    name: config.subnet,
    network,
    first,
    prefix: cidr.prefix,
    mask,
    mode: oneOf(config.mode, ['dhcp', 'proxy'], 'dhcp', `${field}.mode`),
    pools,
    options: compileOptions(config.options, `${field}.options`),
    leaseTime:
      config.leaseTime === undefined
        ? leaseTimes(whole.leaseTime ?? 3600, 'leaseTime')
        : leaseTimes(config.leaseTime, `${field}.leaseTime`),
    authoritative: config.authoritative ?? whole.authoritative ?? false,
    unknownClients: oneOf(
      config.unknownClients,
      POLICIES,
      oneOf(whole.unknownClients, POLICIES, 'allow', 'unknownClients'),
      `${field}.unknownClients`,
    ),
    nextServer: config.nextServer === undefined ? undefined : formatIpv4(address(config.nextServer, `${field}.nextServer`)),
    boot: checkBootTable(config.boot, `${field}.boot`),
    poolOf(address) {
      for (const pool of pools) if (address >= pool.range.first && address <= pool.range.last) return pool;
      return undefined;
    },
  };
  network.subnets.push(subnet);

  const excluded = (config.exclude ?? []).map((text) => range(text, `${field}.exclude`));
  config.pools?.forEach((each, n) => {
    const pool: PoolConfig = typeof each === 'string' ? { range: each } : each;
    const at = `${field}.pools[${n}]`;
    const bounds = range(pool.range, `${at}.range`);
    if (bounds.first < first || bounds.last > last) throw configError(`${at}.range`, `${pool.range} is not within ${config.subnet}`);
    if (bounds.last - bounds.first >= 1 << 24) throw configError(`${at}.range`, `${pool.range} has more than 16,777,216 addresses`);
    if (pools.some((other) => bounds.first <= other.range.last && bounds.last >= other.range.first))
      throw configError(`${at}.range`, `${pool.range} overlaps another pool`);
    checkClasses(pool.classes, whole.classes, `${at}.classes`);
    checkClasses(pool.denyClasses, whole.classes, `${at}.denyClasses`);
    const out = new Set<Ipv4>();
    if (cidr.prefix < 31) for (const edge of [first, last]) out.add(edge);
    for (const { first: from, last: to } of excluded)
      for (let a = Math.max(from, bounds.first); a <= Math.min(to, bounds.last); a++) out.add(a);
    for (const address of reserved.keys()) if (address >= bounds.first && address <= bounds.last) out.add(address);
    pools.push({
      index: 0,
      subnet,
      range: bounds,
      excluded: out,
      classes: pool.classes,
      denyClasses: pool.denyClasses ?? [],
      clients: pool.clients,
      leaseTime: pool.leaseTime === undefined ? undefined : leaseTimes(pool.leaseTime, `${at}.leaseTime`),
      options: compileOptions(pool.options, `${at}.options`),
    });
  });
  return subnet;
}

export function overlaps(a: Subnet, b: Subnet): boolean {
  const mask = netmask(Math.min(a.prefix, b.prefix));
  return (a.first & mask) === (b.first & mask);
}

/** One look-up per prefix length in use, however many subnets there are. */
export function subnetFinder(subnets: readonly Subnet[]): (address: Ipv4) => Subnet | undefined {
  const byMask = new Map<Ipv4, Map<Ipv4, Subnet>>();
  for (const subnet of subnets) {
    let table = byMask.get(subnet.mask);
    if (table === undefined) byMask.set(subnet.mask, (table = new Map()));
    table.set(subnet.first, subnet);
  }
  return (address) => {
    for (const [mask, table] of byMask) {
      const subnet = table.get((address & mask) >>> 0);
      if (subnet !== undefined) return subnet;
    }
    return undefined;
  };
}
