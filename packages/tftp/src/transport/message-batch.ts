import type { Endpoint, Receive } from '../types.js';
import { type Libc, Memory } from './libc.js';
import type { Readiness } from './readiness.js';
import { longestRun } from './run-sender.js';
import { isSockaddrOf, readSockaddr, SOCKADDR_LENGTH, writeSockaddr } from './sockaddr.js';

const COUNT = 64;
const INPUT = 65_536;
const ACK_LENGTH = 4;
/** `struct mmsghdr` on 64-bit Linux: name, namelen, iov, iovlen, control, controllen, flags; then the length. */
const HEADER = 64;
const NAME = 0;
const NAME_LENGTH = 8;
const VECTOR = 16;
const VECTOR_COUNT = 24;
const CONTROL = 32;
const CONTROL_LENGTH = 40;
const MESSAGE_LENGTH = 56;
const VECTOR_SIZE = 16;
const ADDRESS_SLOT = 32;
/** CMSG_SPACE of a uint16_t. */
const CONTROL_SLOT = 24;
const SMALL_SLOT = 2048;
const SOL_UDP = 17;
const UDP_SEGMENT = 103;
const MSG_DONTWAIT = 0x40;
/** A power of two. */
const KNOWN_PEERS = 1024;

/** Reads and writes the datagrams of one socket with many peers, up to 64 in one call. */
export class MessageBatch {
  readonly #libc: Libc;
  readonly #fd: number;
  readonly #readiness: Readiness;
  readonly #input: Memory;
  /** Most datagrams are ACKs: views that need not be made for each. */
  readonly #acks: readonly Uint8Array[];
  readonly #inputHeaders: Memory;
  readonly #inputVectors: Memory;
  readonly #inputAddresses: Memory;
  readonly #output: Memory;
  readonly #outputHeaders: Memory;
  readonly #outputVectors: Memory;
  readonly #outputAddresses: Memory;
  readonly #control: Memory;
  /** Keeps the memory of queued packets alive. */
  readonly #kept: (Uint8Array | undefined)[] = new Array(COUNT).fill(undefined);
  /** The peers heard last, each in the slot of its port. */
  readonly #peers: (Endpoint | undefined)[] = new Array(KNOWN_PEERS).fill(undefined);
  #queued = 0;
  /** What is sent meanwhile leaves with the rest, in one call. */
  #isReading = false;
  #segments = true;

  constructor(libc: Libc, fd: number, readiness: Readiness) {
    this.#libc = libc;
    this.#fd = fd;
    this.#readiness = readiness;
    this.#input = new Memory(libc, COUNT * INPUT);
    this.#acks = Array.from({ length: COUNT }, (_, index) => this.#input.bytes.subarray(index * INPUT, index * INPUT + ACK_LENGTH));
    this.#inputHeaders = new Memory(libc, COUNT * HEADER);
    this.#inputVectors = new Memory(libc, COUNT * VECTOR_SIZE);
    this.#inputAddresses = new Memory(libc, COUNT * ADDRESS_SLOT);
    this.#output = new Memory(libc, COUNT * SMALL_SLOT);
    this.#outputHeaders = new Memory(libc, COUNT * HEADER);
    this.#outputVectors = new Memory(libc, COUNT * VECTOR_SIZE);
    this.#outputAddresses = new Memory(libc, COUNT * ADDRESS_SLOT);
    this.#control = new Memory(libc, COUNT * CONTROL_SLOT);
    for (let index = 0; index < COUNT; index += 1) {
      this.#layOut(this.#inputHeaders, this.#inputVectors, this.#inputAddresses, index);
      this.#inputVectors.pointer(index * VECTOR_SIZE, this.#input.address + index * INPUT);
      this.#inputVectors.pointer(index * VECTOR_SIZE + 8, INPUT);
      this.#layOut(this.#outputHeaders, this.#outputVectors, this.#outputAddresses, index);
      this.#control.pointer(index * CONTROL_SLOT, 18);
      this.#control.words[(index * CONTROL_SLOT + 8) >> 2] = SOL_UDP;
      this.#control.words[(index * CONTROL_SLOT + 12) >> 2] = UDP_SEGMENT;
    }
  }

