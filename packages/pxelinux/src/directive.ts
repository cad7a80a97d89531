import { isBlank } from './line-table.js';
import type { DirectiveLine } from './nodes.js';

/** A directive with its words joined: `MENU LABEL`, `TEXT HELP`, `F1`, `APPEND`. */
export interface Directive {
  /** Name in upper case with single blanks between its words, whether known or not. */
  name: string;
  /** What follows the name, without the blanks around it. */
  value: string;
  /** Offset of `value` in the document's text. */
  valueOffset: number;
}

/** Name and value of a directive line, where `MENU x`, `MENU MASTER x` and `TEXT x` count as one name. */
export function directiveOf({ offset, indent, keyword, gap, value }: DirectiveLine): Directive {
  const text = keyword + gap + value;
  const end = nameEnd(text, 0, keyword.length, text.length);
  const valueStart = skipBlanks(text, end, text.length);
  return { name: nameOf(text.slice(0, end)), value: text.slice(valueStart), valueOffset: offset + indent.length + valueStart };
}

/** Where the name of a directive ends, given its first word and where the line's value ends. */
export function nameEnd(text: string, keyword: number, keywordEnd: number, end: number): number {
  if (keywordEnd - keyword !== 4) return keywordEnd;
  const first = text.slice(keyword, keywordEnd).toUpperCase();
  if (first !== 'MENU' && first !== 'TEXT') return keywordEnd;
  const second = nextWordEnd(text, keywordEnd, end);
  return first === 'MENU' && nameOf(text.slice(keyword, second)) === 'MENU MASTER' ? nextWordEnd(text, second, end) : second;
}

function nextWordEnd(text: string, at: number, end: number): number {
  const start = skipBlanks(text, at, end);
  if (start === end) return at;
  let wordEnd = start;
  while (wordEnd < end && !isBlank(text.charCodeAt(wordEnd))) wordEnd++;
  return wordEnd;
}

/** The words of a directive's name as they are written, in upper case with single blanks between them. */
export function nameOf(written: string): string {
  let name = '';
  for (let at = 0; at < written.length; at = skipBlanks(written, at, written.length)) {
    const word = at;
    while (at < written.length && !isBlank(written.charCodeAt(at))) at++;
    name += `${name === '' ? '' : ' '}${written.slice(word, at)}`;
  }
  return name.toUpperCase();
}

export function skipBlanks(text: string, at: number, end: number): number {
  let next = at;
  while (next < end && isBlank(text.charCodeAt(next))) next++;
  return next;
}
