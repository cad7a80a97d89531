import type { Option, Region } from './message.js';

/**
 * An option whose octets stand in a larger block: a datagram, or all that was written for a message. Most options of a message are passed
 * over or copied as they are, which takes less time than a view of their octets: `data` makes one when it is asked for.
 */
export class StoredOption implements Option {
  readonly code: number;
  readonly region: Region;
  source: Uint8Array;
  readonly start: number;
  readonly size: number;
  readonly offset: number | undefined;

  constructor(code: number, region: Region, source: Uint8Array, start: number, size: number, offset?: number) {
    this.code = code;
    this.region = region;
    this.source = source;
    this.start = start;
    this.size = size;
    this.offset = offset;
  }

  get data(): Uint8Array {
    return this.source.subarray(this.start, this.start + this.size);
  }
}

export function sizeOf(option: Option): number {
  return option instanceof StoredOption ? option.size : option.data.length;
}

const RANK: Record<Region, number> = { options: 0, file: 1, sname: 2 };

/** Whether these are the options of a decoded datagram, all of them and in order. */
export function isUntouched(options: readonly Option[], datagram: Uint8Array, count: number): boolean {
  if (options.length !== count) return false;
  let rank = 0;
  let last = -1;
  for (const option of options) {
    if (!(option instanceof StoredOption) || option.source !== datagram) return false;
    const own = RANK[option.region];
    if (own < rank || (own === rank && option.start <= last)) return false;
    rank = own;
    last = option.start;
  }
  return true;
}
