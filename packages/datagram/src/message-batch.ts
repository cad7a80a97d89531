import { type Libc, Memory } from './libc.js';
import { SOCKADDR_LENGTH } from './sockaddr.js';

/** `struct mmsghdr` on 64-bit Linux: name, namelen, iov, iovlen, control, controllen, flags; then the length. */
const HEADER = 64;
const NAME_LENGTH = 8;
const VECTOR = 16;
const VECTOR_COUNT = 24;
const FLAGS = 48;
const MESSAGE_LENGTH = 56;
const VECTOR_SIZE = 16;
const MSG_TRUNC = 0x20;

/** The messages of one `recvmmsg` or `sendmmsg`, each with a slot for its octets and one for its address. */
export class MessageBatch {
  readonly count: number;
  readonly slot: number;
  /** The octets of message n begin at `n * slot`. */
  readonly data: Memory;
  /** The address of message n is a `struct sockaddr_in` at `n * SOCKADDR_LENGTH`. */
  readonly addresses: Memory;
  readonly #headers: Memory;
  readonly #vectors: Memory;

  constructor(libc: Libc, count: number, slot: number) {
    this.count = count;
    this.slot = slot;
    this.data = new Memory(libc, count * slot);
    this.addresses = new Memory(libc, count * SOCKADDR_LENGTH);
    this.#headers = new Memory(libc, count * HEADER);
    this.#vectors = new Memory(libc, count * VECTOR_SIZE);
    for (let n = 0; n < count; n++) {
      this.#headers.pointer(n * HEADER, this.addresses.address + n * SOCKADDR_LENGTH);
      this.#headers.words[(n * HEADER + NAME_LENGTH) >> 2] = SOCKADDR_LENGTH;
      this.#headers.pointer(n * HEADER + VECTOR, this.#vectors.address + n * VECTOR_SIZE);
      this.#headers.pointer(n * HEADER + VECTOR_COUNT, 1);
      this.#vectors.pointer(n * VECTOR_SIZE, this.data.address + n * slot);
      this.setLength(n, slot);
    }
  }

  /** The address of the header of message n: what the system calls take. */
  header(n: number): number {
    return this.#headers.address + n * HEADER;
  }

  /** Octets that message n has to send, or room for. */
  setLength(n: number, length: number): void {
    this.#vectors.words[(n * VECTOR_SIZE + 8) >> 2] = length;
  }

  /** Octets that message n received; -1 if there was no room for all of them. */
  receivedLength(n: number): number {
    const { words } = this.#headers;
    return (words[(n * HEADER + FLAGS) >> 2]! & MSG_TRUNC) !== 0 ? -1 : words[(n * HEADER + MESSAGE_LENGTH) >> 2]!;
  }
}
