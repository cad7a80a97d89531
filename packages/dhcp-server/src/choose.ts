import type { RespondContext } from './decision.js';
import { hashKey } from './identity.js';
import { formatIpv4, type Ipv4, parseIpv4 } from './ipv4.js';
import type { Lease } from './leases/store.js';
import type { Pool, Subnet } from './plan.js';
import type { Situation } from './situation.js';
import type { Trace } from './trace.js';

/** A client that wants an address, and where it stands. */
export interface Claim extends Situation {
  client: string;
  /** The client's last lease in the network, in whatever state. */
  lease: Lease | undefined;
  context: RespondContext;
  trace: Trace | undefined;
}

export interface Choice {
  address: Ipv4;
  subnet: Subnet;
  pool: Pool | undefined;
  /** What the book has for the address: the client's own lease, or an old one of somebody else's. */
  last: Lease | undefined;
}

/** The address to offer: what was decided for the client, had by it, offered to it, asked for by it, or is free. */
export function chooseAddress(claim: Claim, requested: Ipv4 | undefined): Choice | undefined {
  const { subnet, host, client, lease, context, trace } = claim;
  const { leases, now, directive } = context;

  if (directive?.address !== undefined) return take(claim, parseIpv4(directive.address), 'address/handler', false);
  const reserved = reservedAddress(claim);
  if (reserved !== undefined) return take(claim, reserved, 'address/reserved', false);
  if (host === undefined && subnet.unknownClients === 'deny') {
    trace?.add('address/unknown-client', 'clients without a reservation get no address here');
    return undefined;
  }

  const had = lease === undefined ? undefined : take(claim, parseIpv4(lease.address), `address/${lease.state}-before`, true);
  if (had !== undefined) return had;
  const offer = leases.offerOf(subnet.network, client);
  const offered = offer === undefined || offer.until <= now ? undefined : take(claim, offer.address, 'address/offered-before', true);
  if (offered !== undefined) return offered;
  if (requested !== undefined && requested !== 0 && (leases.offerAt(requested)?.until ?? 0) <= now) {
    const wanted = take(claim, requested, 'address/requested', true);
    if (wanted !== undefined) return wanted;
  }

  const hash = hashKey(client);
  const order = [subnet, ...subnet.network.subnets.filter((each) => each !== subnet)];
  for (const each of order) {
    for (const pool of each.pools) {
      if (!admits(pool, claim)) continue;
      const address = leases.pick(pool, hash, now, context.own);
      if (address === undefined) continue;
      trace?.add('address/free', `${formatIpv4(address)} of ${formatIpv4(pool.range.first)}-${formatIpv4(pool.range.last)}`);
      return { address, subnet: each, pool, last: leases.at(address) };
    }
  }
  trace?.add('address/none', `no pool of ${subnet.network.name} has a free address for this client`);
  return undefined;
}

/** Why the client may not have the address, or the choice if it may. */
export function mayHave(claim: Claim, address: Ipv4): Choice | string {
  const { host, client, context } = claim;
  const { leases, now, plan } = context;
  const subnet = plan.subnetOf(address);
  if (subnet === undefined || subnet.network !== claim.subnet.network) return `is not on the network ${claim.subnet.network.name}`;
  if (subnet.mode === 'proxy') return 'is in a network where another server gives the addresses';
  if (context.own?.has(address)) return 'is an address of this server';
  const pool = subnet.poolOf(address);
  const last = leases.at(address);
  if (last !== undefined && last.client !== client && isHeld(last, now)) return `is ${last.state} for ${last.client}`;
  if (last?.state === 'declined' && last.expires > now) return 'is in quarantine';
  const byHandler = context.directive?.address;
  if (byHandler !== undefined)
    return parseIpv4(byHandler) === address ? { address, subnet, pool, last } : `is not ${byHandler}, which the handler gives`;
  const owner = plan.hosts.byAddress.get(address);
  if (owner !== undefined) return owner === host ? { address, subnet, pool, last } : `is reserved for ${owner.name}`;
  const reserved = reservedAddress(claim);
  if (reserved !== undefined) return `is not ${formatIpv4(reserved)}, which is reserved for the client`;
  if (pool === undefined) return 'is in no pool';
  if (pool.excluded.has(address)) return 'is excluded';
  if (host === undefined && subnet.unknownClients === 'deny') return 'is not for clients without a reservation';
  return admits(pool, claim) ? { address, subnet, pool, last } : 'is in a pool that is not for this client';
}

/** The client's reserved address, if it is in this network. */
function reservedAddress(claim: Claim): Ipv4 | undefined {
  const address = claim.host?.address;
  return address !== undefined && claim.context.plan.subnetOf(address)?.network === claim.subnet.network ? address : undefined;
}

function take(claim: Claim, address: Ipv4 | undefined, rule: string, quiet: boolean): Choice | undefined {
  if (address === undefined) return undefined;
  const choice = mayHave(claim, address);
  if (typeof choice !== 'string') {
    claim.trace?.add(rule, formatIpv4(address));
    return choice;
  }
  if (!quiet || rule === 'address/requested') claim.trace?.add(`${rule}-refused`, `${formatIpv4(address)} ${choice}`);
  return undefined;
}

function admits(pool: Pool, claim: Claim): boolean {
  if (pool.clients === 'known' && claim.host === undefined) return false;
  if (pool.clients === 'unknown' && claim.host !== undefined) return false;
  if (pool.classes === undefined && pool.denyClasses.length === 0) return true;
  const names = claim.classes.map((each) => each.name).concat(claim.host?.classes ?? []);
  return (pool.classes?.some((each) => names.includes(each)) ?? true) && !pool.denyClasses.some((each) => names.includes(each));
}

export function isHeld(lease: Lease, now: number): boolean {
  return (lease.state === 'active' || lease.state === 'declined') && lease.expires > now;
}
