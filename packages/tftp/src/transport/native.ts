import { isIPv6 } from 'node:net';
import { type Libc, Memory, SOCKADDR_LENGTH, Udp } from '@pxekit/datagram/native';
import type { DatagramPort, Endpoint, Receive, Transport } from '../types.js';
import { ListeningPort } from './listening-port.js';
import { Reading } from './reading.js';
import { SOCKET_OPTIONS } from './socket-options.js';
import { type Shared, TransferSocket } from './transfer-socket.js';

const ACK_LENGTH = 4;
const MAX_DATAGRAM = 65_536;
const POOLED = 64;

/**
 * UDP with batches: a window leaves in one call and the kernel cuts it into datagrams (UDP_SEGMENT); datagrams of many
 * sockets are read in one turn; the listening port is read and written with recvmmsg and sendmmsg.
 */
export class NativeTransport implements Transport {
  readonly #shared: Shared;
  /** Sockets of finished transfers, the one that rested longest first. */
  readonly #pool: TransferSocket[] = [];
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
    const socket = this.#take(listener.address) ?? this.#openSocket(listener.address, range);
    socket.begin(peer, receive);
    return new TransferPort(this, socket, peer, () => this.#give(socket));
  }

  #take(address: string): TransferSocket | undefined {
    const at = this.#pool.findIndex(({ local }) => local.address === address);
    return at < 0 ? undefined : this.#pool.splice(at, 1)[0];
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
    return this.#shared.udp.open({ address, port, family: isIPv6(address) ? 'IPv6' : 'IPv4' }, SOCKET_OPTIONS);
  }

  #give(socket: TransferSocket): void {
    socket.end();
    if (this.#isClosed) {
      socket.close();
      return;
    }
    this.#pool.push(socket);
    if (this.#pool.length > POOLED) this.#pool.shift()!.close();
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const socket of this.#pool.splice(0)) socket.close();
    this.#shared.reading.close();
  }

  /** The address of the first byte of a view. */
  addressOf(data: Uint8Array): number {
    let base = this.#addresses.get(data.buffer);
    if (base === undefined) this.#addresses.set(data.buffer, (base = this.#shared.libc.addressOf(data.buffer as ArrayBuffer)));
    return base + data.byteOffset;
  }
}

/** The socket of a transfer in its hands, until it closes it. */
class TransferPort implements DatagramPort {
  readonly local: Endpoint;
  #socket: TransferSocket | undefined;

  constructor(
    readonly transport: NativeTransport,
    socket: TransferSocket,
    readonly peer: Endpoint,
    readonly release: () => void,
  ) {
    this.#socket = socket;
    this.local = socket.local;
  }

  send(data: Uint8Array, to: Endpoint): void {
    this.#socket?.send(data, to);
  }

  sendRun(data: Uint8Array, offset: number, length: number, packetSize: number, to: Endpoint): void {
    if (to === this.peer) {
      this.#socket?.sendPackets(this.transport.addressOf(data) + offset, length, packetSize);
      return;
    }
    // A client's peer is known only when the server has answered, from another port than it was asked at.
    const end = offset + length;
    for (let at = offset; at < end; at += packetSize) this.send(data.subarray(at, Math.min(at + packetSize, end)), to);
  }

  close(): void {
    if (!this.#socket) return;
    this.#socket = undefined;
    this.release();
  }
}
