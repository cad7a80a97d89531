import { isBlank } from './line-table.js';

/** One word of a kernel command line. Quotes hold blanks together for the kernel; the loaders do not know them. */
export interface Argument {
  /** Text before the first `=`. */
  name: string;
  /** Text after it; `undefined` without a `=`. */
  value: string | undefined;
  start: number;
  end: number;
}

/** The words of an APPEND value, with offsets from `base`. */
export function argumentsOf(text: string, base = 0): Argument[] {
  const words: Argument[] = [];
  let at = 0;
  while (at < text.length) {
    while (at < text.length && isBlank(text.charCodeAt(at))) at++;
    if (at === text.length) break;
    const start = at;
    let quoted = false;
    while (at < text.length && (quoted || !isBlank(text.charCodeAt(at)))) {
      if (text[at] === '"') quoted = !quoted;
      at++;
    }
    const word = text.slice(start, at);
    const equals = word.indexOf('=');
    words.push({
      name: equals === -1 ? word : word.slice(0, equals),
      value: equals === -1 ? undefined : word.slice(equals + 1),
      start: base + start,
      end: base + at,
    });
  }
  return words;
}
