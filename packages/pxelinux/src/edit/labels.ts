import type { TextEdit } from '@pxekit/diagnostics';
import { DIRECTIVES } from '../known.js';
import type { Document } from '../lines.js';
import { type ConfigNode, nodeText } from '../nodes.js';
import { firstWord, type LabelBlock, type Outline, outline as outlineOf, type Statement } from '../outline.js';
import { edited, encoded, endOf, findLabel, type Input, insertLines, needLabel } from './apply.js';
import { inheritedAppend } from './inherit.js';
import { replaceValue } from './settings.js';
import { eolOf, labelHead, labelLine } from './style.js';
import { checkLabelName, checkOptions, checkValue, WriteError } from './writable.js';

/** Lines that belong to the label they stand in, beside those that count in labels only. */
const OWNED = new Set([
  'APPEND',
  'SYSAPPEND',
  'IPAPPEND',
  'MENU LABEL',
  'MENU DEFAULT',
  'MENU PASSWD',
  'MENU SAVE',
  'MENU NOSAVE',
  'MENU IMMEDIATE',
  'MENU NOIMMEDIATE',
]);

function owns(name: string): boolean {
  const info = DIRECTIVES.get(name);
  return info === undefined || info.scope === 'label' || OWNED.has(name);
}

/** Whether a statement belongs to the label it stands in; LABEL itself does not. */
export function isLabelStatement({ name, label }: Statement): boolean {
  return label !== undefined && name !== 'LABEL' && owns(name);
}

/** The nodes a label is made of, as a stretch of `document.nodes`. */
interface Unit {
  /** Index of the first node: a comment right above the LABEL line, or that line. */
  from: number;
  /** Index of its last own node. */
  to: number;
}

function unitOf(document: Document, label: LabelBlock): Unit {
  const { nodes } = document;
  const head = nodes.findIndex((node) => node.offset === label.statement.node.offset);
  let from = head;
  while (nodes[from - 1]?.type === 'comment') from--;
  const last = label.body.findLast(({ name }) => owns(name))?.node.offset ?? label.statement.node.offset;
  const to = nodes.findIndex((node) => node.offset === last);
  return { from, to };
}

/** Blank lines after a unit go with it when it is removed, unless nothing else would part its neighbours. */
function blanksAfter(nodes: readonly ConfigNode[], to: number): number {
  let end = to;
  while (nodes[end + 1]?.type === 'blank') end++;
  return end;
}

export interface NewLabel {
  name: string;
  /** Directives in order, such as `['KERNEL', 'vmlinuz']`; those without a value have `''`. */
  lines: readonly (readonly [directive: string, value: string])[];
}

function checkLines({ name, lines }: NewLabel): void {
  checkLabelName(name);
  for (const [directive, value] of lines) {
    const info = DIRECTIVES.get(directive.toUpperCase());
    if (!info || directive.toUpperCase() === 'LABEL')
      throw new WriteError(`${directive} is no directive of a label`, 'PXELINUX_UNWRITABLE');
    if (value !== '' || info.value !== 'none') checkValue(directive, value);
  }
  const find = (wanted: string) => lines.find(([directive]) => directive.toUpperCase() === wanted)?.[1] ?? '';
  const options = find('APPEND');
  if (options !== '' && options !== '-') checkOptions(find('KERNEL') || find('LINUX'), options);
}

/**
 * Adds a label, after the last one of the first menu or where `place` says.
 *
 * @throws {WriteError} `PXELINUX_LABEL_EXISTS`, `PXELINUX_NO_LABEL`, or what the loader would misread.
 */
export function addLabel<I extends Input>(
  document: Document<I>,
  label: NewLabel,
  place: { before?: string; after?: string } = {},
): Document<I> {
  checkLines(label);
  const outline = outlineOf(document);
  if (findLabel(outline, label.name)) throw new WriteError(`There is a label "${label.name}" already`, 'PXELINUX_LABEL_EXISTS');
  const eol = eolOf(document);
  const model = outline.labels.find(({ body }) => body.length > 0);
  const lines = [
    labelHead(outline, label.name),
    ...label.lines.map(([directive, value]) => labelLine(outline, model, directive.toUpperCase(), value)),
  ].map((line) => encoded(document, line));
  const { nodes } = document;
  let edit: TextEdit;
  if (place.before !== undefined) {
    const unit = unitOf(document, needLabel(outline, place.before));
    const apart = nodes[unit.from - 1]?.type === 'blank' ? [''] : [];
    edit = insertLines(document, nodes[unit.from]!.offset, [...lines, ...apart], eol);
  } else {
    const after =
      place.after === undefined ? outline.labels.findLast(({ statement }) => statement.depth === 0) : needLabel(outline, place.after);
    const at = after ? endOf(nodes[unitOf(document, after).to]!) : document.text.length;
    edit = insertLines(document, at, [...(separated(document, outline) ? [''] : []), ...lines], eol);
  }
  const result = edited(document, [edit]);
  if (!findLabel(outlineOf(result), label.name)) {
    throw new WriteError('The label would fall into a TEXT block that is not closed', 'PXELINUX_UNWRITABLE');
  }
  return result;
}

