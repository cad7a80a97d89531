import type { Words } from './memory.js';
import { scopeOf, zoneOf } from './zone.js';

export const AF_INET = 2;
export const AF_INET6 = 10;
/** Room for either family, in bytes. */
export const SOCKADDR_LENGTH = 28;

/** One end of a UDP exchange. */
export interface Endpoint {
  readonly address: string;
  readonly port: number;
  readonly family: 'IPv4' | 'IPv6';
}

/** An endpoint as a socket is told it: without a family it is IPv4. */
type Target = Pick<Endpoint, 'address' | 'port'> & { readonly family?: Endpoint['family'] };

/** An IPv4 address as the kernel has it, in a little-endian word. */
export function ipv4Word(address: string): number {
  let word = 0;
  let octet = 0;
  for (let index = 0; index < address.length; index += 1) {
    const digit = address.charCodeAt(index) - 48;
    if (digit >= 0) {
      octet = octet * 10 + digit;
    } else {
      word = (word >>> 8) | (octet << 24);
      octet = 0;
    }
  }
  return ((word >>> 8) | (octet << 24)) >>> 0;
}

/** The 16 bytes of an IPv6 address. The zone is left out, see `scopeOf`. */
export function ipv6Bytes(address: string): number[] {
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
export function writeSockaddr({ bytes, words }: Words, at: number, to: Target): number {
  const isIPv6 = to.family === 'IPv6';
  const length = isIPv6 ? 28 : 16;
  const word = at >> 2;
  words.fill(0, word, word + length / 4);
  words[word] = ((isIPv6 ? AF_INET6 : AF_INET) | (swapped(to.port) << 16)) >>> 0;
  if (isIPv6) {
    bytes.set(ipv6Bytes(to.address), at + 8);
    words[word + 6] = scopeOf(to.address);
  } else {
    words[word + 1] = to instanceof Inet4Endpoint ? to.raw : ipv4Word(to.address);
  }
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
