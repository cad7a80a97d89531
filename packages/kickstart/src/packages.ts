import { type Line, skipSpace, splitWords, trimEnd, type Word } from './lex.js';
import type { TemplateSpan } from './templates.js';
import type { PackageEntry, PackageKind } from './tree.js';

const HASH = 35;

/** Reads a line of `%packages`: one entry a line, `#` begins a comment anywhere, white space inside a name belongs to it. */
export function packageEntry(
  text: string,
  line: Line,
  stretch: { start: number; end: number; raw: string },
  templates: readonly TemplateSpan[],
): PackageEntry {
  const hash = commentStart(text, line, templates);
  const entryStart = skipSpace(text, line.start, hash);
  const entryEnd = trimEnd(text, entryStart, hash);
  let at = entryStart;
  const exclude = text[at] === '-';
  if (exclude) at++;
  let kind: PackageKind = 'package';
  if (text.startsWith('@^', at)) {
    kind = 'environment';
    at += 2;
  } else if (text[at] === '@') {
    kind = 'group';
    at++;
  }
  let name = text.slice(at, entryEnd);
  let options: Word[] = [];
  if (kind === 'group') {
    const { words } = splitWords(text, at, entryEnd, { comments: false });
    options = words.filter((word) => word.raw.startsWith('--'));
    const isOption = (word: Word) => word.raw.length > 2 && ('--nodefaults'.startsWith(word.raw) || '--optional'.startsWith(word.raw));
    if (options.some(isOption))
      name = words
        .filter((word) => !isOption(word))
        .map((word) => word.raw)
        .join(' ');
  }
  const entry: PackageEntry = { type: 'entry', ...stretch, kind, exclude, name, entryStart, entryEnd, options };
  if (hash < line.end) entry.comment = { start: hash, end: line.end, raw: text.slice(hash, line.end) };
  if (templates.length > 0) entry.template = true;
  return entry;
}

function commentStart(text: string, line: Line, templates: readonly TemplateSpan[]): number {
  let span = 0;
  for (let at = line.start; at < line.end; at++) {
    if (text.charCodeAt(at) !== HASH) continue;
    while (span < templates.length && (templates[span] as TemplateSpan).end <= at) span++;
    const here = templates[span];
    if (here === undefined || here.start > at) return at;
    at = here.end - 1;
  }
  return line.end;
}
