interface Due {
  readonly address: number;
  /** When the lease ends; `Infinity` if it does not any more. */
  at: number;
  /** When the queue looks at it: at its end, or earlier if the end was put off since. */
  queued: number;
}

interface Entry {
  readonly due: Due;
  readonly at: number;
}

/**
 * When each lease ends: a binary heap. A renewal puts the end off and leaves the heap alone: when the old time comes, the
 * lease is put back with its new one. So an address has one entry, and one more each time its lease is cut short.
 */
export class ExpiryQueue {
  readonly #heap: Entry[] = [];
  readonly #dues = new Map<number, Due>();

  /** `Infinity`: it does not end, or not by time. */
  set(address: number, at: number): void {
    const known = this.#dues.get(address);
    if (known === undefined ? at === Number.POSITIVE_INFINITY : known.queued <= at) {
      if (known !== undefined) known.at = at;
      return;
    }
    const due = { address, at, queued: at };
    this.#dues.set(address, due);
    this.#push(due);
  }

  /** False if no lease has ended by `now`; true if one may have. Costs a glance, unlike `take`. */
  mayHaveEnded(now: number): boolean {
    const top = this.#heap[0];
    return top !== undefined && top.at <= now;
  }

  /** Removes and returns the address of one lease that has ended by `now`. */
  take(now: number): number | undefined {
    this.#settle();
    const top = this.#heap[0];
    if (top === undefined || top.at > now) return undefined;
    this.#pop();
    this.#dues.delete(top.due.address);
    return top.due.address;
  }

  /** Brings an entry to the top that says when its lease ends. */
  #settle(): void {
    for (let top = this.#heap[0]; top !== undefined; top = this.#heap[0]) {
      const { due, at } = top;
      const isCurrent = this.#dues.get(due.address) === due;
      if (isCurrent && due.at === at) return;
      this.#pop();
      if (!isCurrent) continue;
      if (due.at === Number.POSITIVE_INFINITY) this.#dues.delete(due.address);
      else {
        due.queued = due.at;
        this.#push(due);
      }
    }
  }

  #push(due: Due): void {
    const heap = this.#heap;
    const entry = { due, at: due.queued };
    let at = heap.length;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (heap[parent]!.at <= entry.at) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = entry;
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
