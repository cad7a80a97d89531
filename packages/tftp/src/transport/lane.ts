import { OPTION } from '@pxekit/datagram/native';
import type { Endpoint } from '../types.js';
import type { Reader } from './reading.js';
import { RunSender } from './run-sender.js';
import { SOCKET_OPTIONS } from './socket-options.js';
import type { Shared, TransferSocket } from './transfer-socket.js';

const MSG_DONTWAIT = 0x40;
const ECONNREFUSED = 111;

/**
 * A connected socket on the port of a transfer. The kernel gives it what its peer sends, and finds the way to the peer once
 * and not for every send.
 */
export class Lane extends RunSender implements Reader {
  readonly #shared: Shared;
  readonly #owner: TransferSocket;
  readonly #peer: Endpoint;

  /** @throws the system's error when there is no descriptor left */
  constructor(shared: Shared, owner: TransferSocket, peer: Endpoint) {
    const { libc, udp, reading } = shared;
    udp.set(owner.fd, OPTION.sharePort, 1);
    const fd = udp.open(owner.local, [...SOCKET_OPTIONS, [OPTION.sharePort, 1]]);
    udp.connect(fd, peer);
    super(fd, libc, udp);
    this.#shared = shared;
    this.#owner = owner;
    this.#peer = peer;
    reading.adopt(this);
  }

  /** A refusal is told before what waits, which may be the peer's last word: it is no reason to leave that for later. */
  read(): void {
    const { libc, input, ack, reading } = this.#shared;
    let length = this.#receive();
    if (length < 0 && libc.errno() === ECONNREFUSED) length = this.#receive();
    if (length < 0) return;
    reading.readiness.heard(this.#peer);
    this.#owner.receive(length === ack.length ? ack : input.bytes.subarray(0, length), this.#peer);
  }

  #receive(): number {
    const { libc, input } = this.#shared;
    return libc.recv(this.fd, input.address, input.bytes.length, MSG_DONTWAIT);
  }

  close(): void {
    this.#shared.reading.release(this);
  }

  protected transmit(address: number, length: number): number {
    return this.libc.send(this.fd, address, length, MSG_DONTWAIT);
  }
}
