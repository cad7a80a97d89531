import type { Claim } from './claim.js';
import { hashKey } from './identity.js';
import { formatIpv4, type Ipv4, parseIpv4 } from './ipv4.js';
import { isHeld, type Lease } from './leases/store.js';
import type { Pool, Subnet } from './plan.js';

export interface Choice {
  address: Ipv4;
  subnet: Subnet;
  pool: Pool | undefined;
  /** What the book has for the address: the client's own lease, or an old one of somebody else's. */
  last: Lease | undefined;
}

/** The address to offer: what was decided for the client, had by it, offered to it, asked for by it, or is free. */
export function chooseAddress(claim: Claim, requested: Ipv4 | undefined): Choice | undefined {
  const { subnet, client, lease, context, trace } = claim;
  const { leases, now, directive } = context;

  if (directive?.address !== undefined) return take(claim, parseIpv4(directive.address), 'address/handler', true);
  // Where the reserved address cannot be had (declined, or still somebody's lease), another one is better than none.
  const reserved = take(claim, reservedAddress(claim), 'address/reserved', true);
  if (reserved !== undefined) return reserved;

  const last = lease === undefined ? undefined : parseIpv4(lease.address);
  const had = isPromised(claim, last) ? undefined : take(claim, last, `address/${lease?.state}-before`, false);
  if (had !== undefined) return had;
  const offer = leases.offerOf(subnet.network, client);
  const offered = offer === undefined || offer.until <= now ? undefined : take(claim, offer.address, 'address/offered-before', false);
  if (offered !== undefined) return offered;
  const wanted = isPromised(claim, requested) ? undefined : take(claim, requested || undefined, 'address/requested', true);
  if (wanted !== undefined) return wanted;

  // What is promised to others comes last: who asks for it first has it.
  const free = freeAddress(claim, now) ?? freeAddress(claim, Number.POSITIVE_INFINITY);
  if (free === undefined) trace?.add('address/none', `no pool of ${subnet.network.name} has a free address for this client`);
  return free;
}

/** Whether the address is kept for another client for the moment. */
function isPromised({ client, context: { leases, now } }: Claim, address: Ipv4 | undefined): boolean {
  const offer = address === undefined ? undefined : leases.offerAt(address);
  return offer !== undefined && offer.client !== client && offer.until > now;
}

/** A free address of the client's own subnet, else of another one on the link. */
function freeAddress(claim: Claim, now: number): Choice | undefined {
  const { subnet, client, context, trace } = claim;
  const hash = hashKey(client);
  const order =
    subnet.network.subnets.length === 1 ? subnet.network.subnets : [subnet, ...subnet.network.subnets.filter((each) => each !== subnet)];
  for (const each of order) {
    if (each.mode === 'proxy' || isStranger(claim, each)) continue;
    for (const pool of each.pools) {
      if (!admits(pool, claim)) continue;
      const address = context.leases.pick(pool, hash, now, context.own);
      if (address === undefined) continue;
      trace?.add('address/free', `${formatIpv4(address)} of ${formatIpv4(pool.range.first)}-${formatIpv4(pool.range.last)}`);
      return { address, subnet: each, pool, last: context.leases.at(address) };
    }
  }
  return undefined;
}

/** Why the client may not have the address, or the choice if it may. */
export function mayHave(claim: Claim, address: Ipv4): Choice | string {
  const { host, context } = claim;
  const { leases, plan } = context;
  const subnet = plan.subnetOf(address);
  if (subnet === undefined || subnet.network !== claim.subnet.network) return `is not on the network ${claim.subnet.network.name}`;
  if (subnet.mode === 'proxy') return 'is in a network where another server gives the addresses';
  const taken = whyTaken(claim, address);
  if (taken !== undefined) return taken;
  const pool = subnet.poolOf(address);
  const choice = { address, subnet, pool, last: leases.at(address) };
  const byHandler = context.directive?.address;
  if (byHandler !== undefined) return parseIpv4(byHandler) === address ? choice : `is not ${byHandler}, which the handler gives`;
  const owner = plan.hosts.byAddress.get(address);
  if (owner !== undefined) return owner === host ? choice : `is reserved for ${owner.name}`;
  const reserved = reservedAddress(claim);
  if (reserved !== undefined && whyTaken(claim, reserved) === undefined)
    return `is not ${formatIpv4(reserved)}, which is reserved for the client`;
  if (pool === undefined) return 'is in no pool';
  if (pool.excluded.has(address)) return 'is excluded';
  if (isStranger(claim, subnet)) return 'is not for clients without a reservation';
  return admits(pool, claim) ? choice : 'is in a pool that is not for this client';
}

/** Why nobody, or nobody but its holder, may have the address now. */
function whyTaken({ client, context }: Claim, address: Ipv4): string | undefined {
  const { leases, now } = context;
  if (context.own?.has(address)) return 'is an address of this server';
  const last = leases.at(address);
  if (last === undefined || !isHeld(last, now)) return undefined;
  if (last.client !== client) return `is ${last.state} for ${last.client}`;
  return last.state === 'declined' ? 'is in quarantine' : undefined;
}

/** The client's reserved address, if it is in this network. */
function reservedAddress(claim: Claim): Ipv4 | undefined {
  const address = claim.host?.address;
  return address !== undefined && claim.context.plan.subnetOf(address)?.network === claim.subnet.network ? address : undefined;
}

function isStranger({ host }: Claim, subnet: Subnet): boolean {
  return host === undefined && subnet.unknownClients === 'deny';
}

/** The address, if the client may have it. `isTold`: a refusal is worth a line of the trace. */
function take(claim: Claim, address: Ipv4 | undefined, rule: string, isTold: boolean): Choice | undefined {
  if (address === undefined) return undefined;
  const choice = mayHave(claim, address);
  if (typeof choice !== 'string') {
    claim.trace?.add(rule, formatIpv4(address));
    return choice;
  }
  if (isTold) claim.trace?.add(`${rule}-refused`, `${formatIpv4(address)} ${choice}`);
  return undefined;
}

function admits(pool: Pool, claim: Claim): boolean {
  if (pool.clients === 'known' && claim.host === undefined) return false;
  if (pool.clients === 'unknown' && claim.host !== undefined) return false;
  if (pool.classes === undefined && pool.denyClasses.length === 0) return true;
  const names = claim.classes.map((each) => each.name).concat(claim.host?.classes ?? []);
  return (pool.classes?.some((each) => names.includes(each)) ?? true) && !pool.denyClasses.some((each) => names.includes(each));
}
