import type { BootAnswer, BootTable } from './boot.js';
import { checkBootTable } from './check-boot.js';
import { type ClassMatch, relayIdHex } from './classes.js';
import type { DhcpConfig, LeaseTime, PoolConfig, ReservationConfig, SubnetConfig } from './config.js';
import { configError } from './errors.js';
import { hardwareKey, type IdentityPolicy } from './identity.js';
import { type AddressRange, formatIpv4, type Ipv4, netmask, parseCidr, parseIpv4, parseRange } from './ipv4.js';
import { type CompiledOptions, compileOptions } from './options.js';

/** A configuration, checked and in the form that decisions are made from. Never changes. */
export interface Plan {
  identity: IdentityPolicy;
  /** The address to go by in place of the local one. */
  advertise: Ipv4 | undefined;
  /** Milliseconds. */
  offerTime: number;
  /** Milliseconds. */
  quarantine: number;
  bootp: 'off' | 'static' | 'dynamic';
  bootFields: 'both' | 'header' | 'options';
  nulTerminate: 'filename' | 'both' | 'none';
  echoClientId: boolean;
  options: CompiledOptions;
  boot: BootTable | undefined;
  classes: ClassPlan[];
  networks: Network[];
  subnets: Subnet[];
  pools: Pool[];
  leasequery: { network: Ipv4; mask: Ipv4 }[];
  limits: { newLeasesPerSecond: number; newLeasesBurst: number; offers: number; waiting: number };
  hosts: HostIndex;
  subnetOf(address: Ipv4): Subnet | undefined;
  /** The subnet that lists this relay, or that its address is in. */
  subnetOfRelay(address: Ipv4): Subnet | undefined;
}

/** One link: a subnet, or several that share it. */
export interface Network {
  index: number;
  name: string;
  subnets: Subnet[];
}

export interface Subnet {
  name: string;
  network: Network;
  first: Ipv4;
  prefix: number;
  mask: Ipv4;
  mode: 'dhcp' | 'proxy';
  pools: Pool[];
  options: CompiledOptions;
  leaseTime: LeaseTimes;
  authoritative: boolean;
  unknownClients: 'allow' | 'deny';
  nextServer: string | undefined;
  boot: BootTable | undefined;
  poolOf(address: Ipv4): Pool | undefined;
}

export interface Pool {
  index: number;
  subnet: Subnet;
  range: AddressRange;
  /** Addresses of the range that are never given from it: exclusions, reservations, network and broadcast address. */
  excluded: ReadonlySet<Ipv4>;
  classes: readonly string[] | undefined;
  denyClasses: readonly string[];
  clients: 'known' | 'unknown' | undefined;
  leaseTime: LeaseTimes | undefined;
  options: CompiledOptions;
}

/** Seconds. */
export interface LeaseTimes {
  default: number;
  min: number;
  max: number;
}

export interface Host {
  /** For traces: the mark it was found by. */
  name: string;
  address: Ipv4 | undefined;
  hostname: string | undefined;
  options: CompiledOptions;
  leaseTime: LeaseTimes | undefined;
  boot: BootTable | undefined;
  classes: readonly string[];
  ignore: boolean;
}

export interface ClassPlan {
  name: string;
  match: ClassMatch;
  options: CompiledOptions;
  leaseTime: LeaseTimes | undefined;
  boot: BootTable | undefined;
  ignore: boolean;
}

/** Reservations by mark. Several machines (one per network) may have the same mark. */
interface HostIndex {
  byMark: ReadonlyMap<string, readonly Host[]>;
  byAddress: ReadonlyMap<Ipv4, Host>;
  /** Kinds of marks in use, so that no request is searched for marks that nobody configured. */
  kinds: ReadonlySet<MarkKind>;
}

type MarkKind = 'mac' | 'id' | 'uuid' | 'circuit' | 'remote';

