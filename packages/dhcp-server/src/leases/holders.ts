import type { Lease } from './store.js';

/** What a database has of its leases besides their times: tells the renewals, which change nothing else. */
export class Holders {
  readonly #stored = new Map<string, Lease>();

  stored(lease: Lease): void {
    this.#stored.set(lease.address, { ...lease });
  }

  /** Whether the client goes on with its lease, and says of itself what it said before. */
  isRenewal(lease: Lease): boolean {
    const before = this.#stored.get(lease.address);
    return (
      before !== undefined &&
      before.client === lease.client &&
      before.state === lease.state &&
      before.started === lease.started &&
      before.hardware === lease.hardware &&
      before.clientId === lease.clientId &&
      before.hostname === lease.hostname &&
      before.relayAgent === lease.relayAgent
    );
  }
}
