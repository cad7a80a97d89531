interface Due {
  at: number;
  address: number;
}

/**
 * When each lease ends: a binary heap. A renewal only pushes a new entry; the old one is found stale when its time comes,
 * and the heap is rebuilt when stale entries outnumber the live ones.
 */
export class ExpiryQueue {
  #heap: Due[] = [];
  /** The end that counts now, by address. */
  readonly #current = new Map<number, number>();

  set(address: number, at: number): void {
    if (at === Number.POSITIVE_INFINITY) {
      this.#current.delete(address);
      return;
    }
    if (this.#current.get(address) === at) return;
    this.#current.set(address, at);
    this.#push({ at, address });
    if (this.#heap.length > 64 && this.#heap.length > 2 * this.#current.size) this.#rebuild();
  }

  delete(address: number): void {
    this.#current.delete(address);
  }

  /** When the next lease ends, or undefined. */
  get next(): number | undefined {
    this.#skipStale();
    return this.#heap[0]?.at;
  }

  /** Removes and returns the address of one lease that has ended by `now`. */
  take(now: number): number | undefined {
    this.#skipStale();
    const top = this.#heap[0];
    if (top === undefined || top.at > now) return undefined;
    this.#pop();
    this.#current.delete(top.address);
    return top.address;
  }

  #skipStale(): void {
    while (this.#heap.length > 0 && this.#current.get(this.#heap[0]!.address) !== this.#heap[0]!.at) this.#pop();
  }

  #rebuild(): void {
    this.#heap = [...this.#current].map(([address, at]) => ({ at, address })).sort((a, b) => a.at - b.at);
  }

  #push(due: Due): void {
    const heap = this.#heap;
    let at = heap.length;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (heap[parent]!.at <= due.at) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = due;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop()!;
    const size = heap.length;
    if (size === 0) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= size) break;
      if (child + 1 < size && heap[child + 1]!.at < heap[child]!.at) child++;
      if (heap[child]!.at >= last.at) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = last;
  }
}
