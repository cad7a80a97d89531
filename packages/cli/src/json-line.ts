/** Characters that JSON may hold as they are, but at which some readers of lines end a line. */
const LINE_ENDS = /[\u007f-\u009f\u2028\u2029]/g;

/** A value as JSON on one line, whatever the reader takes for a line end. */
export function jsonLine(value: unknown): string {
  return JSON.stringify(value).replace(LINE_ENDS, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
