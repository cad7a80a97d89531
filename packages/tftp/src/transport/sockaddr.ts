import type { Endpoint } from '../types.js';
import { scopeOf, zoneOf } from './zone.js';

export const AF_INET = 2;
export const AF_INET6 = 10;
export const SOCKADDR_LENGTH = 28;

/** The 16 bytes of an IPv6 address, or the 4 of an IPv4 address. The zone is left out, see `scopeOf`. */
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

/** Memory as bytes and as little-endian 32-bit words. */
export interface Words {
  readonly bytes: Uint8Array;
  readonly words: Uint32Array;
}

/** An IPv4 peer that keeps its address as the kernel writes it: nothing is parsed to answer it. */
class Inet4Endpoint implements Endpoint {
  readonly family = 'IPv4';

  constructor(
    readonly address: string,
    readonly port: number,
    readonly raw: number,
  ) {}
}

function swapped(port: number): number {
  return ((port & 0xff) << 8) | (port >> 8);
}

/** Writes a `struct sockaddr_in` or `sockaddr_in6` (Linux, little-endian) at a multiple of 4 and gives its length. */
export function writeSockaddr({ bytes, words }: Words, at: number, endpoint: Pick<Endpoint, 'address' | 'port' | 'family'>): number {
  const length = endpoint.family === 'IPv6' ? 28 : 16;
  const word = at >> 2;
  words.fill(0, word, word + length / 4);
  words[word] = ((endpoint.family === 'IPv6' ? AF_INET6 : AF_INET) | (swapped(endpoint.port) << 16)) >>> 0;
  if (endpoint instanceof Inet4Endpoint) words[word + 1] = endpoint.raw;
  else bytes.set(addressBytes(endpoint.address), at + (endpoint.family === 'IPv6' ? 8 : 4));
  if (endpoint.family === 'IPv6') words[word + 6] = scopeOf(endpoint.address);
  return length;
}

const KNOWN_ADDRESSES = 4096;
const dotted = new Map<number, string>();

/** The same string for the same address: it is the key of several tables, and is hashed once. */
export function ipv4Text(raw: number): string {
  let text = dotted.get(raw);
  if (text === undefined) {
    if (dotted.size >= KNOWN_ADDRESSES) dotted.clear();
    dotted.set(raw, (text = `${raw & 0xff}.${(raw >>> 8) & 0xff}.${(raw >>> 16) & 0xff}.${raw >>> 24}`));
  }
  return text;
}

export function readSockaddr({ bytes, words }: Words, at: number): Endpoint {
  const word = at >> 2;
  const port = swapped(words[word]! >>> 16);
  if (bytes[at] !== AF_INET6) return new Inet4Endpoint(ipv4Text(words[word + 1]!), port, words[word + 1]!);
  return { address: ipv6Text(bytes, at + 8) + zoneOf(words[word + 6]!), port, family: 'IPv6' };
}

/** Whether the address there is that of an IPv4 endpoint that `readSockaddr` gave. */
export function isSockaddrOf({ bytes, words }: Words, at: number, endpoint: Endpoint): boolean {
  const word = at >> 2;
  return (
    endpoint instanceof Inet4Endpoint &&
    bytes[at] === AF_INET &&
    words[word + 1] === endpoint.raw &&
    swapped(words[word]! >>> 16) === endpoint.port
  );
}

/** Whether both begin with the same address and port. */
export function isSameSockaddr({ words: a }: Words, { words: b }: Words): boolean {
  if (a[0] !== b[0]) return false;
  if ((a[0]! & 0xffff) !== AF_INET6) return a[1] === b[1];
  return a[2] === b[2] && a[3] === b[3] && a[4] === b[4] && a[5] === b[5] && a[6] === b[6];
}

/** The address at this place, without a zone. */
export function ipv6Text(bytes: Uint8Array, at: number): string {
  const parts: string[] = [];
  for (let part = at; part < at + 16; part += 2) parts.push(((bytes[part]! << 8) | bytes[part + 1]!).toString(16));
  return compress(parts);
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
