import { applyEdits, type TextEdit } from '@pxekit/diagnostics';
import { endsOddly, firstWord, lineAt, skipSpace, type Word } from './lex.js';
import { parse } from './parse.js';
import { quoteOption, quoteWord } from './quote.js';
import { canonicalName, endBefore, type OptionUse, readOptions } from './read-options.js';
import { SECTIONS } from './releases/sections.js';
import type { Command, Document, Node, PackageEntry, Section } from './tree.js';
import {
  type CommandLine,
  formatCommand,
  formatOption,
  KickstartWriteError,
  type OptionValue,
  optionName,
  writableValue,
} from './write.js';

/**
 * Edits of a kickstart file. Each function gives the smallest change of text that does what it says and touches nothing else; apply them
 * with `applyEdits`, or with {@link edit} to get the new tree.
 */

/** The tree after some edits. */
export function edit(document: Document, edits: readonly TextEdit[]): Document {
  return parse(applyEdits(document.source.text, edits), { name: document.source.name });
}

/** All commands of one kind, aliases included: `findCommands(document, 'part')` finds `partition`, too. */
export function findCommands(document: Document, name: string): Command[] {
  const canonical = canonicalName(name);
  return document.children.filter((node): node is Command => node.type === 'command' && canonicalName(node.name.value) === canonical);
}

/** The uses of an option of a command, in order; the last one counts. Abbreviations and other spellings are found. */
export function findOptions(command: Command, name: string): OptionUse[] {
  const wanted = optionName(name);
  return readOptions(command).options.filter((use) => use.name === wanted || use.spelling === wanted);
}

/** All sections of one kind by their name without `%`: `post`, `packages`. */
export function findSections(document: Document, name: string): Section[] {
  return document.children.filter((node): node is Section => node.type === 'section' && node.name === name);
}

/** Sets an option to a value (`true` for a flag), in place where it is already there. `false` and `undefined` remove it. */
export function setOption(command: Command, name: string, value: OptionValue): TextEdit[] {
  if (value === undefined || value === false) return removeOption(command, name);
  const words = formatOption(command.name.value, name, value);
  const uses = findOptions(command, name);
  const last = uses.at(-1);
  if (last === undefined) {
    const at = endOfOptions(command);
    return [{ start: at, end: at, newText: words.map((word) => ` ${word}`).join('') }];
  }
  const earlier = uses.slice(0, -1).flatMap((use) => removeWords(command, use));
  if (words.length > 1 || value === true || last.value === undefined || Array.isArray(value)) {
    const newText = words.join(' ');
    return last.word.raw === newText && last.valueWord === undefined
      ? earlier
      : [...earlier, { start: last.start, end: wordEnd(last.valueWord ?? last.word), newText }];
  }
  const text = writableValue(value as string | number);
  if (last.value === text) return earlier;
  return [...earlier, valueEdit(last, text)];
}

/** Removes every use of an option, with the blanks before it. */
export function removeOption(command: Command, name: string): TextEdit[] {
  return findOptions(command, name).flatMap((use) => removeWords(command, use));
}

/** Gives an option another name and leaves its value as it is written. */
export function renameOption(use: OptionUse, to: string): TextEdit[] {
  const { word } = use;
  if (word.raw.startsWith(use.written)) return [{ start: word.start, end: word.start + use.written.length, newText: optionName(to) }];
  const value = use.valueWord === undefined ? use.value : undefined;
  return [{ start: word.start, end: word.end, newText: quoteOption(optionName(to), value) }];
}

/** Sets the n-th word that is no option, counted from 0; a word beyond the last one is added. */
export function setArgument(command: Command, index: number, value: string | number): TextEdit[] {
  const { positionals } = readOptions(command);
  const newText = quoteWord(writableValue(value));
  const word = positionals[index];
  if (word) return word.value === String(value) ? [] : [{ start: word.start, end: wordEnd(word), newText }];
  const at = wordEnd(positionals.at(-1) ?? command.name);
  return [{ start: at, end: at, newText: ` ${newText}` }];
}

