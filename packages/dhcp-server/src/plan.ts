import type { BootTable } from './boot.js';
import { checkBootTable } from './check-boot.js';
import type { ClassMatch } from './classes.js';
import type { ClientClass, DhcpConfig, Limits, ReservationConfig } from './config.js';
import { address, checkClasses, count, leaseTimes, oneOf, seconds } from './config-values.js';
import { configError } from './errors.js';
import { HostTable } from './hosts.js';
import type { IdentityPolicy } from './identity.js';
import { type AddressRange, formatIpv4, type Ipv4, netmask, parseCidr } from './ipv4.js';
import { type CompiledOptions, compileOptions } from './options.js';
import { overlaps, planSubnet, subnetFinder } from './plan-subnet.js';

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
export interface HostIndex {
  byMark: ReadonlyMap<string, readonly Host[]>;
  byAddress: ReadonlyMap<Ipv4, Host>;
  /** Kinds of marks in use, so that no request is searched for marks that nobody configured. */
  kinds: ReadonlySet<MarkKind>;
}

export type MarkKind = 'mac' | 'id' | 'uuid' | 'circuit' | 'remote';

/** @throws DHCP_SERVER_CONFIG naming the field */
export function plan(config: DhcpConfig): Plan {
  const classes = (config.classes ?? []).map((each, n) => planClass(each, `classes[${n}]`));
  const hosts = planHosts(config);
  const networks: Network[] = [];
  const subnets: Subnet[] = [];
  const relays = new Map<Ipv4, Subnet>();
  config.subnets.forEach((each, n) => {
    const subnet = planSubnet(each, `subnets[${n}]`, config, networks, hosts.byAddress);
    const other = subnets.find((s) => overlaps(s, subnet));
    if (other !== undefined) throw configError(`subnets[${n}].subnet`, `${each.subnet} overlaps ${other.name}`);
    subnets.push(subnet);
    for (const text of each.relays ?? []) {
      const relay = address(text, `subnets[${n}].relays`);
      const known = relays.get(relay);
      if (known !== undefined) throw configError(`subnets[${n}].relays`, `${text} belongs to ${known.name} already`);
      relays.set(relay, subnet);
    }
  });
  if (subnets.length === 0) throw configError('subnets', 'at least one subnet is needed');
  const pools = subnets.flatMap((each) => each.pools);
  for (const [index, pool] of pools.entries()) pool.index = index;

  const find = subnetFinder(subnets);
  for (const [reserved, host] of hosts.byAddress)
    if (find(reserved) === undefined) throw configError('reservations', `${formatIpv4(reserved)} (${host.name}) is in none of the subnets`);

  return {
    identity: oneOf(config.identity, ['mac', 'client-id', 'mac-then-client-id'], 'mac-then-client-id', 'identity'),
    advertise: config.advertise === undefined ? undefined : address(config.advertise, 'advertise'),
    offerTime: seconds(config.offerTime ?? 30, 'offerTime') * 1000,
    quarantine: seconds(config.quarantine ?? 600, 'quarantine') * 1000,
    bootp: oneOf(config.bootp, ['off', 'static', 'dynamic'], 'static', 'bootp'),
    bootFields: oneOf(config.bootFields, ['both', 'header', 'options'], 'both', 'bootFields'),
    nulTerminate: oneOf(config.nulTerminate, ['filename', 'both', 'none'], 'filename', 'nulTerminate'),
    echoClientId: config.echoClientId ?? true,
    options: compileOptions(config.options, 'options'),
    boot: checkBootTable(config.boot, 'boot'),
    classes,
    networks,
    subnets,
    pools,
    leasequery: (config.leasequery ?? []).map((text) => {
      const cidr = parseCidr(text.includes('/') ? text : `${text}/32`);
      if (cidr === undefined) throw configError('leasequery', `"${text}" is no address or network`);
      return { network: cidr.network, mask: netmask(cidr.prefix) };
    }),
    limits: planLimits(config.limits ?? {}),
    hosts,
    subnetOf: find,
    subnetOfRelay: (relay) => relays.get(relay) ?? find(relay),
  };
}

function planHosts(config: DhcpConfig): HostTable {
  const hosts = new HostTable();
  const add = (each: ReservationConfig, field: string) => {
    checkClasses(each.classes, config.classes, `${field}.classes`);
    hosts.add(each, field);
  };
  for (const [n, each] of (config.reservations ?? []).entries()) add(each, `reservations[${n}]`);
  for (const [s, subnet] of config.subnets.entries())
    for (const [n, each] of (subnet.reservations ?? []).entries()) add(each, `subnets[${s}].reservations[${n}]`);
  return hosts;
}

function planClass({ name, match, options, leaseTime, boot, ignore = false }: ClientClass, field: string): ClassPlan {
  if (match === undefined || match === null) throw configError(`${field}.match`, `the class "${name}" says nothing about its members`);
  return {
    name,
    match,
    options: compileOptions(options, `${field}.options`),
    leaseTime: leaseTime === undefined ? undefined : leaseTimes(leaseTime, `${field}.leaseTime`),
    boot: checkBootTable(boot, `${field}.boot`),
    ignore,
  };
}

function planLimits({
  newLeasesPerSecond: rate = Number.POSITIVE_INFINITY,
  newLeasesBurst = rate * 10,
  offers,
  waiting,
}: Limits): Plan['limits'] {
  if (!(rate > 0)) throw configError('limits.newLeasesPerSecond', `${rate} is no rate above 0`);
  if (!(newLeasesBurst > 0)) throw configError('limits.newLeasesBurst', `${newLeasesBurst} is no number above 0`);
  return {
    newLeasesPerSecond: rate,
    newLeasesBurst,
    offers: count(offers, 4096, 'limits.offers'),
    waiting: count(waiting, 10_000, 'limits.waiting'),
  };
}
