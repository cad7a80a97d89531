import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ExpiryQueue } from '../../src/leases/expiry.js';

const NEVER = Number.POSITIVE_INFINITY;

/** Takes all that has ended by `now`. */
function takeAll(queue: ExpiryQueue, now: number): number[] {
  const taken: number[] = [];
  for (let address = queue.take(now); address !== undefined; address = queue.take(now)) taken.push(address);
  return taken;
}

test('gives every lease at its latest end, in order, if it is told of the new and the earlier ends', () => {
  const change = fc.record({ address: fc.nat(100), at: fc.oneof(fc.nat(1000), fc.constant(NEVER)), remove: fc.boolean() });
  fc.assert(
    fc.property(fc.array(change, { maxLength: 400 }), fc.nat(1000), (changes, now) => {
      const ends = new Map<number, number>();
      const queue = new ExpiryQueue((address) => ends.get(address) ?? NEVER);
      for (const { address, at, remove } of changes) {
        const before = ends.get(address) ?? NEVER;
        if (remove) ends.delete(address);
        else ends.set(address, at);
        if (!remove && at < before) queue.add(address, at);
      }
      for (const time of [now, 1000]) {
        const due = [...ends].filter(([, at]) => at <= time);
        if (due.length > 0) expect(queue.mayHaveEnded(time)).toBe(true);
        const taken = takeAll(queue, time);
        expect(new Set(taken)).toEqual(new Set(due.map(([address]) => address)));
        expect(queue.mayHaveEnded(time)).toBe(false);
        const inOrder = taken.map((address) => ends.get(address)!);
        expect(inOrder).toEqual([...inOrder].sort((a, b) => a - b));
        for (const address of taken) ends.delete(address);
      }
    }),
  );
});

test('thousands of leases end in order', () => {
  const ends = Array.from({ length: 5000 }, (_, n) => (n * 7919) % 5003);
  const queue = new ExpiryQueue((address) => ends[address]!);
  for (const [address, end] of ends.entries()) queue.add(address, end);
  expect(takeAll(queue, 5003).map((address) => ends[address])).toEqual([...ends].sort((a, b) => a - b));
});

test('gives nothing of no lease, or of one without end', () => {
  const queue = new ExpiryQueue(() => NEVER);
  queue.add(1, NEVER);
  expect(queue.mayHaveEnded(NEVER)).toBe(false);
  expect(queue.take(NEVER)).toBeUndefined();
});

test('an address that is leased again before its old end comes is given once', () => {
  let end = 100;
  const queue = new ExpiryQueue(() => end);
  queue.add(1, end);
  end = 50;
  queue.add(1, end);
  expect(takeAll(queue, 60)).toEqual([1]);
  end = 200;
  queue.add(1, end);
  expect(takeAll(queue, 150)).toEqual([]);
  expect(takeAll(queue, 250)).toEqual([1]);
  expect(queue.mayHaveEnded(NEVER)).toBe(false);
});
