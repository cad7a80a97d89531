import { randomBytes, timingSafeEqual } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'libsql';
import { ServerError } from './errors.js';
import type { ServerEvent } from './events.js';
import type { MachineMemory } from './resolve.js';

export type MachineState = MachineMemory['state'];

/** What is remembered of a machine. Times are milliseconds since 1970. */
export interface MachineRecord extends MachineMemory {
  mac: string;
  token: string;
  firstSeen: number;
  lastSeen: number;
  address?: string | undefined;
  uuid?: string | undefined;
  architecture?: number | undefined;
  armedAt?: number | undefined;
  installedAt?: number | undefined;
}

/** What a service saw of a machine. */
export type Sighting = Partial<Pick<MachineRecord, 'address' | 'uuid' | 'architecture'>>;

const EVENTS_PER_MACHINE = 500;

/** How long events wait to be written together, in milliseconds: a transaction for each would hold up the boots it tells of. */
const GATHER = 100;

/** How exact `lastSeen` is, in milliseconds. A boot is four packets in a row; each need not go to the disk. */
const SEEN = 1000;

/** Machine states and timelines in one SQLite file, so that other processes (`pxekit machines`, `pxekit arm`) can read and write it. */
export class MachineStore {
  readonly #db: Database.Database;
  readonly #now: () => number;
  readonly #macs = new Map<string, string | undefined>();
  #noted: { mac: string; event: ServerEvent }[] = [];
  #timer: NodeJS.Timeout | undefined;
  readonly #get: Database.Statement;
  readonly #put: Database.Statement;
  readonly #byAddress: Database.Statement;
  readonly #addEvent: Database.Statement;
  readonly #trim: Database.Statement;