/** Removes a node with its whole line or lines. */
export function removeNode(node: Node): TextEdit[] {
  return [{ start: node.start, end: node.end, newText: '' }];
}

/** Removes all commands of one kind. */
export function removeCommands(document: Document, name: string): TextEdit[] {
  return findCommands(document, name).flatMap(removeNode);
}

/** Replaces the words of a command and keeps its indentation, its comment and its line end. */
export function replaceCommand(command: Command, line: CommandLine): TextEdit[] {
  const start = command.name.start;
  const end = wordEnd(command.args.at(-1) ?? command.name);
  return [{ start, end, newText: formatCommand(line) }];
}

/** Makes a command stand once: replaces the last of its kind, removes the others, or inserts it where it belongs. */
export function setCommand(document: Document, line: CommandLine): TextEdit[] {
  const all = findCommands(document, line.name);
  const last = all.at(-1);
  if (last === undefined) return insertCommand(document, line);
  return [...all.slice(0, -1).flatMap(removeNode), ...replaceCommand(last, line)];
}

/** Inserts a command before or after a node; by default after the last one of its kind, else at the end of the command part. */
export function insertCommand(document: Document, line: CommandLine, where: { before?: Node; after?: Node } = {}): TextEdit[] {
  return insertLine(document, formatCommand(line), where.before?.start ?? where.after?.end ?? placeFor(document, line.name));
}

function placeFor(document: Document, name: string): number {
  const same = findCommands(document, name).at(-1);
  if (same) return same.end;
  const { children } = document;
  const firstSection = children.findIndex(({ type }) => type === 'section');
  const head = firstSection === -1 ? children : children.slice(0, firstSection);
  const neighbour = head.findLast(({ type }) => type === 'command') ?? children.findLast(({ type }) => type === 'command');
  if (neighbour) return neighbour.end;
  const first = children[firstSection];
  return first?.start ?? document.source.text.length;
}

/** Inserts a whole line at the beginning of a line or at the end of the text. */
function insertLine(document: Document, line: string, at: number): TextEdit[] {
  const { text } = document.source;
  const end = lineEnd(text);
  const open = at > 0 && !/[\n\r]/.test(text[at - 1] as string);
  return [{ start: at, end: at, newText: `${open ? end : ''}${line}${end}` }];
}

/** The line end a file uses. */
function lineEnd(text: string): string {
  const { end, next } = lineAt(text, 0);
  return text.slice(end, next) === '\r\n' ? '\r\n' : '\n';
}

/** Where a word ends without the line end that the installer takes for a part of it. */
function wordEnd({ raw, end }: Word): number {
  return endsOddly(raw) ? end - 1 : end;
}

function endOfOptions(command: Command): number {
  const separator = command.args.findIndex(({ value }) => value === '--');
  const before = separator === -1 ? command.args.at(-1) : command.args[separator - 1];
  return wordEnd(before ?? command.name);
}

function removeWords(command: Command, { start, word, valueWord }: OptionUse): TextEdit[] {
  const before = endBefore(command.name, command.args, start);
  return [{ start: before, end: wordEnd(valueWord ?? word), newText: '' }];
}

/** Puts another value behind an option, whatever its quotes. */
export function valueEdit(use: OptionUse, value: string): TextEdit {
  const { word, valueWord } = use;
  if (valueWord) return { start: valueWord.start, end: wordEnd(valueWord), newText: quoteWord(value) };
  if (!word.raw.startsWith(`${use.written}=`)) return { start: word.start, end: wordEnd(word), newText: quoteOption(use.spelling, value) };
  return { start: word.start + use.written.length + 1, end: wordEnd(word), newText: quoteWord(value) };
}

/**
 * Asks for packages, groups (`@core`), environments (`@^minimal-environment`), or excludes (`-vim`), one string each. What is asked for
 * already stays where it is; what the file excludes and is now asked for (or the other way round) changes on its own line.
 */
