// biome-ignore lint/suspicious/noControlCharactersInRegex: Python's white space, which ends a word or a line
const SAFE = /^[^\s"'\\#\u001c-\u001f\u0085]+$/;

/** Characters that end a line for the installer and therefore cannot stand in a word, quoted or not. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: three of them end lines
export const LINE_ENDS = /[\n\r\v\f\u001c-\u001e\u0085\u2028\u2029]/;

/**
 * A word written so that the installer reads exactly `value`: bare where it can be, in double quotes else, in single quotes when it holds
 * a double quote or a backslash but no single quote. A value with a line end cannot be written; callers refuse it before.
 */
export function quoteWord(value: string): string {
  if (value !== '' && SAFE.test(value)) return value;
  if (!/["\\]/.test(value)) return `"${value}"`;
  if (!value.includes("'")) return `'${value}'`;
  return `"${value.replace(/["\\]/g, '\\$&')}"`;
}

/** `--name=value` with the value quoted where it must be: `--append="a b"`, not `"--append=a b"`. */
export function quoteOption(name: string, value?: string): string {
  return value === undefined ? name : `${name}=${quoteWord(value)}`;
}
