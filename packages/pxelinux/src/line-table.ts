import type { BlankLine, CommentLine, ConfigNode, DirectiveLine, TextBlock } from './nodes.js';

const CR = 13;
const HASH = 35;

/** Whether SYSLINUX takes a character for a blank between words: everything up to 0x20, and 0x7f. */
export function isBlank(code: number): boolean {
  return code <= 0x20 || code === 0x7f;
}

/** The columns of a row: seven numbers for each line. */
const WIDTH = 7;
const START = 0;
const KEYWORD = 1;
const KEYWORD_END = 2;
const VALUE = 3;
const VALUE_END = 4;
const END = 5;
const NUMBER = 6;

/** Rows make room for lines of so many characters; files with shorter ones make it grow. */
const USUAL_LINE = 20;

/**
 * Where the parts of each line begin and end, as plain numbers: large files are read without an object per line, and what no one
 * looks at costs nothing. All offsets count in the text.
 *
 * The lines inside TEXT blocks have no rows: after the row of a TEXT comes that of its ENDTEXT, if there is one.
 */
export class LineTable {
  readonly text: string;
  /** Number of rows. */
  readonly length: number;
  readonly #cells: Int32Array;

  constructor(text: string) {
    this.text = text;
    let cells = new Int32Array((8 + Math.ceil(text.length / USUAL_LINE)) * WIDTH);
    let row = 0;
    let number = 1;
    let inText = false;
    for (let at = 0; at < text.length; number++) {
      if ((row + 1) * WIDTH > cells.length) {
        const larger = new Int32Array(cells.length * 2);
        larger.set(cells);
        cells = larger;
      }
      at = scanLine(text, at, number, cells, row * WIDTH);
      if (!inText) {
        inText = isWord(text, cells, row, 'text');
        row++;
      } else if (isWord(text, cells, row, 'endtext')) {
        inText = false;
        row++;
      }
    }
    this.length = row;
    this.#cells = cells;
  }

  /** Offset of the line's first character. */
  start(row: number): number {
    return this.#cells[row * WIDTH + START] as number;
  }

  /** Offset of the first word. */
  keyword(row: number): number {
    return this.#cells[row * WIDTH + KEYWORD] as number;
  }

  keywordEnd(row: number): number {
    return this.#cells[row * WIDTH + KEYWORD_END] as number;
  }

  value(row: number): number {
    return this.#cells[row * WIDTH + VALUE] as number;
  }

  valueEnd(row: number): number {
    return this.#cells[row * WIDTH + VALUE_END] as number;
  }

  /** Offset at which the blanks after the value end and the line end begins. */
  end(row: number): number {
    return this.#cells[row * WIDTH + END] as number;
  }

  /** Number of the line, counted from 1. */
  number(row: number): number {
    return this.#cells[row * WIDTH + NUMBER] as number;
  }

  /** Offset of the next line in the text. */
  next(row: number): number {
    const end = this.end(row);
    if (end === this.text.length) return end;
    return this.text.charCodeAt(end) === CR ? end + 2 : end + 1;
  }

  isDirective(row: number): boolean {
    const keyword = this.keyword(row);
    return keyword < this.end(row) && this.text.charCodeAt(keyword) !== HASH;
  }

  /** Whether the row opens a TEXT block. */
  opensText(row: number): boolean {
    return isWord(this.text, this.#cells, row, 'text');
  }

  directive(row: number): DirectiveLine {
    const { text } = this;
    const offset = this.start(row);
    const keyword = this.keyword(row);
    const keywordEnd = this.keywordEnd(row);
    const value = this.value(row);
    const valueEnd = this.valueEnd(row);
    const end = this.end(row);
    return {
      type: 'directive',
      offset,
      line: this.number(row),
      indent: text.slice(offset, keyword),
      keyword: text.slice(keyword, keywordEnd),
      gap: text.slice(keywordEnd, value),
      value: text.slice(value, valueEnd),
      trailing: text.slice(valueEnd, end),
      eol: text.slice(end, this.next(row)),
    };
  }

  /** The TEXT block that a row opens; it takes that row and the next one. */
  textBlock(row: number): TextBlock {
    const close = row + 1 < this.length ? this.directive(row + 1) : undefined;
    return {
      type: 'text',
      offset: this.start(row),
      line: this.number(row),
      open: this.directive(row),
      body: this.text.slice(this.next(row), close?.offset),
      close,
    };
  }

  /** All rows as nodes. */
  nodes(): ConfigNode[] {
    const nodes: ConfigNode[] = [];
    for (let row = 0; row < this.length; row++) {
      if (!this.isDirective(row)) nodes.push(this.#plain(row));
      else if (!this.opensText(row)) nodes.push(this.directive(row));
      else nodes.push(this.textBlock(row++));
    }
    return nodes;
  }

  #plain(row: number): BlankLine | CommentLine {
    const { text } = this;
    const offset = this.start(row);
    const keyword = this.keyword(row);
    const end = this.end(row);
    const line = this.number(row);
    const indent = text.slice(offset, keyword);
    const eol = text.slice(end, this.next(row));
    return keyword === end
      ? { type: 'blank', offset, line, indent, eol }
      : { type: 'comment', offset, line, indent, text: text.slice(keyword, end), eol };
  }
}

/** Writes the row of the line at an offset; gives the offset of the next line. */
function scanLine(text: string, start: number, number: number, cells: Int32Array, cell: number): number {
  const newline = text.indexOf('\n', start);
  let end = newline === -1 ? text.length : newline;
  if (newline > start && text.charCodeAt(newline - 1) === CR) end--;
  let at = start;
  while (at < end && isBlank(text.charCodeAt(at))) at++;
  const keyword = at;
  if (at < end && text.charCodeAt(at) === HASH) at = end;
  while (at < end && !isBlank(text.charCodeAt(at))) at++;
  const keywordEnd = at;
  while (at < end && isBlank(text.charCodeAt(at))) at++;
  const value = at;
  let valueEnd = end;
  while (valueEnd > value && isBlank(text.charCodeAt(valueEnd - 1))) valueEnd--;
  cells[cell + START] = start;
  cells[cell + KEYWORD] = keyword;
  cells[cell + KEYWORD_END] = keywordEnd;
  cells[cell + VALUE] = value;
  cells[cell + VALUE_END] = valueEnd;
  cells[cell + END] = end;
  cells[cell + NUMBER] = number;
  return newline === -1 ? text.length : newline + 1;
}

/** Whether the first word of a row is this one, in any case. */
function isWord(text: string, cells: Int32Array, row: number, word: string): boolean {
  const start = cells[row * WIDTH + KEYWORD] as number;
  const end = cells[row * WIDTH + KEYWORD_END] as number;
  return end - start === word.length && text.slice(start, end).toLowerCase() === word;
}