  #layOut(headers: Memory, vectors: Memory, addresses: Memory, index: number): void {
    const at = index * HEADER;
    headers.pointer(at + NAME, addresses.address + index * ADDRESS_SLOT);
    headers.words[(at + NAME_LENGTH) >> 2] = SOCKADDR_LENGTH;
    headers.pointer(at + VECTOR, vectors.address + index * VECTOR_SIZE);
    headers.pointer(at + VECTOR_COUNT, 1);
  }

  /** Reads what waits, up to 64 datagrams, and sends what was answered. */
  receive(receive: Receive): void {
    const count = this.#libc.recvmmsg(this.#fd, this.#inputHeaders.address, COUNT, MSG_DONTWAIT, 0);
    this.#isReading = true;
    try {
      for (let index = 0; index < count; index += 1) {
        const length = this.#inputHeaders.words[(index * HEADER + MESSAGE_LENGTH) >> 2]!;
        this.#inputHeaders.words[(index * HEADER + NAME_LENGTH) >> 2] = SOCKADDR_LENGTH;
        const data = length === ACK_LENGTH ? this.#acks[index]! : this.#input.bytes.subarray(index * INPUT, index * INPUT + length);
        const peer = this.#peer(index);
        this.#readiness.heard(peer);
        receive(data, peer);
      }
    } finally {
      this.#isReading = false;
      this.flush();
    }
  }

  /** The sender of a datagram: while a peer goes on talking, the same object. */
  #peer(index: number): Endpoint {
    const at = index * ADDRESS_SLOT;
    const slot = (this.#inputAddresses.words[at >> 2]! >>> 16) & (KNOWN_PEERS - 1);
    const known = this.#peers[slot];
    if (known && isSockaddrOf(this.#inputAddresses, at, known)) return known;
    return (this.#peers[slot] = readSockaddr(this.#inputAddresses, at));
  }

  send(data: Uint8Array, to: Endpoint): void {
    if (data.length > SMALL_SLOT) return;
    this.#output.bytes.set(data, this.#queued * SMALL_SLOT);
    this.#push(this.#output.address + this.#queued * SMALL_SLOT, data.length, 0, to, undefined);
    if (!this.#isReading) this.flush();
  }

  sendRun(data: Uint8Array, address: number, length: number, packetSize: number, to: Endpoint): void {
    const most = this.#segments ? longestRun(packetSize) : packetSize;
    for (let at = 0; at < length; at += most) {
      const part = Math.min(most, length - at);
      this.#push(address + at, part, part > packetSize ? packetSize : 0, to, data);
    }
    if (!this.#isReading) this.flush();
  }

  #push(address: number, length: number, segment: number, to: Endpoint, keep: Uint8Array | undefined): void {
    const index = this.#queued;
    const at = index * HEADER;
    this.#outputHeaders.words[(at + NAME_LENGTH) >> 2] = writeSockaddr(this.#outputAddresses, index * ADDRESS_SLOT, to);
    this.#outputVectors.pointer(index * VECTOR_SIZE, address);
    this.#outputVectors.pointer(index * VECTOR_SIZE + 8, length);
    this.#outputHeaders.pointer(at + CONTROL, segment > 0 ? this.#control.address + index * CONTROL_SLOT : 0);
    this.#outputHeaders.pointer(at + CONTROL_LENGTH, segment > 0 ? CONTROL_SLOT : 0);
    if (segment > 0) this.#control.words[(index * CONTROL_SLOT + 16) >> 2] = segment;
    this.#kept[index] = keep;
    this.#readiness.sent(to);
    this.#queued += 1;
    if (this.#queued === COUNT) this.flush();
  }

  flush(): void {
    let at = 0;
    while (at < this.#queued) {
      const sent = this.#libc.sendmmsg(this.#fd, this.#outputHeaders.address + at * HEADER, this.#queued - at, MSG_DONTWAIT);
      // A datagram that the kernel refuses is lost; the ones behind it are not.
      at += sent > 0 ? sent : 1;
    }
    this.#kept.fill(undefined, 0, this.#queued);
    this.#queued = 0;
  }
}
