import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Lease, sqliteLeaseStore } from '@pxekit/dhcp-server';
import Database from 'libsql/promise';
import { afterAll, expect, test } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'pxekit-sqlite-'));
afterAll(() => rmSync(folder, { recursive: true }));

const lease: Lease = {
  address: '10.0.0.1',
  client: 'mac/52:54:00:00:00:01',
  hardware: '52:54:00:00:00:01',
  state: 'active',
  started: 1_700_000_000_000,
  renewed: 1_700_000_000_000,
  expires: 1_700_003_600_000,
};

test('a lease that another program deleted is stored whole when it is renewed', async () => {
  const path = join(folder, 'leases.db');
  const store = await sqliteLeaseStore({ path });
  const other = { ...lease, address: '10.0.0.2', client: 'mac/2' };
  await store.commit([lease, other]);
  const tool = new Database(path, {});
  await tool.exec(`DELETE FROM leases WHERE address = '10.0.0.1'`);
  tool.close();
  const renewed = [lease, other].map((each) => ({ ...each, renewed: each.renewed + 1 }));
  await store.commit(renewed);
  expect(await store.load()).toEqual(renewed);
  await store.close();
});
