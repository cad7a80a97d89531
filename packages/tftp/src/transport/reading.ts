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

/** Packets that wait to leave. */
export interface Outbox {
  flush(): void;
}

/**
 * Reads all sockets of a transport in turns. Node's event loop only wakes it up: a socket of Node's would take datagrams for
 * itself, and does not tell which address they were sent to.
 */
export class Reading {
  readonly readiness: Readiness;
  /** A turn is under way: what is sent now may wait until all that came has been read. */
  isOn = false;
  readonly #libc: Libc;
  readonly #poll: Poll;
  readonly #readers: (Reader | undefined)[] = [];
  readonly #outboxes: Outbox[] = [];
  #waiting = 0;
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

  /**
   * In a turn: sends the packets of an outbox when all that came has been read. What leaves in one go finds its peers awake: a
   * peer on this machine falls asleep while the next ACK is worked on, and waking it up costs as much as half a window.
   */
  later(outbox: Outbox): void {
    this.#outboxes[this.#waiting] = outbox;
    this.#waiting += 1;
  }

  #flush(): void {
    for (let index = 0; index < this.#waiting; index += 1) this.#outboxes[index]!.flush();
    this.#waiting = 0;
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

  /** Reads the ready descriptors and sends what was answered, even if one of them throws. */
  #read(count: number): void {
    this.isOn = true;
    try {
      for (let index = 0; index < count; index += 1) this.#readers[this.readiness.ready(index)]?.read();
    } finally {
      this.isOn = false;
      this.#flush();
    }
  }

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
      this.#read(count);
      if (count <= 0 || this.#isClosed) return;
      if (readiness.now > until) {
        this.#schedule();
        return;
      }
    }
  };
}