  /** `file` may be `:memory:`. */
  constructor(file: string, { now = Date.now }: { now?: () => number } = {}) {
    try {
      if (file !== ':memory:') mkdirSync(dirname(file), { recursive: true });
      this.#db = new Database(file, { timeout: 2000 } as Database.Options);
      this.#db.exec(`
        PRAGMA journal_mode = WAL;
        CREATE TABLE IF NOT EXISTS machines (mac TEXT PRIMARY KEY, address TEXT, record TEXT NOT NULL) WITHOUT ROWID;
        CREATE INDEX IF NOT EXISTS machines_address ON machines (address);
        CREATE TABLE IF NOT EXISTS events (id INTEGER PRIMARY KEY, mac TEXT NOT NULL, event TEXT NOT NULL);
        CREATE INDEX IF NOT EXISTS events_mac ON events (mac, id);
      `);
    } catch (error) {
      throw new ServerError(`The machine states in ${file} cannot be opened: ${(error as Error).message}`, {
        code: 'SERVER_STATE',
        hint: 'Check the folder named by `state` and its permissions.',
        cause: error,
      });
    }
    this.#now = now;
    this.#get = this.#db.prepare('SELECT record FROM machines WHERE mac = ?');
    this.#put = this.#db.prepare(
      'INSERT INTO machines VALUES (?, ?, ?) ON CONFLICT (mac) DO UPDATE SET address = excluded.address, record = excluded.record',
    );
    this.#byAddress = this.#db.prepare('SELECT record FROM machines WHERE address = ?');
    this.#addEvent = this.#db.prepare('INSERT INTO events (mac, event) VALUES (?, ?)');
    this.#trim = this.#db.prepare(
      'DELETE FROM events WHERE mac = ?1 AND id <= (SELECT id FROM events WHERE mac = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2)',
    );
  }

  get(mac: string): MachineRecord | undefined {
    const row = this.#get.get(mac) as { record: string } | undefined;
    return row && (JSON.parse(row.record) as MachineRecord);
  }

  /** The machine last seen with an address. */
  byAddress(address: string): MachineRecord | undefined {
    const rows = this.#byAddress.all(address) as { record: string }[];
    return rows.map(({ record }) => JSON.parse(record) as MachineRecord).sort((a, b) => b.lastSeen - a.lastSeen)[0];
  }

  /** Its hardware address alone: kept in memory, since every event asks. Only the running server changes addresses. */
  macAt(address: string): string | undefined {
    const known = this.#macs.get(address);
    if (known !== undefined || this.#macs.has(address)) return known;
    const mac = this.byAddress(address)?.mac;
    if (this.#macs.size >= 10_000) this.#macs.clear();
    this.#macs.set(address, mac);
    return mac;
  }

  all(): MachineRecord[] {
    return (this.#db.prepare('SELECT record FROM machines ORDER BY mac').all() as { record: string }[]).map(({ record }) =>
      JSON.parse(record),
    );
  }

  /** Notes that a machine was seen; one that is new starts as `armed` when it is expected, else as `discovered`. */
  see(mac: string, sighting: Sighting, expected: boolean): MachineRecord {
    const now = this.#now();
    const old = this.get(mac);
    const seen = Object.fromEntries(Object.entries(sighting).filter(([, value]) => value !== undefined));
    const isNews = old === undefined || now - old.lastSeen >= SEEN || (expected && old.state === 'discovered');
    if (!isNews && Object.entries(seen).every(([key, value]) => old[key as keyof Sighting] === value)) return old;
    const record: MachineRecord = {
      ...(old ?? { mac, state: expected ? 'armed' : 'discovered', token: newToken(), firstSeen: now }),
      ...seen,
      lastSeen: now,
    };
    // A machine that was only noted becomes expected once it is written into the configuration.
    if (expected && record.state === 'discovered') record.state = 'armed';
    this.#save(record);
    return record;
  }

  /** Arms a machine for one more install, with another profile when one is given. */
  arm(mac: string, profile?: string): MachineRecord {
    const now = this.#now();
    const { kickstartAt, installedAt, ...old } = this.get(mac) ?? { mac, firstSeen: now, lastSeen: now };
    const record: MachineRecord = {
      ...old,
      state: 'armed',
      token: newToken(),
      armedAt: now,
      ...(profile === undefined ? {} : { profile }),
    };
    this.#save(record);
    return record;
  }

  /** From now on the machine boots its disk. */
  disarm(mac: string): MachineRecord {
    const now = this.#now();
    const record: MachineRecord = { ...(this.get(mac) ?? { mac, token: newToken(), firstSeen: now, lastSeen: now }), state: 'local' };
    this.#save(record);
    return record;
  }

  /** The machine fetched its kickstart: the install has begun. Only the first fetch after arming counts for the deadline. */
  kickstartFetched(mac: string): MachineRecord | undefined {
    const record = this.get(mac);
    if (!record || (record.state !== 'armed' && record.state !== 'installing')) return record;
    const next: MachineRecord = { ...record, state: 'installing', kickstartAt: record.kickstartAt ?? this.#now() };
    this.#save(next);
    return next;
  }

  /** The machine called home at the end of its install. `undefined` when the secret is not the one of the present install. */
  installed(mac: string, token: string): MachineRecord | undefined {
    const record = this.get(mac);
    if (!record || !sameSecret(record.token, token)) return undefined;
    if (record.state === 'installed') return record;
    const next: MachineRecord = { ...record, state: 'installed', installedAt: this.#now() };
    this.#save(next);
    return next;
  }

  /** Takes over a record as it is. */
  restore(record: MachineRecord): void {
    this.#save(record);
  }

  /** Adds an event to the timeline of a machine; it is on disk a moment later. */
  note(mac: string, event: ServerEvent): void {
    this.#noted.push({ mac, event });
    this.#timer ??= setTimeout(() => this.#writeNoted(), GATHER).unref();
  }

  #writeNoted(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const noted = this.#noted;
    if (noted.length === 0) return;
    this.#noted = [];
    try {
      this.#db.exec('BEGIN IMMEDIATE');
      for (const { mac, event } of noted) {
        const { lastInsertRowid } = this.#addEvent.run(mac, JSON.stringify(event));
        if (Number(lastInsertRowid) % 50 === 0) this.#trim.run(mac, EVENTS_PER_MACHINE);
      }
      this.#db.exec('COMMIT');
    } catch {
      // A full disk costs the timeline, not the boot.
      if (this.#db.inTransaction) this.#db.exec('ROLLBACK');
    }
  }

  /** What happened to a machine, oldest first. */
  timeline(mac: string, afterId = 0): { id: number; event: ServerEvent }[] {
    this.#writeNoted();
    const rows = this.#db.prepare('SELECT id, event FROM events WHERE mac = ? AND id > ? ORDER BY id').all(mac, afterId) as {
      id: number;
      event: string;
    }[];
    return rows.map(({ id, event }) => ({ id, event: JSON.parse(event) as ServerEvent }));
  }

  close(): void {
    this.#writeNoted();
    this.#db.close();
  }

  #save(record: MachineRecord): void {
    this.#macs.clear();
    this.#put.run(record.mac, record.address ?? null, JSON.stringify(record));
  }
}

/** 128 random bits. */
function newToken(): string {
  return randomBytes(16).toString('hex');
}

/** Compares two secrets in a time that does not tell where they differ. */
export function sameSecret(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
