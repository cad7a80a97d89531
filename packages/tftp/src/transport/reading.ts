import { createSocket, type Socket } from 'node:dgram';
import type { Endpoint, Receive } from '../types.js';
import type { Libc } from './libc.js';
import { Readiness } from './readiness.js';

/** How long packets are read without giving other work of the process a turn, in ms. */
const TURN = 2;

/** A descriptor that is read in turns. */
export interface Reader {
  readonly fd: number;
  readonly local: Endpoint;
  /** Takes what Node read already. */
  readonly receive: Receive;
  /** Reads what waits. */
  read(): void;
}

/** Reads all sockets of a transport in turns. Node's event loop only wakes it up, through a socket of its own on each descriptor. */
export class Reading {
  readonly readiness: Readiness;
  readonly #readers: (Reader | undefined)[] = [];
  #isOn = false;
  #count = 0;
  #isClosed = false;

  constructor(libc: Libc) {
    this.readiness = new Readiness(libc);
  }

  /** Takes a bound descriptor over. It is closed by `release`. */
  adopt(reader: Reader): Socket {
    const { fd, local } = reader;
    const socket = createSocket({ type: local.family === 'IPv6' ? 'udp6' : 'udp4' });
    socket.bind({ fd });
    socket.on('message', (message, from) => {
      reader.receive(message, from as Endpoint);
      this.#turn();
    });
    this.#readers[fd] = reader;
    this.#count += 1;
    this.readiness.add(fd);
    return socket;
  }

  release({ fd }: Reader, socket: Socket): void {
    this.#readers[fd] = undefined;
    this.#count -= 1;
    this.readiness.remove(fd);
    socket.close();
    this.#closeEmpty();
  }

  /** No more turns. */
  close(): void {
    this.#isClosed = true;
    this.#closeEmpty();
  }

  #closeEmpty(): void {
    if (this.#isClosed && this.#count === 0) this.readiness.close();
  }

  /**
   * Reads everything that waits on any socket, for as long as answers keep coming and the turn lasts. Peers answer within a
   * round trip where nothing is lost: waiting here for that long is cheaper than a round through the event loop.
   */
  readonly #turn = (): void => {
    if (this.#isOn || this.#isClosed) return;
    this.#isOn = true;
    const { readiness } = this;
    readiness.begin();
    const until = readiness.now + TURN;
    try {
      for (;;) {
        const count = readiness.wait();
        for (let index = 0; index < count; index += 1) this.#readers[readiness.ready(index)]?.read();
        if (count <= 0 || this.#isClosed) return;
        if (readiness.now > until) {
          setImmediate(this.#turn);
          return;
        }
      }
    } finally {
      this.#isOn = false;
    }
  };
}
