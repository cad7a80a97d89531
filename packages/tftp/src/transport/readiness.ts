import { type Libc, Memory } from '@pxekit/datagram/native';
import type { Endpoint } from '../types.js';

const EPOLL_CLOEXEC = 0o2000000;
const EPOLL_CTL_ADD = 1;
const EPOLL_CTL_DEL = 2;
const EPOLLIN = 1;
const EVENTS = 64;
/** `struct epoll_event` is packed on x64 only. */
const EVENT_WORDS = process.arch === 'x64' ? 3 : 4;
const DATA_WORD = process.arch === 'x64' ? 1 : 2;

/** How long the answer to what was just sent is waited for before the event loop takes over, in ns: a round trip of a LAN. */
const LINGER = 500_000;
/** After a wait for nothing, so many turns do not wait: other work of the process is not kept from its turn again and again. */
const IMPATIENT_TURNS = 8;
/**
 * A peer that answers within this many ms is on this machine: falling asleep and being woken up takes as long as its
 * answer. It is watched for awake, for that long.
 */
const NEAR = 0.05;

/** Which descriptors can be read, and how long to wait for them. */
export class Readiness {
  /** When the last wait ended, in ms. */
  now = 0;
  /** The epoll descriptor: it can be read itself while any of the descriptors can. */
  readonly fd: number;
  readonly #libc: Libc;
  readonly #events: Memory;
  readonly #linger: Memory;
  #impatient = 0;
  #isNear = false;
  #sentTo: Endpoint | undefined;
  #sentAt = 0;

  constructor(libc: Libc) {
    this.#libc = libc;
    this.fd = libc.epoll_create1(EPOLL_CLOEXEC);
    this.#events = new Memory(libc, EVENTS * EVENT_WORDS * 4);
    this.#linger = new Memory(libc, 16);
    this.#linger.pointer(8, LINGER);
  }

  add(fd: number): void {
    const { words, address } = this.#events;
    words.fill(0, 0, EVENT_WORDS);
    words[0] = EPOLLIN;
    words[DATA_WORD] = fd;
    this.#libc.epoll_ctl(this.fd, EPOLL_CTL_ADD, fd, address);
  }

  remove(fd: number): void {
    this.#libc.epoll_ctl(this.fd, EPOLL_CTL_DEL, fd, this.#events.address);
  }

  close(): void {
    this.#libc.close(this.fd);
  }

  /** Something left for this peer. */
  sent(peer: Endpoint): void {
    this.#sentTo = peer;
    this.#sentAt = this.now;
  }

  /** Something came from this peer. */
  heard(peer: Endpoint): void {
    if (peer === this.#sentTo) this.#isNear = this.now - this.#sentAt < NEAR;
  }

  /** A turn of the event loop begins. */
  begin(): void {
    this.now = performance.now();
    if (this.#impatient > 0) this.#impatient -= 1;
  }

  /** The number of descriptors that can be read; 0 when it is the event loop's turn. */
  wait(): number {
    const count = this.#impatient > 0 ? this.#look() : (this.#watch() ?? this.#sleep());
    this.now = performance.now();
    return count;
  }

  #look(): number {
    return this.#libc.epoll_wait(this.fd, this.#events.address, EVENTS, 0);
  }

  #watch(): number | undefined {
    if (!this.#isNear) return undefined;
    const first = this.#look();
    if (first !== 0) return first;
    const begun = performance.now();
    do {
      const count = this.#look();
      if (count !== 0) return count;
    } while (performance.now() - begun < NEAR);
    this.#isNear = false;
    return undefined;
  }

  #sleep(): number {
    const { epoll_pwait2 } = this.#libc;
    if (!epoll_pwait2) return this.#look();
    const count = epoll_pwait2(this.fd, this.#events.address, EVENTS, this.#linger.address, 0);
    if (count === 0) this.#impatient = IMPATIENT_TURNS;
    return count;
  }

  /** The descriptor that the wait found at this place. */
  ready(index: number): number {
    return this.#events.words[index * EVENT_WORDS + DATA_WORD]!;
  }
}
