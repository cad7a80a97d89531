import { type Ipv4, parseIpv4 } from '../ipv4.js';
import type { Network, Plan, Pool, Subnet } from '../plan.js';
import { FreeAddresses } from '../pool.js';
import { ExpiryQueue } from './expiry.js';
import type { Lease } from './store.js';

/** An address kept for a moment for the client that it was offered to. Never stored: who loses it asks again. */
export interface Offer {
  address: Ipv4;
  network: Network;
  client: string;
  /** Milliseconds since 1970. */
  until: number;
}

/** What `respond` may ask about leases. All answers are for this moment; nothing here changes anything. */
export interface LeasesView {
  /** The last lease of the client in the network, in whatever state. */
  of(network: Network, client: string): Lease | undefined;
  at(address: Ipv4): Lease | undefined;
  all(): Iterable<Lease>;
  offerOf(network: Network, client: string): Offer | undefined;
  offerAt(address: Ipv4): Offer | undefined;
  /** Whether the address can be given from the pool: nobody has it, it is not excluded or reserved. */
  isFree(pool: Pool, address: Ipv4): boolean;
  /** A free address of the pool, which nobody was offered for a time after `now`, for a client with this hash. */
  pick(pool: Pool, hash: number, now: number, never?: ReadonlySet<Ipv4>): Ipv4 | undefined;
}

/**
 * All leases, indexed by address and by client, with what is free in every pool. Everything takes a time that does not
 * grow with the number of leases.
 */
export class LeaseBook implements LeasesView {
  readonly #plan: Plan;
  readonly #byAddress = new Map<Ipv4, Lease>();
  readonly #byClient: Map<string, Lease>[];
  readonly #free: FreeAddresses[];
  readonly #expiry = new ExpiryQueue((address) => endOf(this.#byAddress.get(address)));
  // Insertion order is age: the oldest offer is the first to go.
  readonly #offers = new Map<Ipv4, Offer>();
  readonly #offersByClient: Map<string, Offer>[];

  constructor(plan: Plan, leases: Iterable<Lease> = []) {
    this.#plan = plan;
    this.#byClient = plan.networks.map(() => new Map());
    this.#offersByClient = plan.networks.map(() => new Map());
    this.#free = plan.pools.map((pool) => new FreeAddresses(pool.range, pool.excluded));
    // In the order in which they came free, so that the longest-free address is still the first after a restart.
    for (const lease of [...leases].sort((a, b) => freeSince(a) - freeSince(b))) this.put(lease);
  }

  get size(): number {
    return this.#byAddress.size;
  }

  get offers(): number {
    return this.#offers.size;
  }

  all(): IterableIterator<Lease> {
    return this.#byAddress.values();
  }

  of(network: Network, client: string): Lease | undefined {
    return this.#byClient[network.index]!.get(client);
  }

  at(address: Ipv4): Lease | undefined {
    return this.#byAddress.get(address);
  }

  offerOf(network: Network, client: string): Offer | undefined {
    return this.#offersByClient[network.index]!.get(client);
  }

  offerAt(address: Ipv4): Offer | undefined {
    return this.#offers.get(address);
  }

  isFree(pool: Pool, address: Ipv4): boolean {
    return this.#free[pool.index]!.isFree(address);
  }

  freeIn(pool: Pool): number {
    return this.#free[pool.index]!.free;
  }

  pick(pool: Pool, hash: number, now: number, never?: ReadonlySet<Ipv4>): Ipv4 | undefined {
    return this.#free[pool.index]!.pick(hash, (address) => (this.#offers.get(address)?.until ?? 0) > now || never?.has(address) === true);
  }

