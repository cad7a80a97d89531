import { readWords } from '../arguments.js';
import { trimEnd } from '../lex.js';
import { inRange } from '../releases/releases.js';
import { END_REQUIRED } from '../releases/sections.js';
import type { ErrorNode, Include, PackageEntry, Section, SectionLine } from '../tree.js';
import type { CheckContext } from './context.js';
import { acceptErrata } from './errata.js';
import { checkInstallerSection } from './installer.js';
import { reportExtras, reportProblems, reportUses } from './report.js';

/** Checks the header, the lines and the end of a section. */
export function checkSection(section: Section, context: CheckContext): void {
  const { header, kind, close } = section;
  if (kind === 'unknown') {
    context.error('ks/unknown-section', header.name, `${context.title} has no section "${header.name.value}"`);
    if (context.asPykickstart) return;
  }
  checkInstallerSection(section, context);
  checkHeader(section, context);
  for (const node of section.body) {
    if (node.type === 'entry') checkEntry(node, context);
    else if (node.type === 'include') checkInclude(node, context);
  }
  if (close === undefined) {
    if (inRange(END_REQUIRED, context.release)) reportMissingEnd(section, context);
  } else {
    reportWordError(close, context);
    if (kind === 'certificate' && isEmpty(section)) context.error('ks/empty-section', close.name, 'The certificate is missing');
  }
}

function checkHeader({ header, name }: Section, context: CheckContext): void {
  const spec = context.table.sections.get(name);
  if (spec === undefined) return;
  const before = context.diagnostics.length;
  const read = acceptErrata(readWords(header.args, spec.options), header.name.value, context);
  reportProblems(read, header, context);
  reportUses(read.options, context);
  reportExtras(read.extras, header.name.value, context);
  if (spec.warns)
    context.warn(
      'ks/section-to-be-removed',
      header.name,
      `"${header.name.value}" still works in ${context.title}; a later release drops it`,
    );
  if (name !== 'certificate' || context.diagnostics.length > before) return;
  const given = ['--dir', '--type'].filter((option) => read.options.some((use) => use.name === option && use.value !== ''));
  if (given.length === 0) context.error('ks/missing-option', header.name, '"%certificate" needs "--dir" or "--type"');
}

function isEmpty(section: Section): boolean {
  return section.body.every((node) => (node.type !== 'text' && node.type !== 'ksappend') || trimEnd(node.raw, 0, node.raw.length) === 0);
}

/** pykickstart names the line on which it gave up; people want the section that is open. */
function reportMissingEnd(section: Section, context: CheckContext): void {
  const { name } = section.header;
  const message = `"${name.value}" has no "%end"`;
  if (!context.asPykickstart) {
    context.error('ks/missing-end', name, message);
    return;
  }
  const { text } = context.document.source;
  const last = section.end === text.length && section.raw.length > 0 ? section.end - 1 : section.end;
  context.error('ks/missing-end', { start: last, end: last }, message);
}

function reportWordError(line: Pick<SectionLine, 'error' | 'end'>, context: CheckContext): void {
  if (line.error === undefined) return;
  const at = { start: line.error.at, end: line.error.at + 1 };
  if (line.error.kind === 'unclosed-quote') context.error('ks/unclosed-quote', at, 'The quote is not closed');
  else context.error('ks/dangling-escape', at, 'The backslash has nothing after it');
}

/** A `%include` line; whether the file is there is not a matter of the language. */
export function checkInclude(include: Include, context: CheckContext): void {
  if (include.error !== undefined) reportWordError(include, context);
  else if (include.target === undefined || include.target.value === '') {
    context.error('ks/missing-include', include.name, '"%include" needs a path or a URL');
  }
}

/** A line of `%packages`. */
function checkEntry(entry: PackageEntry, context: CheckContext): void {
  if (entry.template) return;
  const at = { start: entry.entryStart, end: entry.entryEnd };
  if (entry.exclude && entry.entryEnd === entry.entryStart + 1) {
    context.error('ks/empty-package', at, 'A name must follow the "-"');
    return;
  }
  if (entry.kind !== 'group' || entry.exclude) return;
  const written = { nodefaults: false, optional: false };
  const { text } = context.document.source;
  // pykickstart splits a group line at blanks and knows no quotes there.
  for (const word of text.slice(entry.entryStart + 1, entry.entryEnd).split(/\s+/)) {
    const [name = '', value] = word.split(/=(.*)/s);
    if (word === '--') break;
    if (!name.startsWith('--')) continue;
    const options = (['nodefaults', 'optional'] as const).filter((option) => option.startsWith(name.slice(2)));
    if (options.length > 1) context.error('ks/ambiguous-option', at, `"${name}" could be any of --nodefaults, --optional`);
    else if (options[0] !== undefined && value !== undefined) context.error('ks/unexpected-value', at, `"--${options[0]}" takes no value`);
    else if (options[0] !== undefined) written[options[0]] = true;
  }
  if (written.nodefaults && written.optional) context.error('ks/option-conflict', at, '"--nodefaults" and "--optional" exclude each other');
}

/** A line that could not be read. */
export function checkErrorNode(node: ErrorNode, context: CheckContext): void {
  const first = node.words[0];
  switch (node.kind) {
    case 'unclosed-quote':
      context.error('ks/unclosed-quote', { start: node.at, end: node.at + 1 }, 'The quote is not closed');
      break;
    case 'dangling-escape':
      context.error('ks/dangling-escape', { start: node.at, end: node.at + 1 }, 'The backslash has nothing after it');
      break;
    case 'stray-end':
      context.error('ks/stray-end', first ?? node, '"%end" stands outside any section');
      break;
    case 'unknown-section':
      context.error('ks/unknown-section', first ?? node, `${context.title} has no section "${first?.value}"`);
      break;
  }
}
