import type { TextEdit } from '@pxekit/diagnostics';
import type { Document } from '../lines.js';
import { firstWord, type Outline, outline as outlineOf, type Statement } from '../outline.js';
import { edited, encoded, endOf, findLabel, type Input, insertLines, needLabel } from './apply.js';
import { eolOf, globalLine, labelLine } from './style.js';
import { checkValue, WriteError } from './writable.js';

/** Replaces a statement's value, and the blanks after it. */
export function replaceValue(statement: Statement, value: string): TextEdit {
  const { node, valueOffset } = statement;
  const start = statement.value === '' ? node.offset + node.indent.length + node.keyword.length : valueOffset;
  const end = valueOffset + statement.value.length + node.trailing.length;
  return { start, end, newText: statement.value === '' ? ` ${value}` : value };
}

/** What a menu begins with; a TEXT block would swallow what is put after its first line. */
const ENDS_HEADER = /^(LABEL|MENU BEGIN|(MENU )?INCLUDE|TEXT\b.*)$/;

/** Where a global line goes that is not there yet: after the last one before the menu begins. */
function headerEnd(document: Document, outline: Outline): number {
  const body = outline.statements.findIndex(({ name }) => ENDS_HEADER.test(name));
  const header = outline.statements.slice(0, body === -1 ? undefined : body);
  const last = header.at(-1);
  if (last) return endOf(last.node);
  const first = document.nodes.find(({ type }) => type !== 'comment');
  return first ? first.offset : document.text.length;
}

/** DEFAULT is one for all menus; the others belong to the menu they stand in. */
function setGlobal<I extends Input>(document: Document<I>, name: string, text: string): Document<I> {
  checkValue(name, text);
  const value = encoded(document, text);
  const outline = outlineOf(document);
  const last = outline.statements.findLast((statement) => statement.name === name && (name === 'DEFAULT' || statement.depth === 0));
  if (last) return last.value === value && last.node.trailing === '' ? document : edited(document, [replaceValue(last, value)]);
  const line = globalLine(outline, name, value);
  return edited(document, [insertLines(document, headerEnd(document, outline), [line], eolOf(document))]);
}

/** Whether the menu is started by DEFAULT, so that a label in DEFAULT would boot without a menu. */
function menuByDefault({ statements }: Outline): boolean {
  const last = statements.findLast(({ name }) => name === 'DEFAULT');
  return last !== undefined && /\.c32$/i.test(firstWord(last.value)) && !statements.some(({ name }) => name === 'UI');
}

/** Moves MENU DEFAULT to a label. */
function setMenuDefault<I extends Input>(document: Document<I>, outline: Outline, name: string): Document<I> {
  const label = needLabel(outline, name);
  const edits: TextEdit[] = [];
  let there = false;
  for (const other of outline.labels) {
    if (other.statement.menu !== label.statement.menu) continue;
    for (const { name, node } of other.body) {
      if (name !== 'MENU DEFAULT') continue;
      if (other === label) there = true;
      else edits.push({ start: node.offset, end: endOf(node), newText: '' });
    }
  }
  if (!there) {
    const line = labelLine(outline, label, 'MENU DEFAULT', '');
    edits.push(insertLines(document, endOf(label.statement.node), [line], eolOf(document)));
  }
  return edited(document, edits);
}

/**
 * Makes a label the one that boots when nobody chooses. Where DEFAULT starts the menu, MENU DEFAULT is set instead, for a label
 * in DEFAULT would replace the menu.
 *
 * @throws {WriteError} `PXELINUX_NO_LABEL` when the file has no such label and includes no other that might.
 */
export function setDefault<I extends Input>(document: Document<I>, name: string): Document<I> {
  const outline = outlineOf(document);
  const includes = outline.statements.some(({ name }) => name === 'INCLUDE' || name === 'MENU INCLUDE');
  const label = findLabel(outline, name);
  if (!label && !includes) needLabel(outline, name);
  if (label && menuByDefault(outline)) return setMenuDefault(document, outline, name);
  if (label && label.word !== label.name) {
    throw new WriteError(`DEFAULT cannot name the label "${label.name}": the menu looks for one without blanks`, 'PXELINUX_UNWRITABLE');
  }
  return setGlobal(document, 'DEFAULT', label?.word ?? name);
}

/**
 * Sets the timeout of the boot prompt and of the first menu.
 *
 * @param tenths Tenths of a second; 0 waits for ever.
 */
export function setMenuTimeout<I extends Input>(document: Document<I>, tenths: number): Document<I> {
  if (!Number.isInteger(tenths) || tenths < 0) {
    throw new WriteError(`A timeout is a whole number of tenths of a second, not ${tenths}`, 'PXELINUX_UNWRITABLE');
  }
  return setGlobal(document, 'TIMEOUT', String(tenths));
}

/** Sets the title of the first menu. */
export function setMenuTitle<I extends Input>(document: Document<I>, title: string): Document<I> {
  return setGlobal(document, 'MENU TITLE', title);
}
