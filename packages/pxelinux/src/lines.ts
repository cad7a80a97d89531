/** A directive: `indent keyword gap value trailing eol` put together is the line as it stands in the file. */
export interface DirectiveLine {
  readonly type: 'directive';
  /** Offset of the line's first character in the document's text. */
  readonly offset: number;
  /** Number of the line, counted from 1; only `\n` ends a line. */
  readonly line: number;
  /** Blanks before the keyword. */
  readonly indent: string;
  /** First word, as written: `LABEL`, `menu`, `F1`. For what the loaders do not know, too. */
  readonly keyword: string;
  /** Blanks between keyword and value. */
  readonly gap: string;
  /** The rest of the line without the blanks at its end. */
  readonly value: string;
  /** Blanks after the value. They count: `LABEL a ` is not `LABEL a` to menu.c32. */
  readonly trailing: string;
  /** `\n`, `\r\n`, or nothing at the end of the file. */
  readonly eol: string;
}

/** A line of blanks only, or with nothing at all. */
export interface BlankLine {
  readonly type: 'blank';
  readonly offset: number;
  readonly line: number;
  readonly indent: string;
  readonly eol: string;
}

/** A line whose first character after the blanks is `#`. The loaders ignore it as they ignore any unknown keyword. */
export interface CommentLine {
  readonly type: 'comment';
  readonly offset: number;
  readonly line: number;
  readonly indent: string;
  /** From the `#` to the end of the line. */
  readonly text: string;
  readonly eol: string;
}

/** A `TEXT HELP` (or `TEXT anything`) block up to its `ENDTEXT`; SYSLINUX takes its lines as they are. */
export interface TextBlock {
  readonly type: 'text';
  readonly offset: number;
  /** Number of the line that opens the block. */
  readonly line: number;
  /** The line that opens the block; its keyword is `TEXT`. */
  readonly open: DirectiveLine;
  /** The lines between, verbatim. */
  readonly body: string;
  /** The `ENDTEXT` line; `undefined` when there is none and the block swallows the rest of the file. */
  readonly close: DirectiveLine | undefined;
}

export type ConfigNode = DirectiveLine | BlankLine | CommentLine | TextBlock;

/**
 * A configuration file as a tree that loses nothing. It is never changed in place: edits give a new document.
 *
 * `Input` is what {@link parse} was given, and what {@link serialize} gives back.
 */
export interface Document<Input extends string | Uint8Array = string | Uint8Array> {
  /** `bytes`: one character of `text` is one byte (0 to 255). `string`: `text` is the string given; loaders see its UTF-8. */
  readonly encoding: Input extends string ? 'string' : 'bytes';
  /** The whole text. Node offsets count in it; it makes a `Source` with `lineSeparator: 'lf'`. */
  readonly text: string;
  readonly nodes: readonly ConfigNode[];
}

const CR = 13;
const SPACE = 32;
const HASH = 35;

/** Whether SYSLINUX takes a character for a blank between words: everything up to 0x20, and 0x7f. */
export function isBlank(code: number): boolean {
  return code <= 0x20 || code === 0x7f;
}

/**
 * Reads a configuration file. Never throws; every input has a tree, and {@link serialize} gives the input back.
 *
 * Bytes are taken as they are, whatever their encoding. A string stands for its UTF-8 form.
 */
export function parse(input: Uint8Array): Document<Uint8Array>;
export function parse(input: string): Document<string>;
export function parse(input: string | Uint8Array): Document;
export function parse(input: string | Uint8Array): Document {
  const text = typeof input === 'string' ? input : latin1FromBytes(input);
  const nodes: ConfigNode[] = [];
  const words = new WordCache();
  let line = 1;
  let at = 0;
  while (at < text.length) {
    const node = readLine(text, at, line, words);
    at = endOf(node);
    line++;
    if (node.type !== 'directive' || !isTextKeyword(node.keyword)) {
      nodes.push(node);
      continue;
    }
    const bodyStart = at;
    let bodyEnd = at;
    let close: DirectiveLine | undefined;
    while (at < text.length && close === undefined) {
      const inner = readLine(text, at, line, words);
      bodyEnd = at;
      at = endOf(inner);
      line++;
      if (inner.type === 'directive' && inner.keyword.toLowerCase() === 'endtext') close = inner;
      else bodyEnd = at;
    }
    nodes.push({ type: 'text', offset: node.offset, line: node.line, open: node, body: text.slice(bodyStart, bodyEnd), close });
  }
  return { encoding: typeof input === 'string' ? 'string' : 'bytes', text, nodes };
}