/** @throws DHCP_SERVER_CONFIG naming the field */
export function plan(config: DhcpConfig): Plan {
  const hosts = new HostTable();
  for (const [n, each] of (config.reservations ?? []).entries()) hosts.add(each, `reservations[${n}]`);
  for (const [s, subnet] of config.subnets.entries())
    for (const [n, each] of (subnet.reservations ?? []).entries()) hosts.add(each, `subnets[${s}].reservations[${n}]`);

  const networks: Network[] = [];
  const subnets: Subnet[] = [];
  const pools: Pool[] = [];
  const relays = new Map<Ipv4, Subnet>();
  config.subnets.forEach((each, n) => {
    const subnet = planSubnet(each, `subnets[${n}]`, config, networks, hosts.byAddress);
    const other = subnets.find((s) => overlaps(s, subnet));
    if (other !== undefined) throw configError(`subnets[${n}].subnet`, `${each.subnet} overlaps ${other.name}`);
    subnets.push(subnet);
    for (const pool of subnet.pools) {
      pool.index = pools.length;
      pools.push(pool);
    }
    for (const relay of each.relays ?? []) relays.set(address(relay, `subnets[${n}].relays`), subnet);
  });
  if (subnets.length === 0) throw configError('subnets', 'at least one subnet is needed');

  const find = subnetFinder(subnets);
  for (const [reserved, host] of hosts.byAddress)
    if (find(reserved) === undefined) throw configError('reservations', `${formatIpv4(reserved)} (${host.name}) is in none of the subnets`);

  const rate = config.limits?.newLeasesPerSecond ?? Number.POSITIVE_INFINITY;
  return {
    identity: config.identity ?? 'mac-then-client-id',
    advertise: config.advertise === undefined ? undefined : address(config.advertise, 'advertise'),
    offerTime: seconds(config.offerTime ?? 30, 'offerTime') * 1000,
    quarantine: seconds(config.quarantine ?? 600, 'quarantine') * 1000,
    bootp: config.bootp ?? 'static',
    bootFields: config.bootFields ?? 'both',
    nulTerminate: config.nulTerminate ?? 'filename',
    echoClientId: config.echoClientId ?? true,
    options: compileOptions(config.options, 'options'),
    boot: checkBootTable(config.boot, 'boot'),
    classes: (config.classes ?? []).map((each, n) => ({
      name: each.name,
      match: each.match,
      options: compileOptions(each.options, `classes[${n}].options`),
      leaseTime: each.leaseTime === undefined ? undefined : leaseTimes(each.leaseTime, `classes[${n}].leaseTime`),
      boot: checkBootTable(each.boot, `classes[${n}].boot`),
      ignore: each.ignore ?? false,
    })),
    networks,
    subnets,
    pools,
    leasequery: (config.leasequery ?? []).map((text) => {
      const cidr = parseCidr(text.includes('/') ? text : `${text}/32`);
      if (cidr === undefined) throw configError('leasequery', `"${text}" is no address or network`);
      return { network: cidr.network, mask: netmask(cidr.prefix) };
    }),
    limits: {
      newLeasesPerSecond: rate,
      newLeasesBurst: config.limits?.newLeasesBurst ?? rate * 10,
      offers: config.limits?.offers ?? 4096,
      waiting: config.limits?.waiting ?? 10_000,
    },
    hosts,
    subnetOf: find,
    subnetOfRelay: (relay) => relays.get(relay) ?? find(relay),
  };
}

/** Gathers reservations under all their marks. */
class HostTable implements HostIndex {
  readonly byMark = new Map<string, Host[]>();
  readonly byAddress = new Map<Ipv4, Host>();
  readonly kinds = new Set<MarkKind>();

  add(config: ReservationConfig, field: string): void {
    const marks = reservationMarks(config, field);
    if (marks.length === 0) throw configError(field, 'needs one of mac, clientId, uuid, circuitId, remoteId');
    const host: Host = {
      name: marks[0]!.mark,
      address: config.address === undefined ? undefined : address(config.address, `${field}.address`),
      hostname: config.hostname,
      options: compileOptions(config.options, `${field}.options`),
      leaseTime: config.leaseTime === undefined ? undefined : leaseTimes(config.leaseTime, `${field}.leaseTime`),
      boot: checkBootTable(hostBoot(config.boot), `${field}.boot`),
      classes: config.classes ?? [],
      ignore: config.ignore ?? false,
    };
    for (const { kind, mark } of marks) {
      this.kinds.add(kind);
      const same = this.byMark.get(mark);
      if (same === undefined) this.byMark.set(mark, [host]);
      else same.push(host);
    }
    if (host.address === undefined) return;
    const other = this.byAddress.get(host.address);
    if (other !== undefined) throw configError(`${field}.address`, `${config.address} is reserved for ${other.name} already`);
    this.byAddress.set(host.address, host);
  }
}

