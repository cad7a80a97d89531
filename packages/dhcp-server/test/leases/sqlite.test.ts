import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Lease, sqliteLeaseStore } from '@pxekit/dhcp-server';
import fc from 'fast-check';
import Database from 'libsql/promise';
import { afterAll, expect, test } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'pxekit-sqlite-'));
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;
const newPath = () => join(folder, `${files++}.db`);

const lease = (more: Partial<Lease> = {}): Lease => ({
  address: '10.0.0.1',
  client: 'mac/52:54:00:00:00:01',
  hardware: '52:54:00:00:00:01',
  state: 'active',
  started: 1_700_000_000_000,
  renewed: 1_700_000_001_000,
  expires: 1_700_003_600_000,
  ...more,
});

async function query(path: string, text: string): Promise<unknown[]> {
  const db = new Database(path, {});
  try {
    return await (await db.prepare(text)).all();
  } finally {
    db.close();
  }
}

test('the table is one that people read: address, state, client, and times as text', async () => {
  const path = newPath();
  const store = await sqliteLeaseStore({ path });
  await store.commit([lease({ hostname: 'box' }), lease({ address: '10.0.0.2', expires: Number.POSITIVE_INFINITY })]);
  // Another program reads while the store is open.
  expect(await query(path, 'SELECT address, state, hostname, started, expires FROM leases ORDER BY address')).toEqual([
    { address: '10.0.0.1', state: 'active', hostname: 'box', started: '2023-11-14T22:13:20.000Z', expires: '2023-11-14T23:13:20.000Z' },
    { address: '10.0.0.2', state: 'active', hostname: null, started: '2023-11-14T22:13:20.000Z', expires: null },
  ]);
  expect(await query(path, 'PRAGMA user_version')).toEqual([{ user_version: 1 }]);
  expect(await query(path, 'PRAGMA journal_mode')).toEqual([{ journal_mode: 'wal' }]);
  await store.close();
});

test('a database of an older version is brought up to date, one of a newer version is left alone', async () => {
  const path = newPath();
  const old = new Database(path, {});
  await old.exec('CREATE TABLE notes (text); INSERT INTO notes VALUES (1)');
  old.close();
  const store = await sqliteLeaseStore({ path });
  await store.commit([lease()]);
  await store.close();
  expect(await query(path, 'SELECT text FROM notes')).toEqual([{ text: 1 }]);

  await query(path, 'PRAGMA user_version = 99');
  await expect(sqliteLeaseStore({ path })).rejects.toMatchObject({
    code: 'DHCP_SERVER_STORE_NEWER',
    message: expect.stringMatching(/schema version 99.*up to 1/),
  });
  expect(await query(path, 'SELECT address FROM leases')).toEqual([{ address: '10.0.0.1' }]);
});

test('a file that is no database is refused and left as it is', async () => {
  const path = newPath();
  writeFileSync(path, 'no database '.repeat(100));
  await expect(sqliteLeaseStore({ path })).rejects.toMatchObject({ code: 'DHCP_SERVER_STORE', message: expect.stringContaining(path) });
  expect(statSync(path).size).toBe(1200);
});

test('a batch with a lease that cannot be stored stores none of it, and the store goes on', async () => {
  const store = await sqliteLeaseStore({ path: newPath() });
  const bad = lease({ address: '10.0.0.2', state: 'lost' as never });
  await expect(store.commit([lease(), bad])).rejects.toMatchObject({ code: 'DHCP_SERVER_STORE' });
  expect(await store.load()).toEqual([]);
  await store.commit([lease()]);
  expect(await store.load()).toHaveLength(1);
  await store.close();
});

test('whatever name a client gives (without NUL), its lease and those beside it are stored', async () => {
  const store = await sqliteLeaseStore({ path: newPath() });
  const names = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 12 }).map((name) => name.replaceAll('\0', '')),
    fc.constantFrom('"', "'; DROP TABLE leases; --", '\u2028', '\\u0000'),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(names, { minLength: 1, maxLength: 5 }), async (hostnames) => {
      const leases = hostnames.map((hostname, n) => lease({ address: `10.0.0.${n}`, hostname }));
      await store.commit(leases);
      const stored = new Map((await store.load()).map((each) => [each.address, each.hostname]));
      for (const { address, hostname } of leases) expect(stored.get(address)).toBe(hostname);
    }),
    { numRuns: 100 },
  );
  await store.close();
});

test('the log does not grow with the number of commits', async () => {
  const path = newPath();
  const store = await sqliteLeaseStore({ path });
  const many = (round: number) =>
    Array.from({ length: 500 }, (_, n) => lease({ address: `10.0.${n >> 8}.${n & 255}`, renewed: round * 1000 }));
  for (let round = 0; round < 40; round++) await store.commit(many(round));
  const early = statSync(`${path}-wal`).size;
  for (let round = 0; round < 120; round++) await store.commit(many(round));
  expect(statSync(`${path}-wal`).size).toBeLessThan(2 * early);
  expect((await store.load()).every((each) => each.renewed === 119_000)).toBe(true);
  await store.close();
});

test('a lease that another program deleted is stored whole when it is renewed', async () => {
  const path = newPath();
  const store = await sqliteLeaseStore({ path });
  const leases = [lease(), lease({ address: '10.0.0.2', client: 'mac/2' })];
  await store.commit(leases);
  await query(path, `DELETE FROM leases WHERE address = '10.0.0.1'`);
  const renewed = leases.map((each) => ({ ...each, renewed: each.renewed + 1 }));
  await store.commit(renewed, leases);
  expect(await store.load()).toEqual(renewed);
  await store.close();
});
