import type { Lease, LeaseStore } from './store.js';

/** Leases that live as long as the process: for tests and for demonstrations. */
export function memoryLeaseStore(initial: Iterable<Lease> = []): LeaseStore {
  const leases = new Map<string, Lease>();
  const put = (lease: Lease) => leases.set(lease.address, { ...lease });
  for (const lease of initial) put(lease);
  return {
    load: async () => [...leases.values()].map((lease) => ({ ...lease })),
    commit: async (batch) => batch.forEach(put),
    close: async () => {},
  };
}