  /** Keeps an address for a client; drops what was kept for either of them before. Its lease may keep it long enough already. */
  offer(offer: Offer): void {
    this.withdraw(this.#offers.get(offer.address));
    this.withdraw(this.offerOf(offer.network, offer.client));
    const lease = this.#byAddress.get(offer.address);
    if (lease?.state === 'active' && lease.client === offer.client && lease.expires >= offer.until) return;
    this.#offers.set(offer.address, offer);
    this.#offersByClient[offer.network.index]!.set(offer.client, offer);
    if (this.#offers.size > this.#plan.limits.offers) this.withdraw(this.#offers.values().next().value);
  }

  withdraw(offer: Offer | undefined): void {
    if (offer === undefined || this.#offers.get(offer.address) !== offer) return;
    this.#offers.delete(offer.address);
    this.#offersByClient[offer.network.index]!.delete(offer.client);
  }

  /** Enters a lease in place of what the book had for its address, which is returned as it was. */
  put(lease: Lease): Lease | undefined {
    const address = parseIpv4(lease.address)!;
    const subnet = this.#plan.subnetOf(address);
    const known = this.#byAddress.get(address);
    if (subnet !== undefined && known?.state === 'active' && lease.state === 'active' && known.client === lease.client)
      return this.#renew(subnet, address, known, lease);
    const before = this.remove(address);
    // The caller's object may be on its way to the disk when this one is renewed.
    const own = { ...lease };
    this.#byAddress.set(address, own);
    if (subnet === undefined) return before;
    const clients = this.#byClient[subnet.network.index]!;
    // A declined address is nobody's; a client's live lease must not be hidden by an old one at another address.
    const other = clients.get(lease.client);
    if (lease.state !== 'declined' && (other === undefined || other.state !== 'active' || lease.state === 'active'))
      clients.set(lease.client, own);
    const pool = subnet.poolOf(address);
    if (lease.state === 'active' || lease.state === 'declined') {
      this.#expiry.add(address, lease.expires);
      if (pool !== undefined) this.#free[pool.index]!.take(address);
    } else if (pool !== undefined) {
      const free = this.#free[pool.index]!;
      free.take(address);
      if (!pool.excluded.has(address)) free.giveBack(address);
    }
    if (lease.state === 'active') this.withdraw(this.#offers.get(address));
    return before;
  }

  /**
   * The short way of nearly all changes: the client that has the address keeps it. The book's own object stays and takes over what is
   * new: objects that are replaced after a long life are what the collector stops the program for.
   */
  #renew({ network }: Subnet, address: Ipv4, known: Lease, lease: Lease): Lease {
    const before = { ...known };
    takeOver(known, lease);
    this.#byClient[network.index]!.set(lease.client, known);
    if (lease.expires < before.expires) this.#expiry.add(address, lease.expires);
    this.withdraw(this.#offers.get(address));
    return before;
  }

  /** Forgets what the book has for an address. */
  remove(address: Ipv4): Lease | undefined {
    const lease = this.#byAddress.get(address);
    if (lease === undefined) return undefined;
    this.#byAddress.delete(address);
    const subnet = this.#plan.subnetOf(address);
    if (subnet === undefined) return lease;
    const clients = this.#byClient[subnet.network.index]!;
    if (clients.get(lease.client) === lease) clients.delete(lease.client);
    const pool = subnet.poolOf(address);
    if (pool !== undefined && !pool.excluded.has(address)) this.#free[pool.index]!.giveBack(address);
    return lease;
  }

  /** Takes back a change that could not be stored: `before` is what `put` returned. */
  restore(address: Ipv4, before: Lease | undefined): void {
    if (before === undefined) this.remove(address);
    else this.put(before);
  }

  /** False if no lease or quarantine has run out; true if `expire` should look. */
  mayExpire(now: number): boolean {
    return this.#expiry.mayHaveEnded(now);
  }

  /** Ends at most `limit` leases and quarantines that have run out, and returns them as they are now. */
  expire(now: number, limit = 1000): Lease[] {
    const ended: Lease[] = [];
    while (ended.length < limit) {
      const address = this.#expiry.take(now);
      if (address === undefined) break;
      const lease: Lease = { ...this.#byAddress.get(address)!, state: 'expired' };
      this.put(lease);
      ended.push(lease);
    }
    for (const offer of this.#offers.values()) {
      if (offer.until > now) break;
      this.withdraw(offer);
    }
    return ended;
  }
}

/** Texts that are equal stay the old ones. */
function takeOver(known: Lease, { hardware, clientId, hostname, relayAgent, started, renewed, expires }: Lease): void {
  if (known.hardware !== hardware) known.hardware = hardware;
  if (known.clientId !== clientId) known.clientId = clientId;
  if (known.hostname !== hostname) known.hostname = hostname;
  if (known.relayAgent !== relayAgent) known.relayAgent = relayAgent;
  known.started = started;
  known.renewed = renewed;
  known.expires = expires;
}

function endOf(lease: Lease | undefined): number {
  return lease?.state === 'active' || lease?.state === 'declined' ? lease.expires : Number.POSITIVE_INFINITY;
}

function freeSince(lease: Lease): number {
  return lease.state === 'released' ? lease.renewed : lease.expires;
}