/** The file a tree stands for: all its nodes put together, as bytes or as a string, whichever {@link parse} was given. */
export function serialize<Input extends string | Uint8Array>(document: Document<Input>): Input {
  let text = '';
  for (const node of document.nodes) text += nodeText(node);
  return (document.encoding === 'string' ? text : latin1ToBytes(text)) as Input;
}

/** A node as it stands in the file, line end included. */
export function nodeText(node: ConfigNode): string {
  switch (node.type) {
    case 'directive':
      return node.indent + node.keyword + node.gap + node.value + node.trailing + node.eol;
    case 'blank':
      return node.indent + node.eol;
    case 'comment':
      return node.indent + node.text + node.eol;
    case 'text':
      return nodeText(node.open) + node.body + (node.close === undefined ? '' : nodeText(node.close));
  }
}

const ascii = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Bytes as a string of one character per byte. */
export function latin1FromBytes(bytes: Uint8Array): string {
  // The decoder is several times as fast. It gives one character per byte when all are ASCII, and fewer or an error otherwise.
  try {
    const text = ascii.decode(bytes);
    if (text.length === bytes.length) return text;
  } catch {
    // Not ASCII, and not UTF-8 either.
  }
  const parts: string[] = [];
  // The number of arguments of a call is limited.
  for (let at = 0; at < bytes.length; at += 0x2000) parts.push(String.fromCharCode.apply(null, bytes.subarray(at, at + 0x2000) as never));
  return parts.join('');
}

/** A string of characters 0 to 255 as bytes. */
export function latin1ToBytes(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

type Line = DirectiveLine | BlankLine | CommentLine;

/** Indents of blanks, by length: most lines share a few. */
const INDENTS = Array.from({ length: 33 }, (_, length) => ' '.repeat(length));

/** Words seen lately. Files repeat a few keywords; large trees are read faster when each is kept once. */
class WordCache {
  readonly #words: string[] = new Array(64).fill('');

  slice(text: string, start: number, end: number): string {
    const slot = (text.charCodeAt(start) + end - start) & 63;
    const known = this.#words[slot] as string;
    if (known.length === end - start && text.startsWith(known, start)) return known;
    const word = text.slice(start, end);
    this.#words[slot] = word;
    return word;
  }
}

function readLine(text: string, offset: number, line: number, words: WordCache): Line {
  const newline = text.indexOf('\n', offset);
  let end = newline === -1 ? text.length : newline;
  let eol = newline === -1 ? '' : '\n';
  if (newline > offset && text.charCodeAt(newline - 1) === CR) {
    end--;
    eol = '\r\n';
  }
  let at = offset;
  while (at < end && text.charCodeAt(at) === SPACE) at++;
  let indent = at === end || !isBlank(text.charCodeAt(at)) ? INDENTS[at - offset] : undefined;
  if (indent === undefined) {
    while (at < end && isBlank(text.charCodeAt(at))) at++;
    indent = text.slice(offset, at);
  }
  if (at === end) return { type: 'blank', offset, line, indent, eol };
  if (text.charCodeAt(at) === HASH) return { type: 'comment', offset, line, indent, text: text.slice(at, end), eol };
  const keywordStart = at;
  while (at < end && !isBlank(text.charCodeAt(at))) at++;
  const keyword = words.slice(text, keywordStart, at);
  const gapStart = at;
  while (at < end && isBlank(text.charCodeAt(at))) at++;
  const valueStart = at;
  let valueEnd = end;
  while (valueEnd > valueStart && isBlank(text.charCodeAt(valueEnd - 1))) valueEnd--;
  return {
    type: 'directive',
    offset,
    line,
    indent,
    keyword,
    gap: text.slice(gapStart, valueStart),
    value: text.slice(valueStart, valueEnd),
    trailing: text.slice(valueEnd, end),
    eol,
  };
}

function endOf(node: Line): number {
  const start = node.offset + node.indent.length + node.eol.length;
  if (node.type === 'blank') return start;
  if (node.type === 'comment') return start + node.text.length;
  return start + node.keyword.length + node.gap.length + node.value.length + node.trailing.length;
}

function isTextKeyword(keyword: string): boolean {
  return keyword.length === 4 && keyword.toLowerCase() === 'text';
}
