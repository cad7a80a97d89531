const NEAR = 64;

/** The place of the first octet from `start` that is not zero, or `end`. Long runs are passed over eight octets at a time. */
export function skipZeros(bytes: Uint8Array, start: number, end: number): number {
  const near = Math.min(start + NEAR, end);
  let at = start;
  while (at < near && bytes[at] === 0) at++;
  if (at < near || at === end) return at;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  while (at + 8 <= end && (view.getInt32(at) | view.getInt32(at + 4)) === 0) at += 8;
  while (at < end && bytes[at] === 0) at++;
  return at;
}
