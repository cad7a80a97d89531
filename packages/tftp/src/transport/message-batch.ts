import {
  ADDRESS_SLOT,
  isSockaddrOf,
  type Libc,
  Memory,
  Messages,
  OPTION,
  PACKET_INFO_SPACE,
  readSockaddr,
  SOCKADDR_LENGTH,
  type Words,
  writeSockaddr,
} from '@pxekit/datagram/native';
import type { DatagramPort, Endpoint, Receive } from '../types.js';
import type { Readiness } from './readiness.js';
import { longestRun } from './run-sender.js';

const COUNT = 64;
const INPUT = 65_536;
const ACK_LENGTH = 4;
/** CMSG_SPACE of a uint16_t. */
const SEGMENT_SPACE = 24;
/** The segment size, then the packet info. */
const OUTPUT_CONTROL = SEGMENT_SPACE + PACKET_INFO_SPACE;
/** Whoever opened the socket may have asked for more than the packet info. */
const INPUT_CONTROL = 128;
const SMALL_SLOT = 2048;
const [SOL_UDP, UDP_SEGMENT] = OPTION.segment;
const MSG_DONTWAIT = 0x40;
/** A power of two. */
const KNOWN_PEERS = 1024;

/** Finds out which address a datagram was sent to, from its control messages. */
export interface Destinations {
  at(control: Words, at: number, length: number): DatagramPort | undefined;
}

/** Reads and writes the datagrams of one socket with many peers, up to 64 in one call. */
export class MessageBatch {
  readonly #libc: Libc;
  readonly #fd: number;
  readonly #readiness: Readiness;
  readonly #destinations: Destinations | undefined;
  readonly #input: Memory;
  /** Most datagrams are ACKs: views that need not be made for each. */
  readonly #acks: readonly Uint8Array[];
  readonly #inputControl: Memory;
  readonly #incoming: Messages;
  readonly #output: Memory;
  readonly #outputControl: Memory;
  readonly #outgoing: Messages;
  /** Keeps the memory of queued packets alive. */
  readonly #kept: (Uint8Array | undefined)[] = new Array(COUNT).fill(undefined);
  /** The peers heard last, each in the slot of its port. */
  readonly #peers: (Endpoint | undefined)[] = new Array(KNOWN_PEERS).fill(undefined);
  #queued = 0;
  /** What is sent meanwhile leaves with the rest, in one call. */
  #isReading = false;
  #segments = true;

  /** @param destinations given where the socket tells which address each datagram was sent to */
  constructor(libc: Libc, fd: number, readiness: Readiness, destinations?: Destinations) {
    this.#libc = libc;
    this.#fd = fd;
    this.#readiness = readiness;
    this.#destinations = destinations;
    this.#input = new Memory(libc, COUNT * INPUT);
    this.#acks = Array.from({ length: COUNT }, (_, index) => this.#input.bytes.subarray(index * INPUT, index * INPUT + ACK_LENGTH));
    this.#inputControl = new Memory(libc, COUNT * INPUT_CONTROL);
    this.#incoming = new Messages(libc, COUNT);
    this.#output = new Memory(libc, COUNT * SMALL_SLOT);
    this.#outputControl = new Memory(libc, COUNT * OUTPUT_CONTROL);
    this.#outgoing = new Messages(libc, COUNT);
    for (let index = 0; index < COUNT; index += 1) {
      this.#incoming.setData(index, this.#input.address + index * INPUT, INPUT);
      if (destinations) this.#incoming.setControl(index, this.#inputControl.address + index * INPUT_CONTROL, INPUT_CONTROL);
      this.#outputControl.pointer(index * OUTPUT_CONTROL, 18);
      this.#outputControl.words[(index * OUTPUT_CONTROL + 8) >> 2] = SOL_UDP;
      this.#outputControl.words[(index * OUTPUT_CONTROL + 12) >> 2] = UDP_SEGMENT;
    }
  }

