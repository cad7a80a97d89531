import { type Line, skipSpace, splitWords, trimEnd, type Word } from './lex.js';
import type { TemplateSpan } from './templates.js';
import type { PackageEntry, PackageKind } from './tree.js';

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
  let at = line.start;
  for (;;) {
    const hash = text.indexOf('#', at);
    if (hash === -1 || hash >= line.end) return line.end;
    const span = templates.find((candidate) => candidate.start <= hash && hash < candidate.end);
    if (span === undefined) return hash;
    at = span.end;
  }
}
