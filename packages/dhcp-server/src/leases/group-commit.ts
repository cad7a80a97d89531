import type { Lease, LeaseStore } from './store.js';

/** Called when the lease is on disk, or with the error when it is not. */
export type Committed = (error?: Error) => void;

/** A lease to be stored. */
export interface Change {
  lease: Lease;
  /** What the address has again if the lease cannot be stored. */
  before: Lease | undefined;
}

/** Milliseconds from one commit to the next: the sync and the way to its thread cost the same for one lease as for twenty. */
const PACE = 2;

/**
 * Gathers what is written during a commit, and for a moment after a short one, into the next one: one sync of the disk serves every
 * request that came in since the one before. Who comes when it is quiet is not kept waiting. Leases of the same address
 * in one batch: the last one counts.
 */
export class GroupCommit {
  readonly #store: LeaseStore;
  readonly #takeBack: (change: Change) => void;
  // Replaced for each commit: a map that lives long while its entries come and go makes V8 keep all of them until its next major
  // collection, because the tables it has outgrown point to the ones after them.
  #pending = new Map<string, Change>();
  #waiting: Committed[] = [];
  #running = false;
  /** Commits since the start, failed ones too. */
  commits = 0;
  #idle: (() => void)[] = [];

  constructor(store: LeaseStore, takeBack: (change: Change) => void) {
    this.#store = store;
    this.#takeBack = takeBack;
  }

  /** Leases and callbacks that wait for the next commit. */
  get waiting(): number {
    return this.#waiting.length;
  }

  write(change: Change, done: Committed): void {
    const earlier = this.#pending.get(change.lease.address);
    if (earlier === undefined) this.#pending.set(change.lease.address, change);
    else earlier.lease = change.lease;
    this.#waiting.push(done);
    if (!this.#running) {
      this.#running = true;
      // Later in the same turn: datagrams that the socket hands over together share their commit.
      setImmediate(() => void this.#run());
    }
  }

  /** Resolves when nothing is left to write. */
  async settled(): Promise<void> {
    if (this.#running) await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  async #run(): Promise<void> {
    let answer = () => {};
    while (this.#pending.size > 0) {
      const waiting = this.#waiting;
      const committed = this.#commit();
      // When there is no rest, who was stored before is answered while this commit is on its way.
      answer();
      let isRested = false;
      const rest = new Promise<void>((resolve) => setTimeout(resolve, PACE)).then(() => {
        isRested = true;
      });
      const failure = await committed;
      this.commits++;
      answer = () => {
        for (const done of waiting) done(failure);
      };
      if (isRested && this.#pending.size > 0) continue;
      answer();
      answer = () => {};
      await rest;
    }
    this.#running = false;
    for (const resolve of this.#idle.splice(0)) resolve();
  }

  /** Stores what has gathered. Resolves with the error, if any. */
  async #commit(): Promise<Error | undefined> {
    const batch = [...this.#pending.values()];
    this.#pending = new Map();
    this.#waiting = [];
    try {
      await this.#store.commit(
        batch.map((change) => change.lease),
        batch.map((change) => change.before),
      );
      return undefined;
    } catch (error) {
      for (const change of batch) this.#failed(change);
      return error as Error;
    }
  }

  /** A later change of the address stands. Should that fail, too, the address has again what it had before both. */
  #failed(change: Change): void {
    const later = this.#pending.get(change.lease.address);
    if (later === undefined) this.#takeBack(change);
    else later.before = change.before;
  }
}
