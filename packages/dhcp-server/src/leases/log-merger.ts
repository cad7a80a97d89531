import Database from 'libsql/promise';

/** Leases between merges: each writes a page or so of 1 KiB to the log, and pages that are written again are merged once. */
const LEASES = 16_000;

type Statement = Awaited<ReturnType<Database['prepare']>>;

/**
 * Merges the write-ahead log into the database (a checkpoint) beside the commits instead of within one: a merge writes
 * thousands of pages and syncs them, and every lease that waits for its commit would wait for that, too.
 *
 * The large part is merged through a connection of its own while commits go on. What they added meanwhile is merged before the
 * next one, which leaves nothing in the log, so that it begins anew and does not grow.
 */
export class LogMerger {
  readonly #side: Database;
  readonly #beside: Statement;
  readonly #between: Statement;
  #leases = 0;
  #running: Promise<void> | undefined;
  #hasRest = false;

  static async open(path: string, db: Database): Promise<LogMerger> {
    const side = new Database(path, {});
    const checkpoint = 'PRAGMA wal_checkpoint(PASSIVE)';
    return new LogMerger(side, await side.prepare(checkpoint), await db.prepare(checkpoint));
  }

  private constructor(side: Database, beside: Statement, between: Statement) {
    this.#side = side;
    this.#beside = beside;
    this.#between = between;
  }

  /** So many leases were written to the log. */
  written(leases: number): void {
    this.#leases += leases;
    if (this.#leases < LEASES || this.#running !== undefined) return;
    this.#leases = 0;
    this.#running = this.#merge(this.#beside).then(() => {
      this.#running = undefined;
      this.#hasRest = true;
    });
  }

  /** Whether there is something to finish, before the next commit. */
  get hasRest(): boolean {
    return this.#hasRest;
  }

  async finish(): Promise<void> {
    this.#hasRest = false;
    await this.#merge(this.#between);
  }

  async close(): Promise<void> {
    await this.#running;
    this.#side.close();
  }

  /** What cannot be merged now stays in the log, where it is as safe, and is merged the next time. */
  async #merge(checkpoint: Statement): Promise<void> {
    await checkpoint.all().catch(() => {});
  }
}
