const CHUNK = 16 * 1024;
let chunk = new ArrayBuffer(0);
let used = 0;

/**
 * Zeroed octets for a message to write. Engines take longer to make a buffer of a few hundred octets than this package takes to fill it, so
 * small ones are cut from a chunk, as Node.js does with its `Buffer`s. An octet is handed out once.
 */
export function allocate(size: number): Uint8Array {
  if (size > CHUNK / 4) return new Uint8Array(size);
  if (used + size > chunk.byteLength) {
    chunk = new ArrayBuffer(CHUNK);
    used = 0;
  }
  const octets = new Uint8Array(chunk, used, size);
  used += size;
  return octets;
}
