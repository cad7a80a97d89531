// Reading lines and words as the loaders' C code does, on strings of one character per byte.
import { latin1FromBytes } from '../lines.js';

/** SYSLINUX reads lines into a buffer of 4096 bytes; what is longer goes on as a line of its own. */
const LINE_BYTES = 4095;
const encoder = new TextEncoder();

/** `isspace()`: what the loaders skip before a word or a value. 0xa0 is a blank in the Latin-1 table of their C library. */
export function isSpace(code: number): boolean {
  return code === 0x20 || (code >= 0x09 && code <= 0x0d) || code === 0xa0;
}

/** What ends a word: wider than what is skipped before one. */
export function endsWord(code: number): boolean {
  return code <= 0x20 || code === 0x7f;
}

export function skipSpace(text: string, at: number): number {
  let i = at;
  while (i < text.length && isSpace(text.charCodeAt(i))) i++;
  return i;
}

export function wordEnd(text: string, at: number): number {
  let i = at;
  while (i < text.length && !endsWord(text.charCodeAt(i))) i++;
  return i;
}

/** The word at a place, and where it ends. */
export function wordAt(text: string, at: number): { word: string; end: number } {
  const end = wordEnd(text, at);
  return { word: text.slice(at, end), end };
}

/** `strtoul()` for bases 10 and 0 (0x, leading 0, decimal), cut to 32 bits; `end` is `at` when there is no number. */
export function readUnsigned(text: string, at: number, base: 0 | 10): { value: number; end: number } {
  let i = at;
  while (i < text.length && isSpace(text.charCodeAt(i))) i++;
  const sign = text[i];
  if (sign === '-' || sign === '+') i++;
  let radix = 10;
  if (base === 0 && text[i] === '0') {
    if ((text[i + 1] === 'x' || text[i + 1] === 'X') && digitValue(text.charCodeAt(i + 2)) < 16) {
      radix = 16;
      i += 2;
    } else radix = 8;
  }
  let value = 0;
  const start = i;
  for (let digit = digitValue(text.charCodeAt(i)); digit < radix; digit = digitValue(text.charCodeAt(++i))) {
    value = value * radix + digit;
  }
  if (i === start) return { value: 0, end: at };
  if (value >= 2 ** 64) value = 2 ** 32 - 1;
  return { value: (sign === '-' ? -value : value) >>> 0, end: i };
}

/** `atoi()`: decimal, what follows the digits is ignored, no digits is 0. */
export function readInteger(text: string, at: number): number {
  return readUnsigned(text, skipSpace(text, at), 10).value | 0;
}

/** `atoll()`: as {@link readInteger}, with 64 bits. */
export function readLong(text: string, at: number): number {
  const digits = /^[+-]?\d+/.exec(text.slice(skipSpace(text, at), at + 64))?.[0];
  return digits === undefined ? 0 : Number(BigInt.asIntN(64, BigInt(digits)));
}

/** Value of a digit or letter as a digit, 99 for all others. */
export function digitValue(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const letter = code | 0x20;
  return letter >= 0x61 && letter <= 0x7a ? letter - 0x61 + 10 : 99;
}

/** A string as the bytes of its UTF-8 form, one character per byte. */
export function toByteString(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: everything but ASCII is what is looked for
  if (!/[^\u0000-\u007f]/.test(text)) return text;
  return latin1FromBytes(encoder.encode(text));
}

/** A file read line by line as `fgets()` does. */
export class LineReader {
  readonly file: string;
  readonly text: string;
  /** Number of the line {@link next} gave last. */
  line = 0;
  #start = 0;
  #next = 0;
  #atLineStart = true;
  readonly #endsLine: readonly [NextPlace, NextPlace];

  constructor(file: string, text: string) {
    this.file = file;
    this.text = text;
    this.#endsLine = [new NextPlace(text, '\r'), new NextPlace(text, '\0')];
  }

  /**
   * The next line as the loaders look at it: up to its first carriage return, line feed or NUL, of at most 4095 characters.
   * `undefined` at the end of the file.
   */
  next(): string | undefined {
    const { text } = this;
    const start = this.#next;
    if (start >= text.length) return undefined;
    if (this.#atLineStart) this.line++;
    const newline = text.indexOf('\n', start);
    let end = newline === -1 ? text.length : newline;
    let next = newline === -1 ? end : end + 1;
    this.#atLineStart = next - start <= LINE_BYTES;
    if (!this.#atLineStart) end = next = start + LINE_BYTES;
    this.#start = start;
    this.#next = next;
    const [carriageReturn, nul] = this.#endsLine;
    return text.slice(start, Math.min(end, carriageReturn.from(start), nul.from(start)));
  }

  /** The line {@link next} gave last as it was read, line end included. */
  get piece(): string {
    return this.text.slice(this.#start, this.#next);
  }
}

/** Where a character comes next, for places that only move on. */
class NextPlace {
  readonly #text: string;
  readonly #character: string;
  #at = -1;

  constructor(text: string, character: string) {
    this.#text = text;
    this.#character = character;
  }

  /** The first place at or after this one; infinite when there is none. */
  from(start: number): number {
    if (this.#at < start) {
      const found = this.#text.indexOf(this.#character, start);
      this.#at = found === -1 ? Number.POSITIVE_INFINITY : found;
    }
    return this.#at;
  }
}
