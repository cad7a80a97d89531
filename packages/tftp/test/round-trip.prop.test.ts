import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RoundTrip, retransmissionOf } from '../src/round-trip.js';

const times = retransmissionOf(undefined);
const event = fc.oneof(fc.double({ min: 0, max: 20_000, noNaN: true }), fc.constant('silence' as const), fc.constant('progress' as const));

function after(events: readonly (number | 'silence' | 'progress')[], cap?: number): RoundTrip {
  const trip = new RoundTrip(times, cap);
  for (const each of events) {
    if (each === 'silence') trip.backOff();
    else if (each === 'progress') trip.progress();
    else trip.sample(each);
  }
  return trip;
}

describe('the retransmission interval', () => {
  it('stays between the shortest and the longest, whatever happens', () => {
    fc.assert(
      fc.property(
        fc.array(event, { maxLength: 60 }),
        fc.option(fc.integer({ min: 1, max: 255_000 }), { nil: undefined }),
        (events, cap) => {
          const { interval } = after(events, cap);
          const longest = Math.min(times.max, cap ?? times.max);
          expect(interval).toBeLessThanOrEqual(longest);
          expect(interval).toBeGreaterThanOrEqual(Math.min(times.min, longest));
        },
      ),
    );
  });

  it('is longer than a round trip that does not change', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.1, max: 2000, noNaN: true }), fc.integer({ min: 1, max: 50 }), (trip, count) => {
        expect(after(new Array(count).fill(trip)).interval).toBeGreaterThanOrEqual(trip);
      }),
    );
  });

  it('forgets the waits of the beginning once a round trip is seen', () => {
    const waits = fc.array(fc.double({ min: 100, max: 1000, noNaN: true }), { maxLength: 5 });
    fc.assert(
      fc.property(waits, fc.double({ min: 0.05, max: 40, noNaN: true }), (waits, trip) => {
        const settled = new Array(10).fill(trip);
        expect(after([...waits, ...settled]).interval).toBe(after(settled).interval);
      }),
    );
  });

  it('doubles in silence, and is believed step by step', () => {
    expect(after([]).interval).toBe(1000);
    expect(after(['silence', 'silence']).interval).toBe(4000);
    const trained = new Array(20).fill(0.3);
    expect([0, 1, 2, 3].map((count) => after([...trained, ...new Array(count).fill('silence')]).interval)).toEqual([3, 50, 100, 200]);
    expect([1, 2, 3, 8, 20].map((count) => after(new Array(count).fill(0.3)).interval)).toEqual([500, 250, 125, 3.90625, 3]);
  });
});
