import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { acceptOack, negotiate, oackOf, optionMap } from '../src/negotiate.js';
import { decodePacket, encodeRequest, type Option } from '../src/packet.js';
import type { OptionPolicy } from '../src/types.js';

const number = fc.oneof(fc.integer({ min: -2, max: 70_000 }), fc.constantFrom(0, 1, 7, 8, 255, 256, 65_464, 65_535)).map(String);
const value = fc.oneof(number, fc.constantFrom('', 'x', '1.0', '+8', ' 8', '0x10', '9'.repeat(30)));
const name = fc.constantFrom(
  'blksize',
  'BlkSize',
  'windowsize',
  'timeout',
  'utimeout',
  'tsize',
  'rollover',
  'blksize2',
  'multicast',
  'unheard',
);
const asked = fc.array(fc.tuple(name, value), { maxLength: 8 }).map((list) => optionMap(list as Option[]));
const policy: fc.Arbitrary<OptionPolicy> = fc.record(
  {
    maxBlockSize: fc.integer({ min: 8, max: 65_464 }),
    maxWindowSize: fc.integer({ min: 1, max: 65_535 }),
    maxWindowBytes: fc.integer({ min: 8, max: 1 << 22 }),
    mtu: fc.oneof(fc.constant(false as const), fc.integer({ min: 68, max: 9000 })),
    blksize2: fc.boolean(),
    announceEmpty: fc.boolean(),
    refuse: fc.subarray(['blksize', 'windowsize', 'tsize']),
  },
  { requiredKeys: [] },
);
const context = fc.record({
  type: fc.constantFrom('read' as const, 'write' as const),
  policy,
  family: fc.constantFrom('IPv4' as const, 'IPv6' as const),
  mtu: fc.option(fc.integer({ min: 68, max: 65_536 }), { nil: undefined }),
  size: fc.option(fc.integer({ min: 0, max: 2 ** 40 }), { nil: undefined }),
});

describe('negotiation', () => {
  it('grants only what was asked for, never more of it, and uses what it grants', () => {
    fc.assert(
      fc.property(asked, context, (options, where) => {
        const { granted, blockSize, windowSize } = negotiate(options, where);
        for (const [key, answer] of granted) {
          expect(options.has(key)).toBe(true);
          expect(where.policy.refuse ?? []).not.toContain(key);
          if (key === 'blksize' || key === 'windowsize' || key === 'blksize2')
            expect(Number(answer)).toBeLessThanOrEqual(Number(options.get(key)));
          if (key === 'timeout' || key === 'utimeout' || key === 'rollover') expect(answer).toBe(options.get(key));
        }
        const said = new Map(granted);
        expect(blockSize).toBe(Number(said.get('blksize') ?? said.get('blksize2') ?? 512));
        expect(windowSize).toBe(Number(said.get('windowsize') ?? 1));
        expect(windowSize).toBeLessThanOrEqual(32_767);
        if (windowSize > 1) expect(windowSize * blockSize).toBeLessThanOrEqual(where.policy.maxWindowBytes ?? 1 << 20);
      }),
      { numRuns: 1000 },
    );
  });

  it('ends in the same terms on both sides', () => {
    fc.assert(
      fc.property(
        asked.filter((options) => !options.has('blksize2') && !options.has('utimeout')),
        context,
        (options, where) => {
          const agreement = negotiate(options, where);
          const oack = oackOf(agreement);
          if (!oack) {
            expect(agreement.granted).toEqual([]);
            return;
          }
          const packet = decodePacket(oack);
          if (packet.type !== 'oack') throw new Error(packet.type);
          const { blockSize, windowSize, rollover, cap } = acceptOack(options, packet.options);
          expect({ blockSize, windowSize, rollover, cap }).toEqual({
            blockSize: agreement.blockSize,
            windowSize: agreement.windowSize,
            rollover: agreement.rollover,
            cap: agreement.cap,
          });
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('takes the first of an option that stands twice, whatever its case', () => {
    const request = decodePacket(encodeRequest('rrq', 'f', 'octet', [['BLKSIZE', '1024']]));
    if (request.type !== 'rrq') throw new Error(request.type);
    expect(optionMap([...request.options, ['blksize', '600']])).toEqual(new Map([['blksize', '1024']]));
  });
});
