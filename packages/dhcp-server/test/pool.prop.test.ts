import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FreeAddresses } from '../src/pool.js';

describe('free addresses', () => {
  const FIRST = 0x0a000000;

  test('hold exactly what was not taken, whatever is taken and given back', () => {
    const step = fc.record({ take: fc.boolean(), at: fc.nat(2100) });
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 2100 }),
        fc.array(fc.nat(2100), { maxLength: 20 }),
        fc.array(step, { maxLength: 200 }),
        fc.nat(),
        (size, out, steps, hash) => {
          const excluded = new Set(out.map((n) => FIRST + n));
          const pool = new FreeAddresses({ first: FIRST, last: FIRST + size - 1 }, excluded);
          const model = new Set(Array.from({ length: size }, (_, n) => FIRST + n).filter((address) => !excluded.has(address)));
          expect(pool.size).toBe(model.size);
          for (const { take, at } of steps) {
            const address = FIRST + (at % size);
            if (excluded.has(address)) continue;
            if (take) {
              pool.take(address);
              model.delete(address);
            } else {
              pool.giveBack(address);
              model.add(address);
            }
            expect(pool.free).toBe(model.size);
            expect(pool.isFree(address)).toBe(model.has(address));
          }
          const picked = pool.pick(hash, () => false);
          if (model.size === 0) expect(picked).toBeUndefined();
          else expect(model.has(picked!)).toBe(true);
          // Whatever is held, another one is found as long as there is one.
          if (model.size > 1) expect(pool.pick(hash, (address) => address === picked)).not.toBe(picked);
          expect(pool.pick(hash, () => true)).toBeUndefined();
        },
      ),
    );
  });

  test('a client finds the same address again, as long as it is free', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(65535), (hash, other) => {
        const pool = new FreeAddresses({ first: FIRST, last: FIRST + 65535 });
        const mine = pool.pick(hash, () => false)!;
        if (FIRST + other !== mine) pool.take(FIRST + other);
        expect(pool.pick(hash, () => false)).toBe(mine);
      }),
    );
  });

  test('once every address was used, the one that has been free longest comes first', () => {
    const pool = new FreeAddresses({ first: FIRST, last: FIRST + 9 });
    for (let n = 0; n < 10; n++) pool.take(FIRST + n);
    for (const n of [7, 2, 9]) pool.giveBack(FIRST + n);
    const order = [0, 0, 0].map((hash) => {
      const address = pool.pick(hash, () => false)!;
      pool.take(address);
      return address - FIRST;
    });
    expect(order).toEqual([7, 2, 9]);
  });
});
