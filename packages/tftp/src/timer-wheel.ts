import type { Clock } from './types.js';

/** The clock of the machine. */
export const systemClock: Clock = {
  now: () => performance.now(),
  setTimeout: (callback, delay) => setTimeout(callback, delay),
  clearTimeout: (timer) => clearTimeout(timer as NodeJS.Timeout),
};

/** Something with a deadline. */
export interface Timed {
  /** When `expired` must be called, in ms of the clock; Infinity for never. It may move later without a word to the wheel. */
  deadline: number;
  expired(now: number): void;
}

const SLOTS = 512;
/** Milliseconds. */
const TICK = 1;

class Entry {
  /** Cleared by `remove`: an entry may be removed while its own `expired` runs. */
  live = false;
  slot = -1;
  at = Number.POSITIVE_INFINITY;
  previous: Entry | undefined;
  next: Entry | undefined;
  constructor(readonly timed: Timed) {}
}

export type TimerEntry = Entry;

/**
 * All deadlines of a server on one timer. A deadline that moves later costs nothing (the entry is looked at when its old
 * slot comes up, and put forward), one that moves earlier costs a relink.
 */
export class TimerWheel {
  readonly #clock: Clock;
  readonly #slots: (Entry | undefined)[] = new Array(SLOTS).fill(undefined);
  #count = 0;
  #tick = 0;
  #timer: unknown;
  #keepsAlive = true;
  #timerAt = Number.POSITIVE_INFINITY;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#tick = Math.floor(clock.now() / TICK);
  }

  entry(timed: Timed): TimerEntry {
    return new Entry(timed);
  }

  /** Looks at the entry's deadline again. */
  update(entry: TimerEntry): void {
    entry.live = true;
    const { deadline } = entry.timed;
    if (deadline >= entry.at) return;
    this.#unlink(entry);
    this.#link(entry, deadline);
  }

  remove(entry: TimerEntry): void {
    entry.live = false;
    this.#unlink(entry);
    if (this.#count === 0 && this.#timer !== undefined) {
      this.#clock.clearTimeout(this.#timer);
      this.#timer = undefined;
      this.#timerAt = Number.POSITIVE_INFINITY;
    }
  }

  /** From now on the timer does not keep the process alive. */
  unref(): void {
    this.#keepsAlive = false;
    (this.#timer as { unref?: () => void } | undefined)?.unref?.();
  }

  #link(entry: Entry, deadline: number): void {
    if (this.#count === 0) this.#tick = Math.floor(this.#clock.now() / TICK);
    const tick = Math.min(Math.max(Math.ceil(deadline / TICK), this.#tick + 1), this.#tick + SLOTS - 1);
    entry.slot = tick % SLOTS;
    entry.at = tick * TICK;
    const head = this.#slots[entry.slot];
    entry.next = head;
    entry.previous = undefined;
    if (head) head.previous = entry;
    this.#slots[entry.slot] = entry;
    this.#count += 1;
    this.#arm(entry.at);
  }

  #unlink(entry: Entry): void {
    if (entry.slot < 0) return;
    if (entry.previous) entry.previous.next = entry.next;
    else this.#slots[entry.slot] = entry.next;
    if (entry.next) entry.next.previous = entry.previous;
    entry.previous = undefined;
    entry.next = undefined;
    entry.slot = -1;
    entry.at = Number.POSITIVE_INFINITY;
    this.#count -= 1;
  }

  #arm(at: number): void {
    if (at >= this.#timerAt) return;
    if (this.#timer !== undefined) this.#clock.clearTimeout(this.#timer);
    this.#timerAt = at;
    this.#timer = this.#clock.setTimeout(this.#run, Math.max(0, at - this.#clock.now()));
    if (!this.#keepsAlive) this.unref();
  }

  readonly #run = (): void => {
    this.#timer = undefined;
    this.#timerAt = Number.POSITIVE_INFINITY;
    const now = this.#clock.now();
    const last = Math.floor(now / TICK);
    const steps = Math.min(last - this.#tick, SLOTS);
    const first = this.#tick + 1;
    this.#tick = last;
    for (let step = 0; step < steps; step += 1) this.#runSlot((first + step) % SLOTS, last * TICK, now);
    this.#armNext();
  };

  /** `expired` may remove any entry, and entries put forward may land in this slot again: the search starts over each time. */
  #runSlot(slot: number, until: number, now: number): void {
    for (;;) {
      let entry = this.#slots[slot];
      while (entry && entry.at > until) entry = entry.next;
      if (!entry) return;
      this.#unlink(entry);
      const { timed } = entry;
      if (timed.deadline <= now) timed.expired(now);
      if (entry.live && entry.slot < 0 && timed.deadline !== Number.POSITIVE_INFINITY) this.#link(entry, timed.deadline);
    }
  }

  #armNext(): void {
    if (this.#count === 0) return;
    for (let step = 1; step < SLOTS; step += 1) {
      if (this.#slots[(this.#tick + step) % SLOTS]) {
        this.#arm((this.#tick + step) * TICK);
        return;
      }
    }
  }
}
