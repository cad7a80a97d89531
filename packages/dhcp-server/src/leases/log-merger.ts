import { type FileHandle, open } from 'node:fs/promises';
import Database from 'libsql/promise';

/** Leases between merges: each writes a page or so of 1 KiB to the log, and pages that are written again are merged once. */
const LEASES = 16_000;

type Statement = Awaited<ReturnType<Database['prepare']>>;

/**
 * Merges the write-ahead log into the database (a checkpoint) beside the commits instead of within one: a merge writes
 * thousands of pages and syncs them, and every lease that waits for its commit would wait for that, too.
 *
 * The large part is merged through a connection of its own while commits go on. What they added meanwhile is merged before the
 * next one, which leaves nothing in the log, so that it begins anew and does not grow. SQLite syncs the database only then, so what
 * was merged beside is synced before: the commit that comes next would wait for all of it.
 */
export class LogMerger {
  readonly #db: Database;
  readonly #side: Database;
  readonly #file: FileHandle;
  readonly #beside: Statement;
  readonly #between: Statement;
  #leases = 0;
  #running: Promise<void> | undefined;
  #hasRest = false;

  static async open(path: string, db: Database): Promise<LogMerger> {
    const side = new Database(path, {});
    const checkpoint = 'PRAGMA wal_checkpoint(PASSIVE)';
    return new LogMerger(db, side, await open(path, 'r+'), await side.prepare(checkpoint), await db.prepare(checkpoint));
  }

  private constructor(db: Database, side: Database, file: FileHandle, beside: Statement, between: Statement) {
    this.#db = db;
    this.#side = side;
    this.#file = file;
    this.#beside = beside;
    this.#between = between;
  }

  /** So many leases were written to the log. */
  written(leases: number): void {
    this.#leases += leases;
    if (this.#leases < LEASES || this.#running !== undefined) return;
    this.#leases = 0;
    this.#running = this.#mergeBeside().then(() => {
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

  /** Closes the database, too. */
  async close(): Promise<void> {
    await this.#running;
    this.#side.close();
    this.#db.close();
    // Last: who closes a file gives up all locks that the process has on it (POSIX), those of SQLite as well.
    await this.#file.close();
  }

  async #mergeBeside(): Promise<void> {
    await this.#merge(this.#beside);
    await this.#file.datasync().catch(() => {});
  }

  /** What cannot be merged now stays in the log, where it is as safe, and is merged the next time. */
  async #merge(checkpoint: Statement): Promise<void> {
    await checkpoint.all().catch(() => {});
  }
}
