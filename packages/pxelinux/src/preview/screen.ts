/** The colours of a text screen by their ANSI numbers: `SGR 30` and `SGR 40` are black. */
export const COLORS = ['black', 'red', 'green', 'brown', 'blue', 'magenta', 'cyan', 'white'] as const;

/** A colour by its ANSI name; `default` is the terminal's own. */
export type CellColor = 'default' | (typeof COLORS)[number];

export interface Cell {
  char: string;
  color: { fg: CellColor; bg: CellColor; bold: boolean; reverse: boolean };
  /** Row of the menu's colour table the cell was painted with; `undefined` for a cell never written to. */
  element: number | undefined;
}

export const DEFAULT_COLOR: Cell['color'] = { fg: 'default', bg: 'default', bold: false, reverse: false };
const EMPTY: Cell = { char: ' ', color: DEFAULT_COLOR, element: undefined };

/** `[count, [foreground, background, bold, reverse]]`, with 0 and 1 for the flags. */
export type AttributeRun = [number, [CellColor, CellColor, 0 | 1, 0 | 1]];

/** A screen in the form tests and tools exchange: lines without trailing blanks, attributes as runs over each whole line. */
export interface ScreenJson {
  cols: number;
  rows: number;
  lines: string[];
  attrs: AttributeRun[][];
}

/** A screen of character cells; rows and columns count from 0. */
export class Screen {
  readonly rows: number;
  readonly columns: number;
  #cells: Cell[][];

  constructor(rows: number, columns: number) {
    this.rows = rows;
    this.columns = columns;
    this.#cells = Array.from({ length: rows }, () => new Array<Cell>(columns).fill(EMPTY));
  }

  /** The cells of a row; none for a row that is not there. */
  row(row: number): readonly Cell[] {
    return this.#cells[row] ?? [];
  }

  set(row: number, column: number, cell: Cell): void {
    const cells = this.#cells[row];
    if (cells && column >= 0 && column < this.columns) cells[column] = cell;
  }

  clear(cell = EMPTY): void {
    for (const cells of this.#cells) cells.fill(cell);
  }

  scrollUp(): void {
    this.#cells.shift();
    this.#cells.push(new Array<Cell>(this.columns).fill(EMPTY));
  }

  /** The text of each row, without blanks at its end. */
  lines(): string[] {
    return this.#cells.map((cells) =>
      cells
        .map(({ char }) => char)
        .join('')
        .trimEnd(),
    );
  }

  toJSON(): ScreenJson {
    return { cols: this.columns, rows: this.rows, lines: this.lines(), attrs: this.#cells.map(runs) };
  }
}

function runs(cells: readonly Cell[]): AttributeRun[] {
  const out: AttributeRun[] = [];
  let last: Cell['color'] | undefined;
  for (const { color } of cells) {
    const run = out.at(-1);
    if (run && last && sameColor(last, color)) run[0]++;
    else out.push([1, [color.fg, color.bg, color.bold ? 1 : 0, color.reverse ? 1 : 0]]);
    last = color;
  }
  return out;
}

/** Whether two cells are painted alike. */
export function sameColor(a: Cell['color'], b: Cell['color']): boolean {
  return a === b || (a.fg === b.fg && a.bg === b.bg && a.bold === b.bold && a.reverse === b.reverse);
}
