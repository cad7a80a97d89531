import type { Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import type { DatagramPort, Endpoint, Receive, Transport } from '../types.js';
import { type Libc, Memory } from './libc.js';
import { MessageBatch } from './message-batch.js';
import { type Reader, Reading } from './reading.js';
import { SOCKADDR_LENGTH } from './sockaddr.js';
import { type Shared, TransferSocket } from './transfer-socket.js';
import { Udp } from './udp.js';

const ACK_LENGTH = 4;
const MAX_DATAGRAM = 65_536;
const POOLED = 64;

/**
 * UDP with batches: a window leaves in one call and the kernel cuts it into datagrams (UDP_SEGMENT); datagrams of many
 * sockets are read in one turn; the listening port is read and written with recvmmsg and sendmmsg.
 */
export class NativeTransport implements Transport {
  readonly #shared: Shared;
  /** Sockets of finished transfers by local address. */
  readonly #pools = new Map<string, TransferSocket[]>();
  readonly #addresses = new WeakMap<ArrayBufferLike, number>();
  #isClosed = false;

  constructor(libc: Libc) {
    const input = new Memory(libc, MAX_DATAGRAM);
    this.#shared = {
      libc,
      udp: new Udp(libc),
      reading: new Reading(libc),
      input,
      ack: input.bytes.subarray(0, ACK_LENGTH),
      address: new Memory(libc, SOCKADDR_LENGTH),
      addressLength: new Memory(libc, 8),
    };
  }

  async bind(
    { address, port, fd }: Parameters<Transport['bind']>[0],
    receive: Receive,
    onError: (error: Error) => void,
  ): Promise<DatagramPort> {
    return new ListeningPort(this, this.#shared, fd ?? this.#open(address, port), receive, onError);
  }

  open(listener: Endpoint, peer: Endpoint, receive: Receive, range?: readonly [number, number]): DatagramPort {
    const socket = this.#pools.get(listener.address)?.shift() ?? this.#openSocket(listener.address, range);
    socket.begin(peer, receive);
    return new TransferPort(this, socket, () => this.#give(socket));
  }

  #openSocket(address: string, range: readonly [number, number] | undefined): TransferSocket {
    const fd = range ? this.#openInRange(address, range) : this.#open(address, 0);
    return new TransferSocket(this.#shared, fd, this.#shared.udp.local(fd));
  }

  #openInRange(address: string, [first, last]: readonly [number, number]): number {
    const count = last - first + 1;
    const start = Math.floor(Math.random() * count);
    let failure: unknown;
    for (let step = 0; step < count; step += 1) {
      try {
        return this.#open(address, first + ((start + step) % count));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
        failure = error;
      }
    }
    throw failure;
  }

  #open(address: string, port: number): number {
    return this.#shared.udp.open({ address, port, family: isIPv6(address) ? 'IPv6' : 'IPv4' });
  }

  #give(socket: TransferSocket): void {
    socket.end();
    const { address } = socket.local;
    let pool = this.#pools.get(address);
    if (!pool) this.#pools.set(address, (pool = []));
    if (this.#isClosed || pool.length >= POOLED) socket.close();
    else pool.push(socket);
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const pool of this.#pools.values()) for (const socket of pool) socket.close();
    this.#pools.clear();
    this.#shared.reading.close();
  }

  /** The address of the first byte of a view. */
  addressOf(data: Uint8Array): number {
    let base = this.#addresses.get(data.buffer);
    if (base === undefined) this.#addresses.set(data.buffer, (base = this.#shared.libc.addressOf(data.buffer as ArrayBuffer)));
    return base + data.byteOffset;
  }
}

/** A port that hears everyone, and many datagrams at once. */
class ListeningPort implements DatagramPort, Reader {
  readonly local: Endpoint;
  readonly #batch: MessageBatch;
  readonly #socket: Socket;
  #isOpen = true;

  constructor(
    readonly transport: NativeTransport,
    readonly shared: Shared,
    readonly fd: number,
    readonly receive: Receive,
    onError: (error: Error) => void,
  ) {
    const { libc, udp, reading } = shared;
    this.local = udp.local(fd);
    this.#batch = new MessageBatch(libc, fd, reading.readiness);
    this.#socket = reading.adopt(this);
    this.#socket.on('error', onError);
  }

  read(): void {
    this.#batch.receive(this.receive);
  }

  send(data: Uint8Array, to: Endpoint): void {
    if (this.#isOpen) this.#batch.send(data, to);
  }

  sendRun(data: Uint8Array, offset: number, length: number, packetSize: number, to: Endpoint): void {
    if (!this.#isOpen) return;
    this.#batch.sendRun(data, this.transport.addressOf(data) + offset, length, packetSize, to);
  }

  unref(): void {
    this.#socket.unref();
  }

  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.shared.reading.release(this, this.#socket);
  }
}

/** The socket of a transfer in its hands, until it closes it. */
class TransferPort implements DatagramPort {
  readonly local: Endpoint;
  #socket: TransferSocket | undefined;

  constructor(
    readonly transport: NativeTransport,
    socket: TransferSocket,
    readonly release: () => void,
  ) {
    this.#socket = socket;
    this.local = socket.local;
  }

  send(data: Uint8Array, to: Endpoint): void {
    this.#socket?.send(data, to);
  }

  sendRun(data: Uint8Array, offset: number, length: number, packetSize: number): void {
    this.#socket?.sendPackets(this.transport.addressOf(data) + offset, length, packetSize);
  }

  close(): void {
    if (!this.#socket) return;
    this.#socket = undefined;
    this.release();
  }
}
