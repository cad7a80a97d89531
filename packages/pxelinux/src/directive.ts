import { type DirectiveLine, isBlank } from './lines.js';

/** A directive with its words joined: `MENU LABEL`, `TEXT HELP`, `F1`, `APPEND`. */
export interface Directive {
  /** Name in upper case with single blanks between its words, whether known or not. */
  name: string;
  /** What follows the name, without the blanks around it. */
  value: string;
  /** Offset of `value` in the document's text. */
  valueOffset: number;
}

/** Keywords that take a second word into the name. */
const GROUPS = new Set(['MENU', 'TEXT']);

/** Name and value of a directive line, where `MENU x`, `MENU MASTER x` and `TEXT x` count as one name. */
export function directiveOf(line: DirectiveLine): Directive {
  let name = line.keyword.toUpperCase();
  let { value } = line;
  let valueOffset = line.offset + line.indent.length + line.keyword.length + line.gap.length;
  const take = (): void => {
    let end = 0;
    while (end < value.length && !isBlank(value.charCodeAt(end))) end++;
    let next = end;
    while (next < value.length && isBlank(value.charCodeAt(next))) next++;
    if (end > 0) name += ` ${value.slice(0, end).toUpperCase()}`;
    value = value.slice(next);
    valueOffset += next;
  };
  if (GROUPS.has(name)) take();
  if (name === 'MENU MASTER') take();
  return { name, value, valueOffset };
}
