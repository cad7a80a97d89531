import type { Counters } from '../counters.js';
import { parseIpv4 } from '../ipv4.js';
import type { Plan } from '../plan.js';
import { LeaseBook } from './book.js';
import { type Committed, GroupCommit } from './group-commit.js';
import type { Lease, LeaseStore } from './store.js';

/**
 * The book of leases and the store behind it. A change stands in the book at once, so that no address is given twice, and is
 * taken back where it cannot be stored.
 */
export class Ledger {
  readonly book: LeaseBook;
  readonly #store: LeaseStore;
  readonly #commits: GroupCommit;
  readonly #counters: Counters;
  readonly #onFailure: (cause: Error) => void;
  #isFailing = false;
  #closing: Promise<void> | undefined;

  /** @param onFailure called once until the store works again */
  static async open(plan: Plan, store: LeaseStore, counters: Counters, onFailure: (cause: Error) => void): Promise<Ledger> {
    return new Ledger(new LeaseBook(plan, await store.load()), store, counters, onFailure);
  }

  private constructor(book: LeaseBook, store: LeaseStore, counters: Counters, onFailure: (cause: Error) => void) {
    this.book = book;
    this.#store = store;
    this.#commits = new GroupCommit(store, ({ lease, before }) => book.restore(parseIpv4(lease.address)!, before));
    this.#counters = counters;
    this.#onFailure = onFailure;
  }

  /** Enters a lease and calls when it is on disk or could not be stored. Returns what the book had for the address. */
  save(lease: Lease, done?: Committed): Lease | undefined {
    const before = this.book.put(lease);
    this.#commits.write({ lease, before }, (error) => {
      if (error === undefined) this.#saved();
      else this.#report(error);
      done?.(error);
    });
    return before;
  }

  /** Ends the leases that have run out, and returns them. */
  expire(now: number): Lease[] {
    if (!this.book.mayExpire(now)) return [];
    const ended = this.book.expire(now);
    // The end of a lease follows from its time; that it is written down is for people who read the database.
    for (const lease of ended) this.#commits.write({ lease, before: lease }, (error) => error && this.#report(error));
    return ended;
  }

  /** Resolves when all that was saved is on disk, or has failed. */
  settled(): Promise<void> {
    return this.#commits.settled();
  }

  close(): Promise<void> {
    return (this.#closing ??= this.settled().then(() => this.#store.close()));
  }

  #saved(): void {
    this.#isFailing = false;
    this.#counters.stored++;
    this.#counters.commits = this.#commits.commits;
  }

  #report(cause: Error): void {
    if (this.#isFailing) return;
    this.#isFailing = true;
    this.#onFailure(cause);
  }
}
