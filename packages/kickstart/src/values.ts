import { skipSpace, trimEnd } from './lex.js';
import type { ValueType } from './releases/table.js';

/** What Python's `int()` takes: a sign, digits of any script, single underscores between digits, blanks around. */
const INTEGER = /^[+-]?\p{Nd}+(?:_\p{Nd}+)*$/u;

const BOOLEANS = new Set(['on', 'yes', 'true', '1', 'off', 'no', 'false', '0']);

/** The number that the installer reads, or `undefined` when it is none. */
export function parseInteger(text: string): number | undefined {
  const trimmed = text.slice(skipSpace(text, 0, text.length), trimEnd(text, 0, text.length));
  return INTEGER.test(trimmed) ? Number(trimmed.replaceAll('_', '')) : undefined;
}

/** What a value should have been, or `undefined` when it is good. */
export function valueProblem(value: string, { type, choices = [] }: { type: ValueType; choices?: readonly string[] }): string | undefined {
  switch (type) {
    case 'int':
      return parseInteger(value) === undefined ? 'a whole number' : undefined;
    case 'bool':
      return BOOLEANS.has(value.toLowerCase()) ? undefined : 'yes or no';
    case 'enum':
      return choices.includes(value) ? undefined : `one of ${choices.join(', ')}`;
    case 'ienum': {
      const lower = value.toLowerCase();
      return choices.some((choice) => choice.toLowerCase() === lower) ? undefined : `one of ${choices.join(', ')}`;
    }
    case 'team-slaves':
      return (value.split("'").length - 1) % 2 === 0 ? undefined : 'an even number of single quotes';
    default:
      return undefined;
  }
}
