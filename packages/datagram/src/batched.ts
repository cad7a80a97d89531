import type { Socket } from 'node:dgram';
import type { Libc } from './libc.js';
import { Memory } from './memory.js';
import { ADDRESS_SLOT, Messages } from './messages.js';
import { closeNodeSocket, sendByNode } from './plain.js';
import { Slab } from './slab.js';
import { readSockaddr, writeSockaddr } from './sockaddr.js';
import type { Peer, Receive, Sent, UdpSocket } from './types.js';

const COUNT = 64;
/** Above every Ethernet frame; larger datagrams, in or out, go the plain way. */
const SLOT = 2048;
const MSG_DONTWAIT = 0x40;
const KNOWN_PEERS = 1024;
/** Batches read in one turn of the event loop: some milliseconds of a server's work. */
const BATCHES_PER_TURN = 2;

/**
 * Reads with `recvmmsg` and writes with `sendmmsg`, up to 64 datagrams in one call. Node's socket on the same descriptor
 * wakes it up, and takes what a batch cannot.
 */
export class BatchedSocket implements UdpSocket {
  readonly local: Peer;
  readonly plainReason = undefined;
  readonly #libc: Libc;
  readonly #fd: number;
  readonly #socket: Socket;
  readonly #receive: Receive;
  /** The octets of message n begin at `n * SLOT`. */
  readonly #input: Memory;
  readonly #incoming: Messages;
  readonly #output: Memory;
  readonly #outgoing: Messages;
  readonly #slab = new Slab();
  readonly #peers = new Map<number, Peer>();
  /** What was told to `send` for each queued datagram. */
  #queued: { bytes: Uint8Array; to: Peer; sent: Sent | undefined }[] = [];
  #isReading = false;
  #hasRead = false;
  #isClosed = false;

  constructor(libc: Libc, fd: number, socket: Socket, receive: Receive) {
    this.#libc = libc;
    this.#fd = fd;
    this.#socket = socket;
    this.#receive = receive;
    this.local = socket.address();
    this.#input = new Memory(libc, COUNT * SLOT);
    this.#incoming = new Messages(libc, COUNT);
    this.#output = new Memory(libc, COUNT * SLOT);
    this.#outgoing = new Messages(libc, COUNT);
    for (let n = 0; n < COUNT; n++) this.#incoming.setData(n, this.#input.address + n * SLOT, SLOT);
    socket.on('message', (bytes, from) => {
      this.#isReading = true;
      try {
        receive(bytes, from);
        this.#read();
      } finally {
        this.#isReading = false;
        this.#flush();
      }
    });
  }

  send(bytes: Uint8Array, to: Peer, sent?: Sent): void {
    if (bytes.length > SLOT || this.#isClosed) {
      sendByNode(this.#socket, bytes, to, sent);
      return;
    }
    const n = this.#queued.length;
    this.#output.bytes.set(bytes, n * SLOT);
    this.#outgoing.setData(n, this.#output.address + n * SLOT, bytes.length);
    this.#outgoing.setAddressLength(n, writeSockaddr(this.#outgoing.addresses, n * ADDRESS_SLOT, to));
    this.#queued.push({ bytes, to, sent });
    if (n + 1 === COUNT) this.#flush();
    else if (n === 0 && !this.#isReading) process.nextTick(() => this.#flush());
  }

  async close(): Promise<void> {
    this.#flush();
    this.#isClosed = true;
    await closeNodeSocket(this.#socket);
  }

  /**
   * Node hands over up to 32 datagrams in one turn of its event loop. If each brought its batches, a socket that is never
   * empty would keep timers and finished disk writes waiting for thousands of datagrams: only the first one does.
   */
  #read(): void {
    if (this.#hasRead) return;
    this.#hasRead = true;
    setImmediate(() => {
      this.#hasRead = false;
    });
    for (let n = 0; n < BATCHES_PER_TURN; n++) if (!this.#readBatch()) return;
  }

  /** Whether there may be more. */
  #readBatch(): boolean {
    if (this.#isClosed) return false;
    const incoming = this.#incoming;
    const count = this.#libc.recvmmsg(this.#fd, incoming.at(0), COUNT, MSG_DONTWAIT, 0);
    for (let n = 0; n < count && !this.#isClosed; n++) {
      if (incoming.isTruncated(n)) continue;
      this.#receive(this.#slab.copy(this.#input.bytes, n * SLOT, incoming.length(n)), this.#peer(n));
    }
    return count === COUNT;
  }

  /** The sender of a datagram: the same object for the same peer. */
  #peer(n: number): Peer {
    const { addresses } = this.#incoming;
    const { words } = addresses;
    const at = n * ADDRESS_SLOT;
    const key = words[(at >> 2) + 1]! * 65_536 + (words[at >> 2]! >>> 16);
    let peer = this.#peers.get(key);
    if (peer === undefined) {
      if (this.#peers.size >= KNOWN_PEERS) this.#peers.clear();
      peer = readSockaddr(addresses, at);
      this.#peers.set(key, peer);
    }
    return peer;
  }

  #flush(): void {
    const queued = this.#queued;
    if (queued.length === 0 || this.#isClosed) return;
    this.#queued = [];
    let at = 0;
    while (at < queued.length) {
      const count = this.#libc.sendmmsg(this.#fd, this.#outgoing.at(at), queued.length - at, MSG_DONTWAIT);
      if (count > 0) {
        at += count;
        continue;
      }
      // What the system refuses for now or for good: Node's socket waits for room, or knows the error.
      const { bytes, to, sent } = queued[at]!;
      queued[at]!.sent = undefined;
      sendByNode(this.#socket, bytes, to, sent);
      at++;
    }
    for (const { sent } of queued) sent?.(null);
  }
}
