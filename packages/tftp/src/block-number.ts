/** The block number after 65535: 0 (what every boot ROM expects) or 1. */
export type Rollover = 0 | 1;

/**
 * Blocks are counted from 1 without end inside this package; the wire has 16 bits. Block 0 is the acknowledged request.
 */
export function wireNumber(block: number, rollover: Rollover): number {
  if (rollover === 0) return block & 0xffff;
  return block === 0 ? 0 : ((block - 1) % 0xffff) + 1;
}

/**
 * How far the wire number lies ahead of a block: 0 is the block itself, up to 65535. Windows are at most 32767 blocks, so
 * a distance of more than that means "behind". Infinity for a number that can not occur there.
 */
export function distanceAhead(wire: number, block: number, rollover: Rollover): number {
  if (rollover === 0) return (wire - block) & 0xffff;
  if (wire === 0) return block === 0 ? 0 : Number.POSITIVE_INFINITY;
  if (block === 0) return wire;
  return (wire - wireNumber(block, 1) + 0xffff) % 0xffff;
}