function reservationMarks(config: ReservationConfig, field: string): { kind: MarkKind; mark: string }[] {
  const marks: { kind: MarkKind; mark: string }[] = [];
  const hex = (text: string, name: string) => {
    const digits = text.replaceAll(/[:. -]/g, '').toLowerCase();
    if (!/^(?:[0-9a-f]{2})+$/.test(digits)) throw configError(`${field}.${name}`, `"${text}" is not hexadecimal`);
    return digits;
  };
  if (config.mac !== undefined)
    marks.push({
      kind: 'mac',
      mark: hardwareKey(1, hex(config.mac, 'mac').match(/../g)!.join(':')),
    });
  if (config.clientId !== undefined) marks.push({ kind: 'id', mark: `id/${hex(config.clientId, 'clientId')}` });
  if (config.uuid !== undefined) {
    const uuid = hex(config.uuid, 'uuid');
    if (uuid.length !== 32) throw configError(`${field}.uuid`, `"${config.uuid}" has not 32 hexadecimal digits`);
    marks.push({ kind: 'uuid', mark: `uuid/${uuid}` });
  }
  if (config.circuitId !== undefined) marks.push({ kind: 'circuit', mark: `circuit/${relayIdHex(config.circuitId)}` });
  if (config.remoteId !== undefined) marks.push({ kind: 'remote', mark: `remote/${relayIdHex(config.remoteId)}` });
  return marks;
}

function hostBoot(boot: BootTable | BootAnswer | undefined): BootTable | undefined {
  if (boot === undefined) return undefined;
  return 'filename' in boot || 'menu' in boot || 'nextServer' in boot || 'options' in boot || 'serverName' in boot
    ? { default: boot as BootAnswer }
    : (boot as BootTable);
}

function planSubnet(
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
    mode: config.mode ?? 'dhcp',
    pools,
    options: compileOptions(config.options, `${field}.options`),
    leaseTime: leaseTimes(config.leaseTime ?? whole.leaseTime ?? 3600, `${field}.leaseTime`),
    authoritative: config.authoritative ?? whole.authoritative ?? false,
    unknownClients: config.unknownClients ?? whole.unknownClients ?? 'allow',
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

function overlaps(a: Subnet, b: Subnet): boolean {
  const mask = netmask(Math.min(a.prefix, b.prefix));
  return (a.first & mask) === (b.first & mask);
}

/** One look-up per prefix length in use, however many subnets there are. */
function subnetFinder(subnets: readonly Subnet[]): (address: Ipv4) => Subnet | undefined {
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

function leaseTimes(value: LeaseTime, field: string): LeaseTimes {
  const times = typeof value === 'number' ? { default: value } : value;
  const normal = seconds(times.default, field);
  const { min = normal, max = normal } = times as { min?: number; max?: number };
  if (!(min <= normal && normal <= max)) throw configError(field, 'min, default and max must be in that order');
  return { default: normal, min, max };
}

/** Seconds that fit a 32-bit option; `Infinity` is a lease without end. */
function seconds(value: number, field: string): number {
  if (value === Number.POSITIVE_INFINITY) return value;
  if (!Number.isInteger(value) || value < 1 || value >= 0xffffffff) throw configError(field, `${value} is no number of seconds from 1`);
  return value;
}

function address(text: string, field: string): Ipv4 {
  const value = parseIpv4(text);
  if (value === undefined) throw configError(field, `"${text}" is no IPv4 address`);
  return value;
}

function range(text: string, field: string): AddressRange {
  const value = parseRange(text);
  if (value === undefined) throw configError(field, `"${text}" is no range such as 10.0.0.10-10.0.0.99, network or address`);
  return value;
}
