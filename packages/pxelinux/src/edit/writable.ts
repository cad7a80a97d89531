import type { CODES } from '../codes.js';
import { MAX_COMMAND_BYTES } from '../command.js';
import { isBlank } from '../line-table.js';

/** Thrown by edits and by {@link generate}; `code` says why. */
export class WriteError extends Error {
  override readonly name = 'WriteError';
  readonly code: keyof typeof CODES & `PXELINUX_${string}`;

  constructor(message: string, code: WriteError['code']) {
    super(message);
    this.code = code;
  }
}

/** Longest line the loaders read in one piece, in bytes. */
export const MAX_LINE = 4095;

export function utf8Length(text: string): number {
  return new TextEncoder().encode(text).length;
}

/** Refuses a value that would not be read back as it is: line ends, blanks at its ends. */
export function checkValue(what: string, value: string): void {
  if (/[\n\r\0]/.test(value)) throw new WriteError(`${what} cannot hold a line end`, 'PXELINUX_UNWRITABLE');
  if (value === '') throw new WriteError(`${what} cannot be empty`, 'PXELINUX_UNWRITABLE');
  if (isBlank(value.charCodeAt(0)) || isBlank(value.charCodeAt(value.length - 1)) || value.startsWith('\u00a0')) {
    throw new WriteError(`${what} cannot begin or end with a blank: "${value}"`, 'PXELINUX_UNWRITABLE');
  }
}

/** Refuses what is not one word. */
export function checkWord(what: string, value: string): void {
  checkValue(what, value);
  for (let i = 0; i < value.length; i++) {
    if (isBlank(value.charCodeAt(i))) throw new WriteError(`${what} cannot hold a blank: "${value}"`, 'PXELINUX_UNWRITABLE');
  }
}

/** A label's name must mean the same to the core and to menu.c32. */
export function checkLabelName(name: string): void {
  checkWord('The name of a label', name);
}

/**
 * Refuses options that the loader would take apart otherwise: the initrd is whatever follows the first `initrd=` of the line,
 * also in the middle of a word; and the whole has a limit.
 */
export function checkOptions(kernel: string, options: string, measure = utf8Length): void {
  const first = options.indexOf('initrd=');
  if (first > 0 && !isBlank(options.charCodeAt(first - 1))) {
    throw new WriteError(
      `The loader would load what follows "initrd=" in "${options.slice(0, first + 7)}": put initrd= first or leave it out`,
      'PXELINUX_INITRD',
    );
  }
  const bytes = measure(`${kernel} ${options}`);
  if (bytes > MAX_COMMAND_BYTES) {
    throw new WriteError(`Kernel and options would have ${bytes} bytes; the loader takes ${MAX_COMMAND_BYTES}`, 'PXELINUX_TOO_LONG');
  }
}

/** A kernel argument as it is written, in quotes when it holds blanks. */
export function formatArgument(name: string, value: string | true): string {
  checkWord('The name of an argument', name);
  if (/["=]/.test(name)) throw new WriteError(`The name of an argument cannot hold = or ": ${name}`, 'PXELINUX_UNWRITABLE');
  if (value === true) return name;
  if (/[\n\r\0]/.test(value)) throw new WriteError(`The value of ${name} cannot hold a line end`, 'PXELINUX_UNWRITABLE');
  const quoted = value.length > 1 && value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1) : value;
  if (quoted.includes('"')) throw new WriteError(`The kernel has no way to quote a " in the value of ${name}`, 'PXELINUX_UNWRITABLE');
  const hasBlank = Array.from(quoted, (char) => char.charCodeAt(0)).some(isBlank);
  return hasBlank || quoted !== value ? `${name}="${quoted}"` : `${name}=${value}`;
}
