import type { Libc, Poll } from '@pxekit/datagram/native';
import { Readiness } from './readiness.js';

/** How long packets are read without giving other work of the process a turn, in ms. */
const TURN = 2;

/** A descriptor that is read in turns. */
export interface Reader {
  readonly fd: number;
  /** Reads what waits. */
  read(): void;
}

/**
 * Reads all sockets of a transport in turns. Node's event loop only wakes it up: a socket of Node's would take datagrams for
 * itself, and does not tell which address they were sent to.
 */
export class Reading {
  readonly readiness: Readiness;
  readonly #libc: Libc;
  readonly #poll: Poll;
  readonly #readers: (Reader | undefined)[] = [];
  #count = 0;
  #listening = 0;
  #isDue = false;
  #isClosed = false;

  constructor(libc: Libc) {
    this.#libc = libc;
    this.readiness = new Readiness(libc);
    // The turn is a task of its own: what a callback of koffi throws or promises, Node would not see.
    this.#poll = libc.poll(this.readiness.fd, this.#schedule);
    this.#poll.unref();
  }

  /** Takes a bound descriptor over. It is closed by `release`. */
  adopt(reader: Reader): void {
    this.#readers[reader.fd] = reader;
    this.#count += 1;
    this.readiness.add(reader.fd);
  }

  release({ fd }: Reader): void {
    this.#readers[fd] = undefined;
    this.#count -= 1;
    this.readiness.remove(fd);
    this.#libc.close(fd);
    this.#closeEmpty();
  }

  /** A port that is listened on keeps the process alive, those of transfers do not. */
  listen(): void {
    this.#listening += 1;
    if (this.#listening === 1) this.#poll.ref();
  }

  /** As often as `listen`. */
  stopListening(): void {
    this.#listening -= 1;
    if (this.#listening === 0) this.#poll.unref();
  }

  /** No more turns. */
  close(): void {
    this.#isClosed = true;
    this.#poll.close();
    this.#closeEmpty();
  }

  #closeEmpty(): void {
    if (this.#isClosed && this.#count === 0) this.readiness.close();
  }

  readonly #schedule = (): void => {
    if (this.#isDue) return;
    this.#isDue = true;
    setImmediate(this.#turn);
  };

  /**
   * Reads everything that waits on any socket, for as long as answers keep coming and the turn lasts. Peers answer within a
   * round trip where nothing is lost: waiting here for that long is cheaper than a round through the event loop.
   */
  readonly #turn = (): void => {
    this.#isDue = false;
    if (this.#isClosed) return;
    const { readiness } = this;
    readiness.begin();
    const until = readiness.now + TURN;
    for (;;) {
      const count = readiness.wait();
      for (let index = 0; index < count; index += 1) this.#readers[readiness.ready(index)]?.read();
      if (count <= 0 || this.#isClosed) return;
      if (readiness.now > until) {
        this.#schedule();
        return;
      }
    }
  };
}
