/**
 * - `active`: acknowledged, until `expires`
 * - `released`: given back by the client (RFC 2131 section 4.3.4)
 * - `expired`: ran out
 * - `declined`: somebody else uses the address; in quarantine until `expires` (section 4.3.3)
 */
export type LeaseState = 'active' | 'released' | 'expired' | 'declined';

/** One address and the client that has or last had it. */
export interface Lease {
  /** Dotted IPv4 address; the key: a store holds one lease per address. */
  address: string;
  /** Identity of the client, by the identity policy: `mac/52:54:00:12:34:56`, `id/01525400123456`, `hw32/…`. */
  client: string;
  /** Hardware address with colons, empty if the client has none. */
  hardware: string;
  /** Client identifier (option 61) in hexadecimal. */
  clientId?: string | undefined;
  /** Host name the client gave (option 12). */
  hostname?: string | undefined;
  state: LeaseState;
  /** When this client got this address first, milliseconds since 1970. */
  started: number;
  /** Last transaction with the client, milliseconds since 1970. */
  renewed: number;
  /** End of the lease or quarantine, milliseconds since 1970; `Infinity` for a lease without end. */
  expires: number;
  /** Option 82 of the last request in hexadecimal, for leasequery. */
  relayAgent?: string | undefined;
}

/** Whether nobody else can have the address now. */
export function isHeld(lease: Lease, now: number): boolean {
  return (lease.state === 'active' || lease.state === 'declined') && lease.expires > now;
}

/**
 * Where leases last. A store holds at most one lease per address; the server keeps its own index in memory, reads all
 * leases once at its start and from then on only writes.
 *
 * A store that passes {@link leaseStoreCompliance} is fit for the server.
 */
export interface LeaseStore {
  /** All leases, in any order. Called once, before any commit. */
  load(): Promise<Lease[]>;
  /**
   * Stores every lease of the batch, replacing what the store had for the same addresses, or none. Resolves when they
   * would survive the loss of power. The server never calls it again before it has settled.
   *
   * @param before what the store has for each of them, or undefined where that is not known: a store may write only what is new
   */
  commit(leases: readonly Lease[], before?: readonly (Lease | undefined)[]): Promise<void>;
  close(): Promise<void>;
}
