import { isLabelStatement } from './edit/labels.js';
import { eolOf } from './edit/style.js';
import { BOOT_KEYWORDS, DIRECTIVES } from './known.js';
import { type Document, latin1ToBytes, parse } from './lines.js';
import { type ConfigNode, type DirectiveLine, nodeText } from './nodes.js';
import { outline, type Statement } from './outline.js';

export interface FormatOptions {
  /** Case of directives. Default: `upper`. */
  keywords?: 'upper' | 'lower' | 'keep';
  /** What each level is indented by. Default: two blanks. */
  indent?: string;
}

/** Lines that may come near the length at which the loaders split them are left as they are. */
const LONG = 1300;
/** Deepest level that still moves to the right. */
const MAX_LEVEL = 8;

/** Whether a line holds bytes by which the loaders end or split words otherwise than we do. */
function isOdd(line: DirectiveLine): boolean {
  const { indent, gap, value, trailing, keyword } = line;
  if (!/^[ \t]*$/.test(indent) || !/^[ \t]*$/.test(gap) || !/^[ \t]*$/.test(trailing)) return true;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return /[\u0000-\u0008\u000a-\u001f\u007f\u00a0]/.test(value) || keyword.includes('\u00a0');
}

/** Directives whose blanks count: SAY prints them, NOHALT is read two bytes too far. */
const BLANKS_COUNT = new Set(['SAY', 'NOHALT']);

class Formatter {
  readonly #options: Required<FormatOptions>;
  readonly #eol: string;
  readonly #statements: ReadonlyMap<number, Statement>;

  constructor(document: Document, { keywords = 'upper', indent = '  ' }: FormatOptions) {
    this.#options = { keywords, indent };
    this.#eol = eolOf(document);
    this.#statements = new Map(outline(document).statements.map((statement) => [statement.node.offset, statement]));
  }

  level(node: ConfigNode): number {
    const statement = this.#statements.get(node.offset);
    if (!statement) return 0;
    const opener = statement.name === 'MENU BEGIN' || (statement.name === 'MENU END' && statement.depth > 0);
    return Math.min(statement.depth - (opener ? 1 : 0) + (isLabelStatement(statement) ? 1 : 0), MAX_LEVEL);
  }

  line(line: DirectiveLine, level: number): string {
    const statement = this.#statements.get(line.offset);
    const info = statement && DIRECTIVES.get(statement.name);
    if (isOdd(line) || nodeText(line).length > LONG) return nodeText(line);
    const indent = this.#options.indent.repeat(level);
    if (!statement || !info) return `${indent}${line.keyword}${line.gap}${line.value}${line.trailing}${this.#eol}`;
    const isCut = (info.value === 'none' || info.value === 'number') && !BOOT_KEYWORDS.has(statement.name);
    const trailing = isCut ? '' : line.trailing;
    if (BLANKS_COUNT.has(statement.name)) return `${indent}${this.#case(line.keyword)}${line.gap}${line.value}${line.trailing}${this.#eol}`;
    const words = statement.name.split(' ').length;
    const name = [line.keyword, ...line.value.split(/[ \t]+/, words - 1)].map((word) => this.#case(word)).join(' ');
    const value = statement.value === '' ? '' : ` ${statement.value}`;
    return `${indent}${name}${value}${trailing}${this.#eol}`;
  }

  plain(node: ConfigNode, level: number): string {
    if (node.type === 'comment' && node.text.length < LONG)
      return `${this.#options.indent.repeat(level)}${node.text.trimEnd()}${this.#eol}`;
    return nodeText(node);
  }

  #case(word: string): string {
    const { keywords } = this.#options;
    return keywords === 'keep' ? word : keywords === 'upper' ? word.toUpperCase() : word.toLowerCase();
  }

  get eol(): string {
    return this.#eol;
  }
}

/**
 * The file in one style: directives in one case, labels and submenus indented, one blank between words, one blank line at most
 * in a row, one kind of line end. What the loaders make of it stays the same; blanks that count stay, help texts too.
 */
export function format<Input extends string | Uint8Array>(document: Document<Input>, options: FormatOptions = {}): Document<Input> {
  const formatter = new Formatter(document, options);
  const { nodes } = document;
  const out: string[] = [];
  let level = 0;
  let blank = true;
  // From the end, for a comment is indented as what follows it.
  for (let at = nodes.length - 1; at >= 0; at--) {
    const node = nodes[at] as ConfigNode;
    if (node.type === 'blank') {
      if (!blank) out.push(formatter.eol);
      blank = true;
      continue;
    }
    blank = false;
    if (node.type === 'comment') out.push(formatter.plain(node, level));
    else {
      level = formatter.level(node);
      if (node.type === 'directive') out.push(formatter.line(node, level));
      else out.push(formatter.line(node.open, level) + node.body + (node.close ? formatter.line(node.close, level) : ''));
    }
  }
  if (blank) out.pop();
  const text = out.reverse().join('');
  return parse(document.encoding === 'string' ? text : latin1ToBytes(text)) as Document<Input>;
}
