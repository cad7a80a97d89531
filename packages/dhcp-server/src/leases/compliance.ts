import type { Lease, LeaseStore } from './store.js';

/** One check of the suite: give it to any test runner. It throws when the store does not hold. */
export interface ComplianceCheck {
  name: string;
  run(): Promise<void>;
}

/** How the suite reaches the store under test. */
export interface ComplianceSubject {
  /** A store with nothing in it. */
  create(): Promise<LeaseStore>;
  /** The same store after its process ended without `close`; leave out for a store that does not outlive its process. */
  reopen?(store: LeaseStore): Promise<LeaseStore>;
}

const lease = (n: number, more: Partial<Lease> = {}): Lease => ({
  address: `10.0.${n >> 8}.${n & 255}`,
  client: `mac/52:54:00:00:00:${(n & 255).toString(16).padStart(2, '0')}`,
  hardware: `52:54:00:00:00:${(n & 255).toString(16).padStart(2, '0')}`,
  state: 'active',
  started: 1_700_000_000_000,
  renewed: 1_700_000_001_001,
  expires: 1_700_003_600_999,
  ...more,
});

/** What the server expects of a lease store, as named checks. */
export function leaseStoreCompliance(subject: ComplianceSubject): ComplianceCheck[] {
  const withStore = (run: (store: LeaseStore) => Promise<void>) => async () => {
    const store = await subject.create();
    try {
      await run(store);
    } finally {
      await store.close();
    }
  };
  const checks: ComplianceCheck[] = [
    { name: 'a new store holds nothing', run: withStore(async (store) => same(await store.load(), [])) },
    {
      name: 'every field of a lease comes back as it was',
      run: withStore(async (store) => {
        const full = lease(1, { clientId: '01525400000001', hostname: 'näme "q" \\ \n', relayAgent: '0104deadbeef' });
        await store.commit([full, lease(2)]);
        same(await store.load(), [full, lease(2)]);
      }),
    },
    {
      name: 'a lease without end stays without end',
      run: withStore(async (store) => {
        await store.commit([lease(1, { expires: Number.POSITIVE_INFINITY })]);
        same(await store.load(), [lease(1, { expires: Number.POSITIVE_INFINITY })]);
      }),
    },
    {
      name: 'every state is kept',
      run: withStore(async (store) => {
        const all = (['active', 'released', 'expired', 'declined'] as const).map((state, n) => lease(n, { state }));
        await store.commit(all);
        same(await store.load(), all);
      }),
    },
    {
      name: 'a later commit replaces the lease of the same address, fields that are gone included',
      run: withStore(async (store) => {
        await store.commit([lease(1, { hostname: 'before', clientId: 'ff' }), lease(2)]);
        await store.commit([lease(1, { client: 'id/ff01', state: 'released' })]);
        same(await store.load(), [lease(1, { client: 'id/ff01', state: 'released' }), lease(2)]);
      }),
    },
    {
      name: 'a renewal changes the times and nothing else, again and again',
      run: withStore(async (store) => {
        const full = lease(1, { clientId: '01525400000001', hostname: 'a', relayAgent: '0104deadbeef' });
        await store.commit([full, lease(2)]);
        let before = full;
        for (const n of [1, 2]) {
          const renewed = { ...full, renewed: full.renewed + n, expires: full.expires + n };
          await store.commit([renewed], [before]);
          same(await store.load(), [renewed, lease(2)]);
          before = renewed;
        }
        await store.commit([{ ...full, expires: Number.POSITIVE_INFINITY }], [before]);
        same(await store.load(), [{ ...full, expires: Number.POSITIVE_INFINITY }, lease(2)]);
      }),
    },
    {
      name: 'whatever else a renewal brings is stored with it',
      run: withStore(async (store) => {
        const changes: Partial<Lease>[] = [
          { hostname: 'new' },
          { hostname: undefined },
          { clientId: 'ff' },
          { relayAgent: '01' },
          { hardware: '52:54:00:00:00:99' },
          { started: 1_700_000_000_001 },
          { client: 'id/ff' },
          { state: 'released' },
        ];
        for (const change of changes) {
          await store.commit([lease(1), lease(2)]);
          await store.commit([lease(1, { renewed: 1_700_000_009_000 }), lease(2, change)], [lease(1), lease(2)]);
          same(await store.load(), [lease(1, { renewed: 1_700_000_009_000 }), lease(2, change)]);
        }
      }),
    },
    {
      name: 'an empty commit changes nothing',
      run: withStore(async (store) => {
        await store.commit([]);
        same(await store.load(), []);
      }),
    },
    {
      name: 'ten thousand leases in one commit are all there',
      run: withStore(async (store) => {
        const many = Array.from({ length: 10_000 }, (_, n) => lease(n));
        await store.commit(many);
        same(await store.load(), many);
      }),
    },
    {
      name: 'a lease that is changed after its commit does not change in the store',
      run: withStore(async (store) => {
        const mine = lease(1);
        await store.commit([mine]);
        mine.state = 'released';
        same(await store.load(), [lease(1)]);
      }),
    },
  ];
  const { reopen } = subject;
  if (reopen !== undefined)
    checks.push({
      name: 'what was committed is there after the process ended without a close',
      run: withStore(async (store) => {
        await store.commit([lease(1), lease(2)]);
        await store.commit([lease(2, { state: 'released' }), lease(3)]);
        const again = await reopen(store);
        try {
          same(await again.load(), [lease(1), lease(2, { state: 'released' }), lease(3)]);
          await again.commit([lease(4)]);
          same(await again.load(), [lease(1), lease(2, { state: 'released' }), lease(3), lease(4)]);
        } finally {
          await again.close();
        }
      }),
    });
  return checks;
}

function same(actual: Lease[], expected: Lease[]): void {
  const text = (leases: Lease[]) =>
    leases
      .map((each) =>
        JSON.stringify(
          { ...each, expires: String(each.expires) },
          Object.keys({ ...lease(0), clientId: 0, hostname: 0, relayAgent: 0 }).sort(),
        ),
      )
      .sort()
      .join('\n');
  if (text(actual) !== text(expected)) throw new Error(`the store holds\n${text(actual)}\nand should hold\n${text(expected)}`);
}