export function addPackages(document: Document, names: readonly string[]): TextEdit[] {
  const sections = findSections(document, 'packages');
  const entries = sections.flatMap(packageEntries);
  const edits: TextEdit[] = [];
  const lines: string[] = [];
  for (const name of new Set(names)) {
    const { exclude, key } = readName(name);
    const same = entries.findLast((entry) => keyOf(entry) === key);
    if (same === undefined) lines.push(name);
    else if (same.exclude !== exclude) edits.push({ start: same.entryStart, end: same.entryEnd, newText: name });
  }
  if (lines.length === 0) return edits;
  const { text } = document.source;
  const end = lineEnd(text);
  const section = sections.at(-1);
  if (section === undefined) return [...edits, ...insertLine(document, ['%packages', ...lines, '%end'].join(end), text.length)];
  const last = packageEntries(section).at(-1);
  const at = last?.end ?? section.header.end;
  const indent = last === undefined ? '' : text.slice(last.start, last.entryStart);
  const open = !/[\n\r]/.test(text[at - 1] as string);
  edits.push({ start: at, end: at, newText: (open ? end : '') + lines.map((line) => `${indent}${line}${end}`).join('') });
  return edits;
}

/** Takes packages, groups, environments or excludes out of all `%packages` sections. It does not exclude them: add `-name` for that. */
export function removePackages(document: Document, names: readonly string[]): TextEdit[] {
  const wanted = new Set(names.map((name) => `${readName(name).exclude}${readName(name).key}`));
  return findSections(document, 'packages')
    .flatMap(packageEntries)
    .filter((entry) => wanted.has(`${entry.exclude}${keyOf(entry)}`))
    .map(({ start, end }) => ({ start, end, newText: '' }));
}

function packageEntries({ body }: Section): PackageEntry[] {
  return body.filter((node): node is PackageEntry => node.type === 'entry');
}

const PREFIX = { package: '', group: '@', environment: '@^' };

function keyOf({ kind, name }: PackageEntry): string {
  return PREFIX[kind] + name;
}

function readName(name: string): { exclude: boolean; key: string } {
  if (name.trim() !== name || /[#]|^-?@?\^?$|^%/.test(name) || writableValue(name) !== name) {
    throw new KickstartWriteError('KS_UNWRITABLE_NAME', JSON.stringify(name));
  }
  const exclude = name.startsWith('-');
  return { exclude, key: exclude ? name.slice(1) : name };
}

/**
 * Puts another text between the header and the `%end` of a script, add-on or certificate.
 *
 * @throws {KickstartWriteError} when a line of the text would end the section
 */
export function replaceScript(document: Document, section: Section, script: string): TextEdit[] {
  if (section.kind === 'packages') throw new KickstartWriteError('KS_WRONG_NODE', 'Use addPackages and removePackages.');
  const body = scriptBody(script, lineEnd(document.source.text));
  const start = section.header.end;
  const open = /[\n\r]$/.test(section.header.raw) ? '' : lineEnd(document.source.text);
  return [{ start, end: section.close?.start ?? section.end, newText: open + body }];
}

const SECTION_NAMES = new Set(['%end', ...Object.keys(SECTIONS).map((name) => `%${name}`), '%addon', '%anaconda']);

/** A script as it may stand in a section: with a line end at its end, and without a line that ends the section. */
export function scriptBody(script: string, end = '\n'): string {
  for (let at = 0; at < script.length; ) {
    const line = lineAt(script, at);
    const word = firstWord(script, skipSpace(script, line.start, line.end), line.end);
    if (SECTION_NAMES.has(word)) throw new KickstartWriteError('KS_UNWRITABLE_SCRIPT', JSON.stringify(word));
    at = line.next;
  }
  return script === '' || /[\n\r]$/.test(script) ? script : script + end;
}
