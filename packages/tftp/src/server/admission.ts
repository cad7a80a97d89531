import type { Clock, Limits } from '../types.js';

export const LIMIT_DEFAULTS = {
  transfers: 4096,
  transfersPerClient: 256,
  queue: 8192,
  requestsPerSecond: Number.POSITIVE_INFINITY,
  errorsPerSecond: 20,
  bytesPerSecond: Number.POSITIVE_INFINITY,
  handlerTimeout: 30_000,
} as const satisfies Required<Limits>;

/** Allows `rate` things a second and key, in bursts of `burst`; forgets keys that are full again. */
export class TokenBuckets {
  readonly #buckets = new Map<string, { tokens: number; at: number }>();

  constructor(
    readonly rate: number,
    readonly burst: number,
    readonly clock: Clock,
  ) {}

  take(key: string): boolean {
    if (this.rate === Number.POSITIVE_INFINITY) return true;
    const now = this.clock.now();
    let bucket = this.#buckets.get(key);
    if (!bucket) {
      if (this.#buckets.size >= 4096) this.#forget(now);
      this.#buckets.set(key, (bucket = { tokens: this.burst, at: now }));
    }
    bucket.tokens = Math.min(this.burst, bucket.tokens + ((now - bucket.at) * this.rate) / 1000);
    bucket.at = now;
    if (bucket.tokens < 1) return false;
    bucket.tokens -= 1;
    return true;
  }

  /** Forgets full buckets, and all of them when that is not enough: memory is bounded. */
  #forget(now: number): void {
    for (const [key, { tokens, at }] of this.#buckets) {
      if (tokens + ((now - at) * this.rate) / 1000 >= this.burst) this.#buckets.delete(key);
    }
    if (this.#buckets.size >= 4096) this.#buckets.clear();
  }
}

/** Lets so many run at a time, in total and per client; the others wait, and clients take turns. */
export class Admission<T> {
  readonly #running = new Map<string, number>();
  readonly #waiting = new Map<string, T[]>();
  #total = 0;
  #queued = 0;

  constructor(
    readonly most: number,
    readonly mostPerClient: number,
    readonly longest: number,
  ) {}

  get running(): number {
    return this.#total;
  }

  get queued(): number {
    return this.#queued;
  }

  /** Whether one more of this client may run. */
  free(client: string): boolean {
    return this.#total < this.most && (this.#running.get(client) ?? 0) < this.mostPerClient;
  }

  /** `true`: may run now and must `leave`. `false`: waits. `undefined`: the queue is full. */
  enter(client: string, item: T): boolean | undefined {
    if (this.free(client) && !this.#waiting.has(client)) {
      this.#start(client);
      return true;
    }
    if (this.#queued >= this.longest) return undefined;
    const line = this.#waiting.get(client);
    if (line) line.push(item);
    else this.#waiting.set(client, [item]);
    this.#queued += 1;
    return false;
  }

  #start(client: string): void {
    this.#total += 1;
    this.#running.set(client, (this.#running.get(client) ?? 0) + 1);
  }

  /** One of the client's ended. Gives the next item that may run now; it counts as running. */
  leave(client: string): T | undefined {
    this.#total -= 1;
    const running = this.#running.get(client)! - 1;
    if (running === 0) this.#running.delete(client);
    else this.#running.set(client, running);
    return this.next();
  }

  next(): T | undefined {
    for (const [client, line] of this.#waiting) {
      if (!this.free(client)) continue;
      const item = line.shift()!;
      this.#queued -= 1;
      // To the end of the round: the other clients come first.
      this.#waiting.delete(client);
      if (line.length > 0) this.#waiting.set(client, line);
      this.#start(client);
      return item;
    }
    return undefined;
  }

  /** Takes an item that waits out of its line. */
  withdraw(client: string, item: T): void {
    const line = this.#waiting.get(client);
    const at = line?.indexOf(item) ?? -1;
    if (!line || at === -1) return;
    line.splice(at, 1);
    this.#queued -= 1;
    if (line.length === 0) this.#waiting.delete(client);
  }
}
