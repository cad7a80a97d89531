import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ComplianceSubject, leaseStoreCompliance, memoryLeaseStore, sqliteLeaseStore } from '@pxekit/dhcp-server';
import { afterAll, describe, test } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'pxekit-leases-'));
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;
const paths = new Map<object, string>();

const subjects: Record<string, ComplianceSubject> = {
  memory: { create: async () => memoryLeaseStore() },
  sqlite: {
    async create() {
      const path = join(folder, `${files++}.db`);
      const store = await sqliteLeaseStore({ path });
      paths.set(store, path);
      return store;
    },
    reopen: (store) => sqliteLeaseStore({ path: paths.get(store)! }),
  },
};

for (const [name, subject] of Object.entries(subjects)) {
  describe(`the ${name} store`, () => {
    for (const check of leaseStoreCompliance(subject)) test(check.name, () => check.run());
  });
}
