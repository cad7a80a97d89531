import { applyEdits, type TextEdit } from '@pxekit/diagnostics';
import { type Document, latin1FromBytes, latin1ToBytes, parse } from '../lines.js';
import { type ConfigNode, nodeText } from '../nodes.js';
import type { LabelBlock, Outline } from '../outline.js';
import { MAX_LINE, utf8Length, WriteError } from './writable.js';

export type Input = string | Uint8Array;

/** Text in the form the document keeps its text in: characters, or one for each byte of UTF-8. What edits write has this form. */
export function encoded(document: Document, text: string): string {
  return document.encoding === 'string' ? text : latin1FromBytes(new TextEncoder().encode(text));
}

/**
 * The document after some edits of its text.
 *
 * @throws {WriteError} `PXELINUX_TOO_LONG` when an edit makes a line that the loaders would split.
 */
export function edited<I extends Input>(document: Document<I>, edits: readonly TextEdit[]): Document<I> {
  const text = applyEdits(document.text, edits);
  let shift = 0;
  for (const { start, end, newText } of [...edits].sort((a, b) => a.start - b.start)) {
    checkLines(document, text, start + shift, start + shift + newText.length);
    shift += newText.length - (end - start);
  }
  return parse(document.encoding === 'string' ? text : latin1ToBytes(text)) as Document<I>;
}

/** Bytes of text in the document's form. */
export function byteLength(document: Document, text: string): number {
  return document.encoding === 'bytes' ? text.length : utf8Length(text);
}

/** Checks the lines that a stretch of text touches. */
function checkLines(document: Document, text: string, start: number, end: number): void {
  const from = text.lastIndexOf('\n', start - 1) + 1;
  const newline = text.indexOf('\n', end);
  for (const line of text.slice(start === 0 ? 0 : from, newline === -1 ? undefined : newline).split('\n')) {
    const bytes = byteLength(document, line);
    if (bytes <= MAX_LINE) continue;
    throw new WriteError(
      `The line would have ${bytes} bytes; the loaders read ${MAX_LINE} and take the rest for a new line`,
      'PXELINUX_TOO_LONG',
    );
  }
}

/** Where a node ends, its line end included. */
export function endOf(node: ConfigNode): number {
  return node.offset + nodeText(node).length;
}

/** The label of a name: its first word, or the whole rest of the line. The first of several counts, as for the loaders. */
export function findLabel(outline: Outline, name: string): LabelBlock | undefined {
  return outline.labels.find((label) => label.word === name || label.name === name || label.statement.value === name);
}

/** {@link findLabel}, or an error. */
export function needLabel(outline: Outline, name: string): LabelBlock {
  const label = findLabel(outline, name);
  if (!label) throw new WriteError(`There is no label "${name}"`, 'PXELINUX_NO_LABEL');
  return label;
}

/** Inserts whole lines before an offset that begins a line, or at the end of a text that may lack its last line end. */
export function insertLines(document: Document, at: number, lines: readonly string[], eol: string): TextEdit {
  const { text } = document;
  const open = at === text.length && at > 0 && text[at - 1] !== '\n';
  const body = lines.join(eol);
  return { start: at, end: at, newText: open ? eol + body : body + eol };
}
