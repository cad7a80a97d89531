import fc from 'fast-check';
import { expect, test } from 'vitest';
import { skipZeros } from '../src/zeros.js';

test('the first octet that is not zero is found, wherever the run and the view begin', () => {
  const sizes = fc.record({ before: fc.nat(20), zeros: fc.nat(300), after: fc.nat(3), start: fc.nat(40), end: fc.nat(330) });
  fc.assert(
    fc.property(sizes, ({ before, zeros, after, start, end }) => {
      const whole = new Uint8Array(before + zeros + after + 8).fill(9);
      const bytes = whole.subarray(before, before + zeros + after);
      bytes.fill(0, 0, zeros);
      const stop = Math.min(end, bytes.length);
      const from = Math.min(start, stop);
      const found = bytes.subarray(from, stop).findIndex((octet) => octet !== 0);
      expect(skipZeros(bytes, from, stop)).toBe(found < 0 ? stop : from + found);
    }),
  );
});
