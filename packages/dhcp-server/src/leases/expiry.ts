/**
 * When each lease ends: a binary heap. Who renews its lease puts the end off and leaves the heap alone: when the old time comes,
 * the lease is put back with its new one. So an address has one entry, and one more each time its lease is cut short.
 *
 * Times and addresses are in typed arrays: an object for each of many leases is one more to visit at every major collection.
 */
export class ExpiryQueue {
  readonly #endOf: (address: number) => number;
  #times = new Float64Array(64);
  #addresses = new Uint32Array(64);
  #size = 0;
  /** When the queue looks at an address first. */
  readonly #queued = new Map<number, number>();

  /** @param endOf when the lease of an address ends, as it is now; `Infinity` if it does not end, or not by time */
  constructor(endOf: (address: number) => number) {
    this.#endOf = endOf;
  }

  /** To be called when an end is new or comes earlier than before. */
  add(address: number, end: number): void {
    if (end >= (this.#queued.get(address) ?? Number.POSITIVE_INFINITY)) return;
    this.#queued.set(address, end);
    this.#push(address, end);
  }

  /** False if no lease has ended by `now`; true if one may have. Costs a glance, unlike `take`. */
  mayHaveEnded(now: number): boolean {
    return this.#size > 0 && this.#times[0]! <= now;
  }

  /** Removes and returns the address of one lease that has ended by `now`. */
  take(now: number): number | undefined {
    while (this.mayHaveEnded(now)) {
      const time = this.#times[0]!;
      const address = this.#addresses[0]!;
      this.#pop();
      if (this.#queued.get(address) !== time) continue;
      this.#queued.delete(address);
      const end = this.#endOf(address);
      if (end <= time) return address;
      this.add(address, end);
    }
    return undefined;
  }

  #push(address: number, time: number): void {
    if (this.#size === this.#times.length) this.#grow();
    let at = this.#size++;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (this.#times[parent]! <= time) break;
      this.#move(parent, at);
      at = parent;
    }
    this.#times[at] = time;
    this.#addresses[at] = address;
  }

  #pop(): void {
    const size = --this.#size;
    const time = this.#times[size]!;
    const address = this.#addresses[size]!;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= size) break;
      if (child + 1 < size && this.#times[child + 1]! < this.#times[child]!) child++;
      if (this.#times[child]! >= time) break;
      this.#move(child, at);
      at = child;
    }
    this.#times[at] = time;
    this.#addresses[at] = address;
  }

  #move(from: number, to: number): void {
    this.#times[to] = this.#times[from]!;
    this.#addresses[to] = this.#addresses[from]!;
  }

  #grow(): void {
    const times = new Float64Array(2 * this.#size);
    const addresses = new Uint32Array(2 * this.#size);
    times.set(this.#times);
    addresses.set(this.#addresses);
    this.#times = times;
    this.#addresses = addresses;
  }
}
