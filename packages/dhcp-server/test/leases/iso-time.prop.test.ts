import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isoTime } from '../../src/leases/iso-time.js';

test('is what Date says, whatever was formatted before', () => {
  const time = fc.oneof(fc.integer({ min: -(10 ** 12), max: 10 ** 13 }), fc.double({ min: 0, max: 10 ** 12, noNaN: true }));
  fc.assert(
    fc.property(fc.array(time, { minLength: 1, maxLength: 50 }), (times) => {
      for (const each of times) expect(isoTime(each)).toBe(new Date(each).toISOString());
    }),
  );
});