  /** Reads what waits, up to 64 datagrams, and sends what was answered. Negative when nothing could be read. */
  receive(receive: Receive): number {
    const count = this.#libc.recvmmsg(this.#fd, this.#incoming.at(0), COUNT, MSG_DONTWAIT, 0);
    this.#isReading = true;
    try {
      for (let index = 0; index < count; index += 1) {
        const length = this.#incoming.length(index);
        // The kernel wrote over it how much of the room it took.
        this.#incoming.setAddressLength(index, SOCKADDR_LENGTH);
        const data = length === ACK_LENGTH ? this.#acks[index]! : this.#input.bytes.subarray(index * INPUT, index * INPUT + length);
        const peer = this.#peer(index);
        this.#readiness.heard(peer);
        receive(data, peer, this.#destinations && this.#destination(this.#destinations, index));
      }
    } finally {
      this.#isReading = false;
      this.flush();
    }
    return count;
  }

  #destination(destinations: Destinations, index: number): DatagramPort | undefined {
    const length = this.#incoming.controlLength(index);
    this.#incoming.setControlLength(index, INPUT_CONTROL);
    return destinations.at(this.#inputControl, index * INPUT_CONTROL, length);
  }

  /** The sender of a datagram: while a peer goes on talking, the same object. */
  #peer(index: number): Endpoint {
    const at = index * ADDRESS_SLOT;
    const { addresses } = this.#incoming;
    const slot = (addresses.words[at >> 2]! >>> 16) & (KNOWN_PEERS - 1);
    const known = this.#peers[slot];
    if (known && isSockaddrOf(addresses, at, known)) return known;
    return (this.#peers[slot] = readSockaddr(addresses, at));
  }

  /** @param info the packet info of the address that it leaves from; without it the system chooses */
  send(data: Uint8Array, to: Endpoint, info?: Uint32Array): void {
    if (data.length > SMALL_SLOT) return;
    this.#output.bytes.set(data, this.#queued * SMALL_SLOT);
    this.#push(this.#output.address + this.#queued * SMALL_SLOT, data.length, 0, to, undefined, info);
    if (!this.#isReading) this.flush();
  }

  sendRun(data: Uint8Array, address: number, length: number, packetSize: number, to: Endpoint, info?: Uint32Array): void {
    const most = this.#segments ? longestRun(packetSize) : packetSize;
    for (let at = 0; at < length; at += most) {
      const part = Math.min(most, length - at);
      this.#push(address + at, part, part > packetSize ? packetSize : 0, to, data, info);
    }
    if (!this.#isReading) this.flush();
  }

  #push(address: number, length: number, segment: number, to: Endpoint, keep: Uint8Array | undefined, info: Uint32Array | undefined): void {
    const index = this.#queued;
    this.#outgoing.setAddressLength(index, writeSockaddr(this.#outgoing.addresses, index * ADDRESS_SLOT, to));
    this.#outgoing.setData(index, address, length);
    this.#control(index, segment, info);
    this.#kept[index] = keep;
    this.#readiness.sent(to);
    this.#queued += 1;
    if (this.#queued === COUNT) this.flush();
  }

  /** The control messages of a datagram: the size that the kernel cuts it into, the address that it leaves from. */
  #control(index: number, segment: number, info: Uint32Array | undefined): void {
    const { address, words } = this.#outputControl;
    const slot = index * OUTPUT_CONTROL;
    const begin = slot + (segment > 0 ? 0 : SEGMENT_SPACE);
    const end = slot + SEGMENT_SPACE + (info ? info.byteLength : 0);
    this.#outgoing.setControl(index, end > begin ? address + begin : 0, end - begin);
    if (segment > 0) words[(slot + 16) >> 2] = segment;
    if (info) for (let word = 0, to = (slot + SEGMENT_SPACE) >> 2; word < info.length; word += 1, to += 1) words[to] = info[word]!;
  }

  flush(): void {
    let at = 0;
    while (at < this.#queued) {
      const sent = this.#libc.sendmmsg(this.#fd, this.#outgoing.at(at), this.#queued - at, MSG_DONTWAIT);
      // A datagram that the kernel refuses is lost; the ones behind it are not.
      at += sent > 0 ? sent : 1;
    }
    this.#kept.fill(undefined, 0, this.#queued);
    this.#queued = 0;
  }
}
