import type { Libc } from './libc.js';

/** Memory as bytes and as little-endian 32-bit words. */
export interface Words {
  readonly bytes: Uint8Array;
  readonly words: Uint32Array;
}

/** Memory with a fixed address. */
export class Memory implements Words {
  readonly bytes: Uint8Array;
  readonly words: Uint32Array;
  readonly address: number;

  constructor(libc: Libc, length: number) {
    const buffer = new ArrayBuffer(Math.ceil(length / 8) * 8);
    this.bytes = new Uint8Array(buffer);
    this.words = new Uint32Array(buffer);
    this.address = libc.addressOf(buffer);
  }

  /** Writes a pointer or `size_t` at a byte offset. */
  pointer(at: number, value: number): void {
    this.words[at >> 2] = value >>> 0;
    this.words[(at >> 2) + 1] = Math.floor(value / 2 ** 32);
  }
}
