import { VirtualClock } from '@pxekit/tftp';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Timed, TimerWheel } from '../src/timer-wheel.js';

/** Milliseconds that an entry may be late: a step of the wheel, and the rounding to one. */
const LATE = 4;

const deadline = fc.oneof(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 5000 }));

describe('the timer wheel', () => {
  it('calls every entry once, not before its deadline and soon after it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(deadline, { maxLength: 30 }), async (deadlines) => {
        const clock = new VirtualClock();
        const wheel = new TimerWheel(clock);
        const calls = deadlines.map(() => [] as number[]);
        deadlines.forEach((at, index) => {
          const timed: Timed = {
            deadline: at,
            expired(now) {
              calls[index]!.push(now);
              timed.deadline = Number.POSITIVE_INFINITY;
            },
          };
          wheel.update(wheel.entry(timed));
        });
        await clock.advance(6000);
        calls.forEach((times, index) => {
          expect(times).toHaveLength(1);
          expect(times[0]).toBeGreaterThanOrEqual(deadlines[index]!);
          expect(times[0]).toBeLessThanOrEqual(deadlines[index]! + LATE);
        });
        expect(clock.pending).toBe(0);
      }),
      { numRuns: 100 },
    );
  });

  it('follows deadlines that move, and forgets entries that are removed', async () => {
    await fc.assert(
      fc.asyncProperty(deadline, deadline, fc.boolean(), async (first, second, removed) => {
        const clock = new VirtualClock();
        const wheel = new TimerWheel(clock);
        const calls: number[] = [];
        const timed: Timed = {
          deadline: first + 1,
          expired(now) {
            calls.push(now);
            timed.deadline = Number.POSITIVE_INFINITY;
          },
        };
        const entry = wheel.entry(timed);
        wheel.update(entry);
        timed.deadline = second;
        wheel.update(entry);
        if (removed) wheel.remove(entry);
        await clock.advance(6000);
        expect(calls).toHaveLength(removed ? 0 : 1);
        if (!removed) expect(calls[0]).toBeGreaterThanOrEqual(second);
        if (!removed) expect(calls[0]).toBeLessThanOrEqual(second + LATE);
        expect(clock.pending).toBe(0);
      }),
      { numRuns: 200 },
    );
  });
});
