import Database from 'libsql/promise';
import { DhcpServerError } from '../errors.js';
import { isoTime } from './iso-time.js';
import { LogMerger } from './log-merger.js';
import { isRenewal } from './renewal.js';
import type { Lease, LeaseState, LeaseStore } from './store.js';

/** Each entry takes the database from version `index` to `index + 1` (`PRAGMA user_version`). */
const MIGRATIONS = [
  `CREATE TABLE leases (
     address     TEXT NOT NULL PRIMARY KEY,
     state       TEXT NOT NULL CHECK (state IN ('active', 'released', 'expired', 'declined')),
     client      TEXT NOT NULL,
     hardware    TEXT NOT NULL,
     client_id   TEXT,
     hostname    TEXT,
     started     TEXT NOT NULL,
     renewed     TEXT NOT NULL,
     expires     TEXT,
     relay_agent TEXT
   ) WITHOUT ROWID`,
];

// One statement stores a whole batch: a transaction by itself, one call into the library, one sync of the log.
const UPSERT = `
  INSERT INTO leases (address, state, client, hardware, client_id, hostname, started, renewed, expires, relay_agent)
  SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, value ->> 7, value ->> 8, value ->> 9
  FROM json_each(?) WHERE true
  ON CONFLICT (address) DO UPDATE SET
    state = excluded.state, client = excluded.client, hardware = excluded.hardware, client_id = excluded.client_id,
    hostname = excluded.hostname, started = excluded.started, renewed = excluded.renewed, expires = excluded.expires,
    relay_agent = excluded.relay_agent`;

// A third of the work for nearly all that is stored.
const RENEW = `
  UPDATE leases SET renewed = renewal.value ->> 1, expires = renewal.value ->> 2
  FROM json_each(?) AS renewal WHERE address = renewal.value ->> 0`;

interface Row {
  address: string;
  state: LeaseState;
  client: string;
  hardware: string;
  client_id: string | null;
  hostname: string | null;
  started: string;
  renewed: string;
  expires: string | null;
  relay_agent: string | null;
}

export interface SqliteLeaseStoreOptions {
  /** The database file; created if missing. Beside it SQLite keeps `-wal` and `-shm`. */
  path: string;
}

/**
 * Leases in an SQLite database with write-ahead log and `synchronous=FULL`: one table, `leases`, with times in ISO 8601
 * (UTC), that any SQLite tool reads, also while the server runs. Commits run outside the event loop.
 *
 * @throws DHCP_SERVER_STORE if the file cannot be opened, DHCP_SERVER_STORE_NEWER if a newer version wrote it
 */
export async function sqliteLeaseStore(options: SqliteLeaseStoreOptions): Promise<LeaseStore> {
  const { path } = options;
  const failed = (doing: string) => (cause: unknown) => {
    if (cause instanceof DhcpServerError) throw cause;
    throw new DhcpServerError('DHCP_SERVER_STORE', `${doing} the lease database ${path}: ${(cause as Error).message}`, { cause });
  };

  const db = await open(path).catch(failed('Cannot open'));
  const merger = await LogMerger.open(path, db).catch(failed('Cannot open'));
  // `all` runs in the library's own threads; `run` would hold the event loop for the length of the sync.
  const upsert = await db.prepare(UPSERT);
  const renew = await db.prepare(RENEW);
  const changes = await db.prepare('SELECT changes() AS count');

  /** Whether all of them were there to be renewed: another program may have deleted some. */
  async function isRenewed(leases: readonly Lease[]): Promise<boolean> {
    await renew.all(JSON.stringify(leases.map(toTimes)));
    // At once: this touches no disk, and another turn of a busy event loop is what an ACK would wait for.
    return changes.get().count === leases.length;
  }

  return {
    async load() {
      const rows: Row[] = await (await db.prepare('SELECT * FROM leases')).all().catch(failed('Cannot read'));
      return rows.map(fromRow);
    },
    async commit(leases, before = []) {
      // No `await` without a need: the statement is to be on its way when this returns, while the leases before are answered.
      if (merger.hasRest) await merger.finish();
      const areRenewals = leases.every((lease, n) => isRenewal(lease, before[n]));
      if (!areRenewals || !(await isRenewed(leases).catch(failed('Cannot write'))))
        await upsert.all(JSON.stringify(leases.map(toValues))).catch(failed('Cannot write'));
      merger.written(leases.length);
    },
    close: () => merger.close(),
  };
}

async function open(path: string): Promise<Database> {
  const db = new Database(path, {});
  try {
    await pragma(db, 'busy_timeout = 5000');
    // A renewal writes the whole page of its lease to the log: small pages, of a new file, are less to write and to sync.
    await pragma(db, 'page_size = 1024');
    // Every lease of a /16 stays in memory once read, some 11 MiB.
    await pragma(db, 'cache_size = -32768');
    await pragma(db, 'journal_mode = WAL');
    await pragma(db, 'synchronous = FULL');
    await pragma(db, 'wal_autocheckpoint = 0');
    const version = Number((await pragma(db, 'user_version'))[0]?.user_version);
    if (version > MIGRATIONS.length)
      throw new DhcpServerError(
        'DHCP_SERVER_STORE_NEWER',
        `The lease database ${path} has schema version ${version}; this version of @pxekit/dhcp-server knows up to ${MIGRATIONS.length}`,
      );
    for (let next = version; next < MIGRATIONS.length; next++)
      await db.exec(`BEGIN IMMEDIATE; ${MIGRATIONS[next]}; PRAGMA user_version = ${next + 1}; COMMIT`);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

async function pragma(db: Database, text: string): Promise<{ user_version?: number }[]> {
  return (await db.prepare(`PRAGMA ${text}`)).all();
}

function toTimes(lease: Lease): unknown[] {
  return [lease.address, isoTime(lease.renewed), expiryOf(lease)];
}

function expiryOf({ expires }: Lease): string | null {
  return expires === Number.POSITIVE_INFINITY ? null : isoTime(expires);
}

function toValues(lease: Lease): unknown[] {
  return [
    lease.address,
    lease.state,
    lease.client,
    lease.hardware,
    lease.clientId ?? null,
    lease.hostname ?? null,
    isoTime(lease.started),
    isoTime(lease.renewed),
    expiryOf(lease),
    lease.relayAgent ?? null,
  ];
}

function fromRow(row: Row): Lease {
  return {
    address: row.address,
    state: row.state,
    client: row.client,
    hardware: row.hardware,
    clientId: row.client_id ?? undefined,
    hostname: row.hostname ?? undefined,
    started: Date.parse(row.started),
    renewed: Date.parse(row.renewed),
    expires: row.expires === null ? Number.POSITIVE_INFINITY : Date.parse(row.expires),
    relayAgent: row.relay_agent ?? undefined,
  };
}
