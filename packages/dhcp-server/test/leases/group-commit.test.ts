import type { Lease } from '@pxekit/dhcp-server';
import { expect, test } from 'vitest';
import { GroupCommit } from '../../src/leases/group-commit.js';

const lease = (n: number): Lease => ({
  address: `10.0.0.${n}`,
  client: `mac/${n}`,
  hardware: '',
  state: 'active',
  started: 1000,
  renewed: 1000,
  expires: 2000,
});

/** Commits to a store that is slow; `batches` are the addresses of each commit. */
function slowly(): { commits: GroupCommit; batches: string[][]; write: (n: number) => Promise<void> } {
  const batches: string[][] = [];
  let isBusy = false;
  const commits = new GroupCommit(
    {
      load: async () => [],
      async commit(leases) {
        if (isBusy) throw new Error('a commit was not over when the next one began');
        isBusy = true;
        batches.push(leases.map((each) => each.address));
        for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate);
        isBusy = false;
      },
      close: async () => {},
    },
    () => {},
  );
  const write = (n: number) =>
    new Promise<void>((resolve, reject) =>
      commits.write({ lease: lease(n), before: undefined }, (error) => (error === undefined ? resolve() : reject(error))),
    );
  return { commits, batches, write };
}

test('what comes in during a commit shares the next one; no two run at a time', async () => {
  const { commits, batches, write } = slowly();
  const first = [write(1), write(2)];
  while (batches.length === 0) await new Promise(setImmediate);
  const rest = [write(3), write(4), write(3)];
  expect(commits.waiting).toBe(3);
  await Promise.all([...first, ...rest]);
  expect(batches).toEqual([
    ['10.0.0.1', '10.0.0.2'],
    ['10.0.0.3', '10.0.0.4'],
  ]);
  expect(commits.commits).toBe(2);
});

test('is settled when all is written, and begins anew after it', async () => {
  const { commits, batches, write } = slowly();
  await commits.settled();
  for (const n of [1, 2]) {
    const written = write(n);
    await commits.settled();
    await written;
    expect(batches).toHaveLength(n);
  }
});
