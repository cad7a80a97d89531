import { LINE_ENDS, quoteOption, quoteWord } from './quote.js';
import { canonicalName } from './read-options.js';
import { COMMANDS } from './releases/commands.js';
import { type KickstartWriteErrorCode, WRITE_CODES } from './write-codes.js';

/** What an option may be set to. `true` writes a flag, `false` and `undefined` leave it out. */
export type OptionValue = string | number | boolean | readonly string[] | undefined;

/** A command to be written: `{ name: 'part', args: ['/'], options: { size: 8192, grow: true } }`. */
export interface CommandLine {
  name: string;
  /** Words that are no options. */
  args?: readonly (string | number)[];
  /** By name, with or without the leading dashes, in the order they are to stand. */
  options?: Readonly<Record<string, OptionValue>>;
  /** Written behind the command, `#` and all. */
  comment?: string;
}

/** Thrown where something cannot be written so that the installer reads it back. */
export class KickstartWriteError extends Error {
  override readonly name = 'KickstartWriteError';
  readonly code: KickstartWriteErrorCode;

  constructor(code: KickstartWriteErrorCode, detail: string) {
    super(`${WRITE_CODES[code]} ${detail}`);
    this.code = code;
  }
}

/** `--size` for `size` and `--size`. */
export function optionName(name: string): string {
  return name.startsWith('--') ? name : `--${name}`;
}

/** A value as text, refused when the installer could not read it back. */
export function writableValue(value: string | number): string {
  const text = String(value);
  if (LINE_ENDS.test(text)) throw new KickstartWriteError('KS_UNWRITABLE_VALUE', JSON.stringify(text));
  return text;
}

/** One option with its value, as the words of a line. */
export function formatOption(command: string, name: string, value: OptionValue): string[] {
  const full = optionName(name);
  if (!/^--[A-Za-z0-9][\w.-]*$/.test(full)) throw new KickstartWriteError('KS_UNWRITABLE_NAME', JSON.stringify(name));
  if (value === undefined || value === false) return [];
  if (value === true) return [full];
  if (typeof value === 'string' || typeof value === 'number') return [quoteOption(full, writableValue(value))];
  return isList(command, full)
    ? [quoteOption(full, value.map(writableValue).join(','))]
    : value.map((one) => quoteOption(full, writableValue(one)));
}

/** Options whose one value is a list with commas; the others are repeated. */
function isList(command: string, name: string): boolean {
  const rows = COMMANDS[canonicalName(command)]?.options ?? [];
  return rows.some((row) => {
    const [spelled = '', type = ''] = row.split(' ');
    return type.startsWith('list') && spelled.split('|').includes(name);
  });
}

/**
 * A command as one line, without its line end: positionals first, then options, everything quoted where it must be.
 *
 * @throws {KickstartWriteError} when a value holds a line end, or a name could not be a name
 */
export function formatCommand({ name, args = [], options = {}, comment }: CommandLine): string {
  if (!/^[A-Za-z0-9_][\w-]*$/.test(name)) throw new KickstartWriteError('KS_UNWRITABLE_NAME', JSON.stringify(name));
  const positionals = args.map((value) => quoteWord(writableValue(value)));
  const flags = Object.entries(options).flatMap(([key, value]) => formatOption(name, key, value));
  const dashed = args.some((value) => String(value).startsWith('-'));
  const words = dashed ? [name, ...flags, '--', ...positionals] : [name, ...positionals, ...flags];
  if (comment !== undefined) words.push(`${comment.startsWith('#') ? '' : '# '}${writableValue(comment)}`);
  return words.join(' ');
}
