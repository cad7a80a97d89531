import type { AddressRange, Ipv4 } from './ipv4.js';

/** A set of integers 0..size-1 that finds its next member from any point in a few steps, however full or empty it is. */
class IndexSet {
  readonly #levels: Uint32Array[] = [];
  readonly #size: number;

  constructor(size: number, full: boolean) {
    this.#size = size;
    let width = size;
    do {
      const words = Math.ceil(width / 32);
      const level = new Uint32Array(words);
      if (full) {
        level.fill(0xffffffff);
        if (width % 32 !== 0) level[words - 1] = 2 ** (width % 32) - 1;
      }
      this.#levels.push(level);
      width = words;
    } while (width > 1);
  }

  add(index: number): void {
    for (const level of this.#levels) {
      level[index >>> 5]! |= 1 << (index & 31);
      index >>>= 5;
    }
  }

  delete(index: number): void {
    for (const level of this.#levels) {
      if ((level[index >>> 5]! &= ~(1 << (index & 31))) !== 0) return;
      index >>>= 5;
    }
  }

  has(index: number): boolean {
    return (this.#levels[0]![index >>> 5]! & (1 << (index & 31))) !== 0;
  }

  /** The first member at or after `from`, or -1. */
  next(from: number): number {
    if (from >= this.#size) return -1;
    let depth = 0;
    let index = from;
    while (depth < this.#levels.length) {
      const level = this.#levels[depth]!;
      const word = index >>> 5;
      if (word >= level.length) return -1;
      const rest = level[word]! & (0xffffffff << (index & 31));
      if (rest !== 0) {
        index = (word << 5) | lowestBit(rest);
        while (depth > 0) {
          depth--;
          index = (index << 5) | lowestBit(this.#levels[depth]![index]!);
        }
        return index;
      }
      depth++;
      index = word + 1;
    }
    return -1;
  }
}

function lowestBit(word: number): number {
  return 31 - Math.clz32(word & -word);
}

/**
 * Which addresses of one range nobody has. Addresses that were never given away come first, from the place the client's
 * hash points to, so that a retry finds the same one; then the one that has been free longest.
 */
export class FreeAddresses {
  readonly range: AddressRange;
  /** Addresses in the range that may be given away at all. */
  readonly size: number;
  readonly #fresh: IndexSet;
  // Insertion order is the order in which they came free.
  readonly #returned = new Set<Ipv4>();
  #free: number;

  /** @param excluded addresses of the range that are never given away from it */
  constructor(range: AddressRange, excluded: Iterable<Ipv4> = []) {
    this.range = range;
    const size = range.last - range.first + 1;
    this.#fresh = new IndexSet(size, true);
    let usable = size;
    for (const address of excluded) {
      if (!this.contains(address) || !this.#fresh.has(address - range.first)) continue;
      this.#fresh.delete(address - range.first);
      usable--;
    }
    this.size = usable;
    this.#free = usable;
  }

  get free(): number {
    return this.#free;
  }

  contains(address: Ipv4): boolean {
    return address >= this.range.first && address <= this.range.last;
  }

  isFree(address: Ipv4): boolean {
    return this.contains(address) && (this.#fresh.has(address - this.range.first) || this.#returned.has(address));
  }

  take(address: Ipv4): void {
    if (!this.contains(address)) return;
    if (this.#returned.delete(address)) this.#free--;
    else if (this.#fresh.has(address - this.range.first)) {
      this.#fresh.delete(address - this.range.first);
      this.#free--;
    }
  }

  /** The address is free again, and the last in the queue. */
  giveBack(address: Ipv4): void {
    if (!this.contains(address) || this.isFree(address)) return;
    this.#returned.add(address);
    this.#free++;
  }

  /** The address to offer to a client with this hash; `held` says which are promised to somebody else for the moment. */
  pick(hash: number, held: (address: Ipv4) => boolean): Ipv4 | undefined {
    const { first, last } = this.range;
    const start = hash % (last - first + 1);
    for (let at = this.#fresh.next(start); at >= 0; at = this.#fresh.next(at + 1)) if (!held(first + at)) return first + at;
    for (let at = this.#fresh.next(0); at >= 0 && at < start; at = this.#fresh.next(at + 1)) if (!held(first + at)) return first + at;
    for (const address of this.#returned) if (!held(address)) return address;
    return undefined;
  }
}
