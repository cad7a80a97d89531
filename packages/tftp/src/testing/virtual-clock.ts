import type { Clock } from '../types.js';

interface Timer {
  readonly at: number;
  readonly order: number;
  readonly callback: () => void;
}

/** A clock that stands still until it is moved: a 40-second timeout is a test of a millisecond. */
export class VirtualClock implements Clock {
  #now = 0;
  #order = 0;
  readonly #timers: Timer[] = [];

  now(): number {
    return this.#now;
  }

  setTimeout(callback: () => void, delay: number): unknown {
    const timer = { at: this.#now + Math.max(0, delay), order: this.#order++, callback };
    this.#push(timer);
    return timer;
  }

  clearTimeout(timer: unknown): void {
    const at = this.#timers.indexOf(timer as Timer);
    if (at !== -1) this.#timers.splice(at, 1);
  }

  get pending(): number {
    return this.#timers.length;
  }

  /** Kept in order, the next one last. Most timers are due soon. */
  #push(timer: Timer): void {
    let at = this.#timers.length;
    while (at > 0 && this.#timers[at - 1]!.at <= timer.at) at -= 1;
    this.#timers.splice(at, 0, timer);
  }

  /** Moves on by so many milliseconds, runs what is due in order, and lets promises and file reads go on between. */
  async advance(milliseconds: number): Promise<void> {
    const until = this.#now + milliseconds;
    await settle();
    for (let next = this.#timers.at(-1); next && next.at <= until; next = this.#timers.at(-1)) {
      this.#now = Math.max(this.#now, next.at);
      while (this.#timers.at(-1) && this.#timers.at(-1)!.at <= this.#now) this.#timers.pop()!.callback();
      await settle();
    }
    this.#now = until;
  }

  /** Moves on until the promise settles, at most so many milliseconds. Gives its value. */
  async run<T>(promise: Promise<T>, limit = 3_600_000): Promise<T> {
    let done = false;
    const finish = (): void => {
      done = true;
    };
    promise.then(finish, finish);
    const end = this.#now + limit;
    await settle();
    while (!done) {
      const next = this.#timers.at(-1);
      if (next && next.at > end) throw new Error(`Not settled after ${limit} ms of virtual time`);
      if (next) {
        this.#now = Math.max(this.#now, next.at);
        this.#timers.pop()!.callback();
      }
      await settle();
    }
    return promise;
  }
}

/** One turn of the event loop: promises are settled, and files had a chance. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
