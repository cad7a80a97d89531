import type { DhcpCode } from '../codes.js';
import { DhcpError } from '../issue.js';
import { textBytes } from '../text.js';

/** What a shape may ask about the message around its bytes. */
export interface ValueContext {
  /** Option 60 of the message as text, which says whose option 43 it is. */
  readonly vendorClass?: string;
}

/** Most items of all lists within a value, taken together. A domain label counts as a quarter: compression makes many of few octets. */
const MAX_ITEMS = 1024;

export type Report = (code: DhcpCode, message: string, offset: number) => void;

/** Reads one value. Reading past the end sets `failed` and gives zeros: a shape never has to check, and never throws. */
export class Reader {
  readonly bytes: Uint8Array;
  readonly end: number;
  pos: number;
  failed = false;
  readonly context: ValueContext;
  private readonly report: Report | undefined;
  /** Items that may still be read, shared with the readers of parts. */
  private readonly allowance: { items: number };

  constructor(
    bytes: Uint8Array,
    report?: Report,
    context: ValueContext = {},
    start = 0,
    end = bytes.length,
    allowance = { items: MAX_ITEMS },
  ) {
    this.bytes = bytes;
    this.pos = start;
    this.end = end;
    this.report = report;
    this.context = context;
    this.allowance = allowance;
  }

  get left(): number {
    return this.end - this.pos;
  }

  /** Says what is wrong at an offset (the place reached, when none is named) and goes on. */
  warn(code: DhcpCode, message: string, offset = this.pos): void {
    this.report?.(code, message, offset);
  }

  /** Says what is wrong and gives the value up. */
  fail(code: DhcpCode, message: string, offset = this.pos): void {
    if (!this.failed) this.warn(code, message, offset);
    this.failed = true;
  }

  /** Whether a list goes on: octets are left, and the value may have another item. */
  more(): boolean {
    if (this.pos >= this.end) return false;
    if (this.item()) return true;
    this.pos = this.end;
    return false;
  }

  /** Counts an item that is about to be read; false when the value has had as many as are read, so that small ones cannot add up. */
  item(weight = 1): boolean {
    const { allowance } = this;
    if (allowance.items > 0) {
      allowance.items -= weight;
      return true;
    }
    if (allowance.items > Number.NEGATIVE_INFINITY) this.warn('DHCP_TOO_MANY', 'A value of so many items is read no further.');
    allowance.items = Number.NEGATIVE_INFINITY;
    return false;
  }

  /** The offset of the next `size` octets, which are then behind; -1 when they are not there. */
  take(size: number): number {
    const start = this.pos;
    if (start + size > this.end) {
      this.fail('DHCP_VALUE_SHORT', `${size} more ${size === 1 ? 'octet' : 'octets'} expected, ${this.end - start} found.`);
      return -1;
    }
    this.pos = start + size;
    return start;
  }

  uint(size: 1 | 2 | 4): number {
    const at = this.take(size);
    if (at < 0) return 0;
    const { bytes } = this;
    if (size === 1) return bytes[at]!;
    if (size === 2) return bytes[at]! * 256 + bytes[at + 1]!;
    return bytes[at]! * 0x1000000 + ((bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!);
  }

  octets(size: number): Uint8Array {
    const at = this.take(size);
    return at < 0 ? new Uint8Array(0) : this.bytes.subarray(at, at + size);
  }

  rest(): Uint8Array {
    return this.octets(this.left);
  }

  /** A reader for the next `size` octets only; what it fails at, this one does not. */
  sub(size: number): Reader {
    const at = this.take(size);
    const start = at < 0 ? this.end : at;
    const reader = new Reader(this.bytes, this.report, this.context, start, at < 0 ? start : at + size, this.allowance);
    reader.failed = this.failed;
    return reader;
  }
}

/** Gathers the octets of one value. */
export class Writer {
  private bytes = new Uint8Array(64);
  size = 0;

  private room(size: number): number {
    const at = this.size;
    if (at + size > this.bytes.length) {
      const grown = new Uint8Array(Math.max(this.bytes.length * 2, at + size));
      grown.set(this.bytes);
      this.bytes = grown;
    }
    this.size = at + size;
    return at;
  }

  uint(size: 1 | 2 | 4, value: number): void {
    const max = size === 1 ? 0xff : size === 2 ? 0xffff : 0xffffffff;
    if (!(value >= 0 && value <= max && Number.isInteger(value))) refuse(`${String(value)} is no whole number from 0 to ${max}.`);
    const at = this.room(size);
    const { bytes } = this;
    bytes[at + size - 1] = value;
    if (size === 1) return;
    bytes[at + size - 2] = value >>> 8;
    if (size === 2) return;
    bytes[at + 1] = value >>> 16;
    bytes[at] = value >>> 24;
  }

  /** Text as UTF-8. */
  text(text: string): void {
    const at = this.room(text.length);
    const { bytes } = this;
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      if (unit > 127) {
        this.size = at;
        this.octets(textBytes(text));
        return;
      }
      bytes[at + i] = unit;
    }
  }

  octets(octets: Uint8Array): void {
    const at = this.room(octets.length);
    this.bytes.set(octets, at);
  }

  /** Writes a length of `size` octets and then what `body` writes. */
  counted(size: 1 | 2, body: () => void): void {
    const at = this.room(size);
    body();
    const length = this.size - at - size;
    if (length >= 2 ** (8 * size)) refuse(`${length} octets do not fit a length of ${size} octet${size === 1 ? '' : 's'}.`);
    if (size === 2) this.bytes[at] = length >>> 8;
    this.bytes[at + size - 1] = length & 255;
  }

  finish(): Uint8Array {
    return this.bytes.slice(0, this.size);
  }
}

/** Refuses a value to encode. */
export function refuse(message: string): never {
  throw new DhcpError('DHCP_ENCODE_VALUE', message);
}
