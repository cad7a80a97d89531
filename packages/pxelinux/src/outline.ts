import { nameEnd, nameOf, skipBlanks } from './directive.js';
import { isBlank, type LineTable } from './line-table.js';
import type { Document } from './lines.js';
import type { DirectiveLine } from './nodes.js';
import { WordCache } from './word-cache.js';

/** A directive with the label it stands in. Its text is read from the document's when asked for, because large files have many. */
export class Statement {
  readonly #table: LineTable;
  readonly #row: number;
  /** Name in upper case with single blanks between its words, as `directiveOf` gives it. */
  readonly name: string;
  /** Offset of `value` in the document's text. */
  readonly valueOffset: number;
  /** The open label; `undefined` outside of labels. A LABEL stands in the one it opens. */
  readonly label: LabelBlock | undefined;
  /** Which menu it stands in: 0 for the first, a number of its own for each MENU BEGIN. */
  readonly menu: number;
  /** How many MENU BEGIN are open; a MENU BEGIN and its MENU END count as inside. */
  readonly depth: number;

  constructor(
    table: LineTable,
    row: number,
    name: string,
    valueOffset: number,
    label: LabelBlock | undefined,
    menu: number,
    depth: number,
  ) {
    this.#table = table;
    this.#row = row;
    this.name = name;
    this.valueOffset = valueOffset;
    this.label = label;
    this.menu = menu;
    this.depth = depth;
  }

  /** Number of its line. */
  get line(): number {
    return this.#table.number(this.#row);
  }

  /** Offset of its keyword. */
  get start(): number {
    return this.#table.keyword(this.#row);
  }

  /** Offset at which its value ends. */
  get end(): number {
    return this.#table.valueEnd(this.#row);
  }

  get hasValue(): boolean {
    return this.valueOffset < this.end;
  }

  /** What follows the name, without the blanks around it. */
  get value(): string {
    return this.#table.text.slice(this.valueOffset, this.end);
  }

  /** The value with the blanks after it, as menu.c32 keeps it. */
  get rawValue(): string {
    return this.#table.text.slice(this.valueOffset, this.#table.end(this.#row));
  }

  get node(): DirectiveLine {
    return this.#table.directive(this.#row);
  }
}

/** A LABEL and everything up to where the loaders record it. */
export class LabelBlock {
  readonly #statements: readonly Statement[];
  readonly #at: number;

  /** The label whose LABEL is the statement `at` that number. */
  constructor(statements: readonly Statement[], at: number) {
    this.#statements = statements;
    this.#at = at;
  }

  get statement(): Statement {
    return this.#statements[this.#at] as Statement;
  }

  /** Its name to menu.c32: the rest of the line. */
  get name(): string {
    return this.statement.rawValue;
  }

  /** Its name to the core: the first word. */
  get word(): string {
    return firstWord(this.statement.value);
  }

  get body(): Statement[] {
    const from = this.#at + 1;
    let to = from;
    while (this.#statements[to]?.label === this) to++;
    return this.#statements.slice(from, to);
  }
}

/** What records the open label; a tagged INCLUDE does so, too, but for menu.c32 only. */
const CLOSES_LABEL = new Set(['MENU BEGIN', 'MENU END', 'MENU SEPARATOR']);

/** A file as a list of statements in labels, without its includes. */
export interface Outline {
  statements: readonly Statement[];
  labels: readonly LabelBlock[];
  byName: ReadonlyMap<string, readonly Statement[]>;
  /** The TEXT that no ENDTEXT closes. */
  unclosedText: Statement | undefined;
}

export function outline({ lines, text }: Document): Outline {
  const statements: Statement[] = [];
  const labels: LabelBlock[] = [];
  const byName = new Map<string, Statement[]>();
  const names = new WordCache(nameOf);
  const open = [0];
  let menus = 0;
  let label: LabelBlock | undefined;
  let unclosedText: Statement | undefined;
  for (let row = 0; row < lines.length; row++) {
    if (!lines.isDirective(row)) continue;
    const keywordEnd = lines.keywordEnd(row);
    const valueEnd = lines.valueEnd(row);
    const end = nameEnd(text, lines.keyword(row), keywordEnd, valueEnd);
    const name = names.read(text, lines.keyword(row), end);
    if (name === 'LABEL') {
      label = new LabelBlock(statements, statements.length);
      labels.push(label);
    } else if (CLOSES_LABEL.has(name)) label = undefined;
    if (name === 'MENU BEGIN') open.push(++menus);
    const valueOffset = end === keywordEnd ? lines.value(row) : skipBlanks(text, end, valueEnd);
    const statement = new Statement(lines, row, name, valueOffset, label, open.at(-1) ?? 0, open.length - 1);
    if (name === 'MENU END' && open.length > 1) open.pop();
    statements.push(statement);
    const same = byName.get(name);
    if (same) same.push(statement);
    else byName.set(name, [statement]);
    if (!lines.opensText(row)) continue;
    row++;
    if (row === lines.length) unclosedText = statement;
  }
  return { statements, labels, byName, unclosedText };
}

/** The statements of a name, in the order of the file. */
export function named({ byName }: Outline, name: string): readonly Statement[] {
  return byName.get(name) ?? [];
}

/** The statement of a line. */
export function statementAt({ statements }: Outline, line: number): Statement | undefined {
  let low = 0;
  let high = statements.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((statements[middle] as Statement).line < line) low = middle + 1;
    else high = middle;
  }
  return statements[low]?.line === line ? statements[low] : undefined;
}

/** Text up to the first blank. */
export function firstWord(text: string): string {
  let end = 0;
  while (end < text.length && !isBlank(text.charCodeAt(end))) end++;
  return text.slice(0, end);
}

/** The last statement of a name in a label: the one that counts. */
export function lastOf(label: LabelBlock, name: string | ReadonlySet<string>): Statement | undefined {
  return label.body.findLast((statement) => (typeof name === 'string' ? statement.name === name : name.has(statement.name)));
}
