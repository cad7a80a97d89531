import type { Peer } from './types.js';

/** `struct sockaddr_in`. */
export const SOCKADDR_LENGTH = 16;
export const AF_INET = 2;

/** Writes a `struct sockaddr_in` (Linux, little-endian). */
export function writeSockaddr(bytes: Uint8Array, at: number, { address, port }: Peer): void {
  bytes.fill(0, at, at + SOCKADDR_LENGTH);
  bytes[at] = AF_INET;
  bytes[at + 2] = port >> 8;
  bytes[at + 3] = port & 255;
  let octet = 0;
  let to = at + 4;
  for (let index = 0; index < address.length; index++) {
    const digit = address.charCodeAt(index) - 48;
    if (digit >= 0) octet = octet * 10 + digit;
    else {
      bytes[to++] = octet;
      octet = 0;
    }
  }
  bytes[to] = octet;
}

export function readSockaddr(bytes: Uint8Array, at: number): Peer {
  return {
    address: `${bytes[at + 4]}.${bytes[at + 5]}.${bytes[at + 6]}.${bytes[at + 7]}`,
    port: (bytes[at + 2]! << 8) | bytes[at + 3]!,
  };
}
