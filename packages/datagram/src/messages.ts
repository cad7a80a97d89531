import type { Libc } from './libc.js';
import { Memory } from './memory.js';
import { SOCKADDR_LENGTH } from './sockaddr.js';

/** `struct mmsghdr` on 64-bit Linux: name, namelen, iov, iovlen, control, controllen, flags; then the length. */
const HEADER = 64;
const NAME_LENGTH = 8;
const VECTOR = 16;
const VECTOR_COUNT = 24;
const CONTROL = 32;
const CONTROL_LENGTH = 40;
const FLAGS = 48;
const MESSAGE_LENGTH = 56;
/** `struct iovec`: base, length. */
const VECTOR_SIZE = 16;
const MSG_TRUNC = 0x20;

/** The address of message n is a `struct sockaddr` at `n * ADDRESS_SLOT`. */
export const ADDRESS_SLOT = 32;

/** The messages of one `recvmmsg` or `sendmmsg`: each has an address, a piece of memory, and control messages. */
export class Messages {
  readonly addresses: Memory;
  readonly #headers: Memory;
  readonly #vectors: Memory;

  constructor(libc: Libc, count: number) {
    this.addresses = new Memory(libc, count * ADDRESS_SLOT);
    this.#headers = new Memory(libc, count * HEADER);
    this.#vectors = new Memory(libc, count * VECTOR_SIZE);
    for (let n = 0; n < count; n += 1) {
      this.#headers.pointer(n * HEADER, this.addresses.address + n * ADDRESS_SLOT);
      this.setAddressLength(n, SOCKADDR_LENGTH);
      this.#headers.pointer(n * HEADER + VECTOR, this.#vectors.address + n * VECTOR_SIZE);
      this.#headers.pointer(n * HEADER + VECTOR_COUNT, 1);
    }
  }

  /** The address of message n: what the system calls take. */
  at(n: number): number {
    return this.#headers.address + n * HEADER;
  }

  /** The octets that message n sends, or the room that it has for them. */
  setData(n: number, address: number, length: number): void {
    this.#vectors.pointer(n * VECTOR_SIZE, address);
    this.#vectors.words[(n * VECTOR_SIZE + 8) >> 2] = length;
  }

  setAddressLength(n: number, length: number): void {
    this.#headers.words[(n * HEADER + NAME_LENGTH) >> 2] = length;
  }

  /** The control messages that message n sends, or the room that it has for them. */
  setControl(n: number, address: number, length: number): void {
    this.#headers.pointer(n * HEADER + CONTROL, address);
    this.setControlLength(n, length);
  }

  setControlLength(n: number, length: number): void {
    this.#headers.words[(n * HEADER + CONTROL_LENGTH) >> 2] = length;
  }

  /** Octets that message n received. */
  length(n: number): number {
    return this.#headers.words[(n * HEADER + MESSAGE_LENGTH) >> 2]!;
  }

  /** There was no room for all that message n received. */
  isTruncated(n: number): boolean {
    return (this.#headers.words[(n * HEADER + FLAGS) >> 2]! & MSG_TRUNC) !== 0;
  }

  /** Octets of control messages that message n received. */
  controlLength(n: number): number {
    return this.#headers.words[(n * HEADER + CONTROL_LENGTH) >> 2]!;
  }
}
