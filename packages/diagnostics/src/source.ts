/** A point in a text. `offset` counts UTF-16 code units from 0; `line` and `column` count from 1. */
export interface Position {
  offset: number;
  line: number;
  column: number;
}

/** A stretch of text; `end` is exclusive. */
export interface Range {
  start: Position;
  end: Position;
}

/** What separates lines: `lf` for `\n` alone (a `\r` before it belongs to the line's text), `any` for `\n`, `\r\n` and `\r`. */
export type LineSeparator = 'lf' | 'any';

export interface SourceOptions {
  /** Name shown in diagnostics: a path, a URL, `<stdin>`. Default: `<text>`. */
  name?: string;
  /** Default: `any`. */
  lineSeparator?: LineSeparator;
}

const LF = 10;
const CR = 13;

/**
 * A text with a name and a line index. Trees store offsets only; a `Source` turns them into positions.
 *
 * The index is built on first use, in one pass over the text.
 */
export class Source {
  readonly text: string;
  readonly name: string;
  readonly #separator: LineSeparator;
  #starts: number[] | undefined;

  constructor(text: string, { name = '<text>', lineSeparator = 'any' }: SourceOptions = {}) {
    this.text = text;
    this.name = name;
    this.#separator = lineSeparator;
  }

  get lineCount(): number {
    return this.#lineStarts().length;
  }

  /** The position of an offset; offsets outside the text are clamped to its ends. */
  positionAt(offset: number): Position {
    const at = Math.max(0, Math.min(offset, this.text.length));
    const starts = this.#lineStarts();
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((starts[middle] as number) <= at) low = middle;
      else high = middle - 1;
    }
    return { offset: at, line: low + 1, column: at - (starts[low] as number) + 1 };
  }

  /** The range between two offsets, end exclusive. */
  range(start: number, end: number): Range {
    return { start: this.positionAt(start), end: this.positionAt(end) };
  }

  /** The offset at which a line begins, for lines 1 to `lineCount`; `undefined` for others. */
  lineStart(line: number): number | undefined {
    return this.#lineStarts()[line - 1];
  }

  /** The text of a line without its separator; `undefined` when there is no such line. */
  lineText(line: number): string | undefined {
    const start = this.lineStart(line);
    if (start === undefined) return undefined;
    let end = this.lineStart(line + 1) ?? this.text.length;
    if (line < this.lineCount) end -= this.#separator !== 'lf' && this.text.startsWith('\r\n', end - 2) ? 2 : 1;
    return this.text.slice(start, end);
  }

  /** The offset at which each line begins, the first being 0. A subclass may count other separators: one character, or `\r\n`. */
  protected findLineStarts(): number[] {
    const { text } = this;
    const starts = [0];
    if (this.#separator === 'lf') {
      for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
    } else {
      for (let at = 0; at < text.length; at++) {
        const code = text.charCodeAt(at);
        if (code === LF || (code === CR && text.charCodeAt(at + 1) !== LF)) starts.push(at + 1);
      }
    }
    return starts;
  }

  #lineStarts(): number[] {
    return (this.#starts ??= this.findLineStarts());
  }
}
