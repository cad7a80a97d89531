import { type Directive, directiveOf } from './directive.js';
import type { DirectiveLine, Document, TextBlock } from './lines.js';

/** A directive with the label it stands in. */
export interface Statement extends Directive {
  node: DirectiveLine;
  /** The open label; `undefined` outside of labels. */
  label: LabelBlock | undefined;
  /** The value with the blanks after it, as menu.c32 keeps it. */
  rawValue: string;
  /** How many MENU BEGIN are open; a MENU BEGIN and its MENU END count as inside. */
  depth: number;
  /** Which menu it stands in: 0 for the first, a number of its own for each MENU BEGIN. */
  menu: number;
}

/** A LABEL and everything up to where the loaders record it. */
export interface LabelBlock {
  statement: Statement;
  /** Its name to menu.c32: the rest of the line. */
  name: string;
  /** Its name to the core: the first word. */
  word: string;
  body: Statement[];
}

/** A file as a list of statements in labels, without its includes. */
export interface Outline {
  statements: readonly Statement[];
  labels: readonly LabelBlock[];
  texts: readonly TextBlock[];
}

/** What records the open label; a tagged INCLUDE does so, too, but for menu.c32 only. */
const CLOSES_LABEL = new Set(['MENU BEGIN', 'MENU END', 'MENU SEPARATOR']);

export function outline(document: Document): Outline {
  const statements: Statement[] = [];
  const labels: LabelBlock[] = [];
  const texts: TextBlock[] = [];
  let label: LabelBlock | undefined;
  const open: number[] = [0];
  let menus = 0;
  for (const entry of document.nodes) {
    if (entry.type === 'blank' || entry.type === 'comment') continue;
    if (entry.type === 'text') texts.push(entry);
    const node = entry.type === 'text' ? entry.open : entry;
    const directive = directiveOf(node);
    if (directive.name === 'MENU BEGIN') open.push(++menus);
    const menu = open.at(-1) ?? 0;
    const statement: Statement = { ...directive, node, label, rawValue: directive.value + node.trailing, depth: open.length - 1, menu };
    if (directive.name === 'MENU END' && open.length > 1) open.pop();
    statements.push(statement);
    if (directive.name === 'LABEL') {
      label = { statement, name: statement.rawValue, word: firstWord(directive.value), body: [] };
      statement.label = label;
      labels.push(label);
    } else if (CLOSES_LABEL.has(directive.name)) {
      label = undefined;
      statement.label = undefined;
    } else label?.body.push(statement);
  }
  return { statements, labels, texts };
}

/** Text up to the first blank. */
export function firstWord(text: string): string {
  let end = 0;
  while (end < text.length && text.charCodeAt(end) > 0x20 && text.charCodeAt(end) !== 0x7f) end++;
  return text.slice(0, end);
}

/** The last statement of a name in a label: the one that counts. */
export function lastOf(label: LabelBlock, name: string | ReadonlySet<string>): Statement | undefined {
  return label.body.findLast((statement) => (typeof name === 'string' ? statement.name === name : name.has(statement.name)));
}
