/**
 * Lines and words as the installer reads them.
 *
 * A line ends where Python's `str.splitlines` ends it, and a command line is split the way `shlex.split(line, comments=True)`
 * does in POSIX mode: that is what pykickstart runs on, so that is what a kickstart file means.
 */
import type { TemplateSpan } from './templates.js';

const LF = 10;
const CR = 13;
/** The control characters 1C to 1E end a line, 1F is a mere blank. */
const FIRST_SEPARATOR = 0x1c;
const LAST_SEPARATOR = 0x1e;

/** A stretch of a line: `end` is where the line's text ends, `next` where the next line begins. */
export interface Line {
  start: number;
  end: number;
  next: number;
}

/** The line that begins at `start`. `\r\n` counts as one end. */
export function lineAt(text: string, start: number): Line {
  const { length } = text;
  let end = start;
  while (end < length && !isLineEnd(text.charCodeAt(end))) end++;
  if (end === length) return { start, end, next: end };
  const crlf = text.charCodeAt(end) === CR && text.charCodeAt(end + 1) === LF;
  return { start, end, next: end + (crlf ? 2 : 1) };
}

/** Everything that ends a line (`str.splitlines`). */
function isLineEnd(code: number): boolean {
  if (code < 128) return code <= LAST_SEPARATOR && ((code >= LF && code <= CR) || code >= FIRST_SEPARATOR);
  return code === 0x85 || code === 0x2028 || code === 0x2029;
}

/** Whether a stretch ends with a line end that only the installer takes for one: a form feed, U+2028 and their like. */
export function endsOddly(text: string, end = text.length): boolean {
  const last = text.charCodeAt(end - 1);
  return last !== LF && last !== CR && isLineEnd(last);
}

/** White space in Python's sense (`str.isspace`), which decides whether a line is blank. */
function isSpace(code: number): boolean {
  if (code < 128) return code <= SPACE && (code === SPACE || (code >= 9 && code <= 13) || code >= 28);
  if (code === 0x85 || code === 0xa0 || code === 0x1680 || code === 0x202f || code === 0x205f || code === 0x3000) return true;
  return (code >= 0x2000 && code <= 0x200a) || code === 0x2028 || code === 0x2029;
}

/** Offset of the first character from `start` that is not white space, or `end`. */
export function skipSpace(text: string, start: number, end: number): number {
  let at = start;
  while (at < end && isSpace(text.charCodeAt(at))) at++;
  return at;
}

/** Where the line of `at` begins when nothing but white space stands before `at` on it. */
export function startOfIndent(text: string, at: number): number | undefined {
  let start = at;
  while (start > 0) {
    const code = text.charCodeAt(start - 1);
    if (isLineEnd(code)) break;
    if (!isSpace(code)) return undefined;
    start--;
  }
  return start;
}

/** Offset past the last character before `end` that is not white space, or `start`. */
export function trimEnd(text: string, start: number, end: number): number {
  let at = end;
  while (at > start && isSpace(text.charCodeAt(at - 1))) at--;
  return at;
}

/** The text from `start` up to the next white space of any kind: `line.split()[0]` in Python. */
export function firstWord(text: string, start: number, end: number): string {
  let at = start;
  while (at < end && !isSpace(text.charCodeAt(at))) at++;
  return text.slice(start, at);
}

/** One shell-like word: where it stands, how it is written, and what it says once quotes and escapes are gone. */
export interface Word {
  start: number;
  end: number;
  /** As written, quotes and backslashes included. */
  raw: string;
  /** What the installer sees. */
  value: string;
  /** Part of the word is filled in by a template, so its value is not known. */
  template?: true;
}

export type WordError = 'unclosed-quote' | 'dangling-escape';

export interface Words {
  words: Word[];
  /** Offset of the `#` that ended the words. */
  comment?: number;
  error?: { kind: WordError; at: number };
}

export interface SplitOptions {
  /** `#` outside quotes ends the words, even in the middle of one. Default: true. */
  comments?: boolean;
  /** Spans, in order, whose characters are taken as they stand. */
  templates?: readonly TemplateSpan[];
}

const TAB = 9;
const SPACE = 32;
const DOUBLE = 34;
const HASH = 35;
const SINGLE = 39;
const BACKSLASH = 92;

/** Splits `text` from `start` to `end` into words. Never throws: an unclosed quote comes back as `error`, with the words before it. */
export function splitWords(text: string, start = 0, end = text.length, { comments = true, templates }: SplitOptions = {}): Words {
  const words: Word[] = [];
  let at = start;
  let span = 0;
  for (;;) {
    while (at < end && isShellSpace(text.charCodeAt(at))) at++;
    if (at >= end) return { words };
    const wordStart = at;
    let value = '';
    let literal = at;
    let template: true | undefined;
    let quote = 0;
    let quoteAt = at;
    for (; at < end; at++) {
      if (templates !== undefined) {
        while (span < templates.length && (templates[span] as TemplateSpan).end <= at) span++;
        const here = templates[span];
        if (here !== undefined && here.start <= at) {
          template = true;
          at = Math.min(here.end, end) - 1;
          continue;
        }
      }
      const code = text.charCodeAt(at);
      if (quote === SINGLE) {
        if (code !== SINGLE) continue;
        value += text.slice(literal, at);
        literal = at + 1;
        quote = 0;
      } else if (code === BACKSLASH) {
        if (at + 1 >= end) return { words, error: { kind: 'dangling-escape', at } };
        const next = text.charCodeAt(at + 1);
        if (quote === 0 || next === DOUBLE || next === BACKSLASH) {
          value += text.slice(literal, at);
          literal = at + 1;
          at++;
        }
      } else if (quote === DOUBLE) {
        if (code !== DOUBLE) continue;
        value += text.slice(literal, at);
        literal = at + 1;
        quote = 0;
      } else if (code === SINGLE || code === DOUBLE) {
        value += text.slice(literal, at);
        literal = at + 1;
        quote = code;
        quoteAt = at;
      } else if (isShellSpace(code) || (comments && code === HASH)) {
        break;
      }
    }
    if (quote !== 0) return { words, error: { kind: 'unclosed-quote', at: quoteAt } };
    if (at > wordStart) {
      const raw = text.slice(wordStart, at);
      const word: Word = { start: wordStart, end: at, raw, value: literal === wordStart ? raw : value + text.slice(literal, at) };
      if (template) word.template = true;
      words.push(word);
    }
    if (comments && at < end && text.charCodeAt(at) === HASH) return { words, comment: at };
  }
}

function isShellSpace(code: number): boolean {
  return code === SPACE || code === TAB || code === LF || code === CR;
}

/**
 * What `shlex.split(text, comments=True)` gives for a whole text; a comment ends at the line feed.
 *
 * @returns the words, or `error` when a quote or an escape is left open
 */
export function tokenize(text: string, { comments = true }: { comments?: boolean } = {}): { argv: string[] } | { error: WordError } {
  const argv: string[] = [];
  for (let at = 0; at < text.length; ) {
    const { words, comment, error } = splitWords(text, at, text.length, { comments });
    if (error) return { error: error.kind };
    for (const word of words) argv.push(word.value);
    if (comment === undefined) break;
    const feed = text.indexOf('\n', comment);
    if (feed === -1) break;
    at = feed + 1;
  }
  return { argv };
}
