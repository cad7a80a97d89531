import { isSameSockaddr, type Libc, Memory, readSockaddr, SOCKADDR_LENGTH, type Udp, writeSockaddr } from '@pxekit/datagram/native';
import type { Endpoint, Receive } from '../types.js';
import { Lane } from './lane.js';
import type { Reader, Reading } from './reading.js';
import { RunSender } from './run-sender.js';

const MSG_DONTWAIT = 0x40;
/** A peer that was heard so often has a long transfer. */
const LONG = 64;

/** What the sockets of a transport share. */
export interface Shared {
  readonly libc: Libc;
  readonly udp: Udp;
  readonly reading: Reading;
  /** Every datagram is read into this memory, and small ones leave from it. */
  readonly input: Memory;
  /** The beginning of the input as a view of its own: most datagrams are ACKs. */
  readonly ack: Uint8Array;
  /** The address of the peer of one call. */
  readonly address: Memory;
  readonly addressLength: Memory;
}

function ignore(): void {}

/**
 * The socket of one transfer after another. It is not connected, so that strangers can be told that they are strangers
 * (ERROR 5). A long transfer gets a second, connected socket on the same port; this one hears the strangers only then.
 */
export class TransferSocket extends RunSender implements Reader {
  receive: Receive = ignore;
  readonly #shared: Shared;
  readonly #peerAddress: Memory;
  #peer: Endpoint | undefined;
  #peerLength = 0;
  #heard = 0;
  #lane: Lane | undefined;

  constructor(
    shared: Shared,
    fd: number,
    readonly local: Endpoint,
  ) {
    const { libc, udp, reading } = shared;
    super(fd, libc, udp);
    this.#shared = shared;
    this.#peerAddress = new Memory(libc, SOCKADDR_LENGTH);
    reading.adopt(this);
  }

  /** A transfer begins. */
  begin(peer: Endpoint, receive: Receive): void {
    this.receive = receive;
    this.#peer = peer;
    this.#peerLength = writeSockaddr(this.#peerAddress, 0, peer);
    this.#heard = 0;
  }

  end(): void {
    this.receive = ignore;
    this.#peer = undefined;
    this.#lane?.close();
    this.#lane = undefined;
  }

  close(): void {
    this.end();
    this.#shared.reading.release(this);
  }

  read(): void {
    if (!this.#readFrom(this.fd)) return;
    if (this.#heard === LONG && !this.#lane && this.#peer) this.#connect(this.#peer);
  }

  /** Reads a datagram of anybody; false when there is none. */
  #readFrom(fd: number): boolean {
    const { libc, input, ack, address, addressLength, reading } = this.#shared;
    addressLength.words[0] = SOCKADDR_LENGTH;
    const length = libc.recvfrom(fd, input.address, input.bytes.length, MSG_DONTWAIT, address.address, addressLength.address);
    if (length < 0) return false;
    const data = length === ack.length ? ack : input.bytes.subarray(0, length);
    const peer = this.#peer;
    if (peer && isSameSockaddr(address, this.#peerAddress)) {
      this.#heard += 1;
      reading.readiness.heard(peer);
      this.receive(data, peer);
    } else {
      this.receive(data, readSockaddr(address, 0));
    }
    return true;
  }

  #connect(peer: Endpoint): void {
    let lane: Lane;
    try {
      lane = new Lane(this.#shared, this, peer);
    } catch {
      // No descriptor is left: it goes on as it is.
      return;
    }
    this.#lane = lane;
    // Until it was connected, it heard strangers, too.
    while (this.#lane === lane && this.#readFrom(lane.fd));
  }

  /** One datagram to anybody. */
  send(data: Uint8Array, to: Endpoint): void {
    const { libc, input, address, reading } = this.#shared;
    // Small packets may lie in the JavaScript heap, which moves.
    input.bytes.set(data);
    if (to === this.#peer) {
      reading.readiness.sent(to);
      (this.#lane ?? this).sendRun(input.address, data.length, data.length);
      return;
    }
    this.uncut(data.length);
    libc.sendto(this.fd, input.address, data.length, MSG_DONTWAIT, address.address, writeSockaddr(address, 0, to));
  }

  /** Packets to the peer. */
  sendPackets(address: number, length: number, packetSize: number): void {
    this.#shared.reading.readiness.sent(this.#peer!);
    (this.#lane ?? this).sendRun(address, length, packetSize);
  }

  protected transmit(address: number, length: number): number {
    return this.libc.sendto(this.fd, address, length, MSG_DONTWAIT, this.#peerAddress.address, this.#peerLength);
  }
}
