import { type Argument, argumentsOf } from '../arguments.js';
import { BOOT_KEYWORDS } from '../known.js';
import type { Document } from '../lines.js';
import { type LabelBlock, lastOf, type Outline, outline as outlineOf, type Statement } from '../outline.js';
import { byteLength, edited, encoded, endOf, type Input, insertLines, needLabel } from './apply.js';
import { effectiveAppend, inheritedAppend } from './inherit.js';
import { replaceValue } from './settings.js';
import { eolOf, labelLine } from './style.js';
import { checkOptions, formatArgument, WriteError } from './writable.js';

/** The options of an APPEND; none for `-`. */
function optionsOf(statement: Statement | undefined): string {
  return statement === undefined || statement.rawValue === '-' ? '' : statement.value;
}

/**
 * The kernel arguments that a label's APPEND gives, or the global APPEND where it has none. What SYSAPPEND and INITRD add is not
 * among them. Offsets count in the value.
 *
 * @throws {WriteError} `PXELINUX_NO_LABEL`.
 */
export function getArguments(document: Document, label: string): Argument[] {
  const outline = outlineOf(document);
  return argumentsOf(optionsOf(effectiveAppend(outline, needLabel(outline, label))));
}

/**
 * The value of a label's kernel argument: the last one, which is the one most programs take. `true` for one without a `=`.
 *
 * @throws {WriteError} `PXELINUX_NO_LABEL`.
 */
export function getArgument(document: Document, label: string, name: string): string | true | undefined {
  const last = getArguments(document, label).findLast((argument) => argument.name === name);
  return last && (last.value ?? true);
}

/** Options with an argument in place of all of its name; at the end when there was none. */
function replaced(options: string, name: string, texts: readonly string[]): string {
  const words = argumentsOf(options).filter((word) => word.name === name);
  const [first, ...others] = words;
  if (!first) return [options, ...texts].filter((part) => part !== '').join(' ');
  let result = options;
  for (const { start, end } of others.reverse()) result = withoutWord(result, start, end);
  if (texts.length === 0) return withoutWord(result, first.start, first.end);
  return result.slice(0, first.start) + texts.join(' ') + result.slice(first.end);
}

/** Text without a word and the blanks that set it apart. */
function withoutWord(text: string, start: number, end: number): string {
  const before = text.slice(0, start).trimEnd();
  const after = text.slice(end);
  return before === '' ? after.trimStart() : before + after;
}

function kernelOf(label: LabelBlock): string {
  return lastOf(label, BOOT_KEYWORDS)?.value ?? label.word;
}

/**
 * Writes a label's options. Where the label has no APPEND of its own it gets one, for what is in the global one would change other
 * labels.
 */
function writeOptions<I extends Input>(document: Document<I>, outline: Outline, label: LabelBlock, options: string): Document<I> {
  if (options !== '') checkOptions(kernelOf(label), options, (text) => byteLength(document, text));
  const own = lastOf(label, 'APPEND');
  const inherits = optionsOf(inheritedAppend(outline, label)) !== '';
  if (own) {
    if (options !== '') return edited(document, [replaceValue(own, options)]);
    if (inherits) return edited(document, [replaceValue(own, '-')]);
    return edited(document, [{ start: own.node.offset, end: endOf(own.node), newText: '' }]);
  }
  const line = labelLine(outline, label, 'APPEND', options === '' ? '-' : options);
  const kernel = label.body.findLast(({ name }) => BOOT_KEYWORDS.has(name) || name === 'INITRD') ?? label.statement;
  return edited(document, [insertLines(document, endOf(kernel.node), [line], eolOf(document))]);
}

/**
 * Sets one kernel argument of a label: in place of those of its name, else at the end. `true` writes it without a value; an array
 * writes it several times, such as for `console`. A value with blanks is put in quotes, which the kernel knows and the loader
 * passes on. `initrd` is set where the label has it, in INITRD or in APPEND.
 *
 * @throws {WriteError} `PXELINUX_NO_LABEL`; `PXELINUX_UNWRITABLE`, `PXELINUX_INITRD` and `PXELINUX_TOO_LONG` for what would not be
 * read back.
 */
export function setArgument<I extends Input>(
  document: Document<I>,
  label: string,
  name: string,
  value: string | true | readonly string[],
): Document<I> {
  const outline = outlineOf(document);
  const block = needLabel(outline, label);
  const values = typeof value === 'object' ? value : [value];
  const texts = values.map((one) => encoded(document, formatArgument(name, one)));
  const effective = effectiveAppend(outline, block);
  const options = optionsOf(effective);
  if (name === 'initrd') {
    const [only] = values;
    if (values.length !== 1 || typeof only !== 'string' || only === '') {
      throw new WriteError('The loader reads one initrd=; name several files in it, with commas', 'PXELINUX_INITRD');
    }
    const line = lastOf(block, 'INITRD');
    if (line && !options.includes('initrd=')) return edited(document, [replaceValue(line, encoded(document, only))]);
  }
  const changed = replaced(options, name, texts);
  return changed === options && effective?.label === block ? document : writeOptions(document, outline, block, changed);
}

/**
 * Removes all kernel arguments of a name from a label. Where the label got them from the global APPEND, it gets an APPEND of its
 * own with the others.
 *
 * @throws {WriteError} `PXELINUX_NO_LABEL`.
 */
export function removeArgument<I extends Input>(document: Document<I>, label: string, name: string): Document<I> {
  const outline = outlineOf(document);
  const block = needLabel(outline, label);
  const options = optionsOf(effectiveAppend(outline, block));
  const left = replaced(options, name, []);
  return left === options ? document : writeOptions(document, outline, block, left);
}