/** Whether labels stand apart by blank lines. */
function separated(document: Document, { labels }: Outline): boolean {
  const last = labels.at(-1);
  if (!last) return document.text !== '';
  const { from } = unitOf(document, last);
  return from > 0 && document.nodes[from - 1]?.type === 'blank';
}

/**
 * Removes a label with its comment. Global directives that stand inside it stay.
 *
 * @throws {WriteError} `PXELINUX_NO_LABEL`.
 */
export function removeLabel<I extends Input>(document: Document<I>, name: string): Document<I> {
  const label = needLabel(outlineOf(document), name);
  const { nodes } = document;
  const { from, to } = unitOf(document, label);
  const kept = new Set(label.body.filter(({ name }) => !owns(name)).map(({ node }) => node.offset));
  const keepsSome = nodes.slice(from, to + 1).some(({ offset }) => kept.has(offset));
  const edits: TextEdit[] = [];
  for (const node of nodes.slice(from, (keepsSome ? to : blanksAfter(nodes, to)) + 1)) {
    if (!kept.has(node.offset)) edits.push({ start: node.offset, end: endOf(node), newText: '' });
  }
  return edited(document, edits);
}

const REFERENCES = new Set(['DEFAULT', 'ONTIMEOUT', 'ONERROR', 'MENU ONERROR']);

/**
 * Renames a label, and the DEFAULT, ONTIMEOUT and ONERROR lines that name it.
 *
 * @throws {WriteError} `PXELINUX_NO_LABEL`, `PXELINUX_LABEL_EXISTS`; `PXELINUX_UNWRITABLE` for a name with blanks, and for a
 * label without a KERNEL line, for its name is the file it boots.
 */
export function renameLabel<I extends Input>(document: Document<I>, name: string, newName: string): Document<I> {
  checkLabelName(newName);
  const outline = outlineOf(document);
  const label = needLabel(outline, name);
  if (findLabel(outline, newName)) throw new WriteError(`There is a label "${newName}" already`, 'PXELINUX_LABEL_EXISTS');
  if (!label.body.some(({ name }) => BOOTS.has(name))) {
    throw new WriteError(`The label "${name}" has no KERNEL line: its name is the file it boots`, 'PXELINUX_UNWRITABLE');
  }
  const edits = [replaceValue(label.statement, encoded(document, newName))];
  for (const statement of outline.statements) {
    if (!REFERENCES.has(statement.name) || firstWord(statement.value) !== label.word) continue;
    const start = statement.valueOffset;
    edits.push({ start, end: start + label.word.length, newText: encoded(document, newName) });
  }
  return edited(document, edits);
}

/** What says what an entry does, so that its name does not. */
const BOOTS = new Set([
  ...['KERNEL', 'LINUX', 'BOOT', 'BSS', 'PXE', 'FDIMAGE', 'COMBOOT', 'COM32', 'CONFIG', 'LOCALBOOT'],
  ...['MENU GOTO', 'MENU EXIT', 'MENU QUIT', 'MENU HELP', 'MENU DISABLE', 'MENU DISABLED'],
]);

/**
 * Puts labels into another order: the ones named take the places that they have now, in the order given. Others stay.
 *
 * @throws {WriteError} `PXELINUX_NO_LABEL`; `PXELINUX_UNWRITABLE` when a label would get another global APPEND or another menu.
 */
export function reorderLabels<I extends Input>(document: Document<I>, names: readonly string[]): Document<I> {
  const outline = outlineOf(document);
  const labels = names.map((name) => needLabel(outline, name));
  const places = [...new Set(labels)].sort((a, b) => a.statement.node.offset - b.statement.node.offset);
  if (places.length !== labels.length) throw new WriteError('A label is named twice', 'PXELINUX_UNWRITABLE');
  const stretch = (label: LabelBlock) => {
    const { from, to } = unitOf(document, label);
    const nodes = document.nodes.slice(from, to + 1);
    const text = nodes
      .map(nodeText)
      .join('')
      .replace(/\r?\n$/, '');
    return { start: nodes[0]!.offset, text };
  };
  const edits = places.map((place, i) => {
    const { start, text } = stretch(place);
    return { start, end: start + text.length, newText: stretch(labels[i]!).text };
  });
  const result = edited(document, edits);
  const after = outlineOf(result);
  for (const label of labels) {
    const now = needLabel(after, label.name);
    if (now.statement.menu !== label.statement.menu || inheritedAppend(after, now)?.value !== inheritedAppend(outline, label)?.value) {
      throw new WriteError(`"${label.name}" would move to another menu, or get another global APPEND`, 'PXELINUX_UNWRITABLE');
    }
  }
  return result;
}
