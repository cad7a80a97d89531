import type { Endpoint } from '../types.js';

export const AF_INET = 2;
export const AF_INET6 = 10;
export const SOCKADDR_LENGTH = 28;

/** The 16 bytes of an IPv6 address, or the 4 of an IPv4 address. Zone names are left out. */
export function addressBytes(address: string): number[] {
  if (!address.includes(':')) return address.split('.').map(Number);
  const plain = address.replace(/%.*$/, '').replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, ...parts: string[]) => {
    const [a, b, c, d] = parts.map(Number) as [number, number, number, number];
    return `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
  });
  const [head = '', tail] = plain.split('::');
  const words = (part: string): number[] => (part === '' ? [] : part.split(':').map((word) => Number.parseInt(word, 16)));
  const left = words(head);
  const right = tail === undefined ? [] : words(tail);
  const zeros = new Array<number>(Math.max(0, 8 - left.length - right.length)).fill(0);
  return [...left, ...zeros, ...right].flatMap((word) => [word >> 8, word & 0xff]);
}

/** Writes a `struct sockaddr_in` or `sockaddr_in6` (Linux, little-endian) and gives its length. */
export function writeSockaddr(
  bytes: Uint8Array,
  at: number,
  { address, port, family }: Pick<Endpoint, 'address' | 'port' | 'family'>,
): number {
  const length = family === 'IPv6' ? 28 : 16;
  bytes.fill(0, at, at + length);
  bytes[at] = family === 'IPv6' ? AF_INET6 : AF_INET;
  bytes[at + 2] = port >> 8;
  bytes[at + 3] = port & 0xff;
  bytes.set(addressBytes(address), at + (family === 'IPv6' ? 8 : 4));
  return length;
}

export function readSockaddr(bytes: Uint8Array, at: number): Endpoint {
  const port = (bytes[at + 2]! << 8) | bytes[at + 3]!;
  if (bytes[at] !== AF_INET6) return { address: bytes.subarray(at + 4, at + 8).join('.'), port, family: 'IPv4' };
  const words: string[] = [];
  for (let word = 0; word < 8; word += 1) words.push(((bytes[at + 8 + 2 * word]! << 8) | bytes[at + 9 + 2 * word]!).toString(16));
  return { address: compress(words), port, family: 'IPv6' };
}

/** RFC 5952: the longest run of zeros, of two or more, becomes `::`. */
function compress(words: readonly string[]): string {
  let best = { start: 0, length: 1 };
  for (let start = 0; start < 8; start += 1) {
    let length = 0;
    while (words[start + length] === '0') length += 1;
    if (length > best.length) best = { start, length };
  }
  if (best.length < 2) return words.join(':');
  return `${words.slice(0, best.start).join(':')}::${words.slice(best.start + best.length).join(':')}`;
}
