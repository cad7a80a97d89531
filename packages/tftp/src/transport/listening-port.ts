import { OPTION, systemError } from '@pxekit/datagram/native';
import type { DatagramPort, Endpoint, Receive } from '../types.js';
import { LocalPorts } from './local-ports.js';
import { MessageBatch } from './message-batch.js';
import type { NativeTransport } from './native.js';
import type { Reader } from './reading.js';
import type { Shared } from './transfer-socket.js';

const EINTR = 4;
const EAGAIN = 11;

/** A port that hears everyone, and many datagrams at once. */
export class ListeningPort implements DatagramPort, Reader {
  readonly local: Endpoint;
  readonly #transport: NativeTransport;
  readonly #shared: Shared;
  readonly #batch: MessageBatch;
  readonly #receive: Receive;
  readonly #onError: (error: Error) => void;
  #isOpen = true;

  constructor(
    transport: NativeTransport,
    shared: Shared,
    readonly fd: number,
    receive: Receive,
    onError: (error: Error) => void,
  ) {
    const { libc, udp, reading } = shared;
    this.local = udp.local(fd);
    this.#transport = transport;
    this.#shared = shared;
    this.#receive = receive;
    this.#onError = onError;
    const { address, family } = this.local;
    const isWildcard = address === '0.0.0.0' || address === '::';
    if (isWildcard) udp.set(fd, family === 'IPv6' ? OPTION.packetInfo6 : OPTION.packetInfo, 1);
    this.#batch = new MessageBatch(libc, fd, reading.readiness, isWildcard ? new LocalPorts(this) : undefined);
    reading.adopt(this);
    reading.listen();
  }

  read(): void {
    if (this.#batch.receive(this.#receive) >= 0) return;
    const error = systemError(this.#shared.libc, 'recvmmsg');
    if (error.errno !== -EAGAIN && error.errno !== -EINTR) this.#onError(error);
  }

  send(data: Uint8Array, to: Endpoint, info?: Uint32Array): void {
    if (this.#isOpen) this.#batch.send(data, to, info);
  }

  sendRun(data: Uint8Array, offset: number, length: number, packetSize: number, to: Endpoint, info?: Uint32Array): void {
    if (!this.#isOpen) return;
    this.#batch.sendRun(data, this.#transport.addressOf(data) + offset, length, packetSize, to, info);
  }

  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    const { reading } = this.#shared;
    reading.stopListening();
    reading.release(this);
  }
}
