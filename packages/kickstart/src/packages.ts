import { type Line, skipSpace, splitWords, trimEnd, type Word } from './lex.js';
import type { TemplateSpan } from './templates.js';
import type { PackageEntry, PackageKind } from './tree.js';

const HASH = 35;
const MINUS = 45;
const AT = 64;
const CARET = 94;

const MARKS: Readonly<Record<PackageKind, string>> = { package: '', group: '@', environment: '@^' };

const NO_WORDS: readonly Word[] = [];

/** Reads a line of `%packages`: one entry a line, `#` begins a comment anywhere, white space inside a name belongs to it. */
export function packageEntry(text: string, line: Line, templates: readonly TemplateSpan[]): PackageEntry {
  const hash = commentStart(text, line, templates);
  const entryStart = skipSpace(text, line.start, hash);
  const entryEnd = trimEnd(text, entryStart, hash);
  const exclude = text.charCodeAt(entryStart) === MINUS;
  const marked = exclude ? entryStart + 1 : entryStart;
  const kind = kindAt(text, marked);
  let name = text.slice(marked + MARKS[kind].length, entryEnd);
  let options = NO_WORDS;
  if (kind === 'group') {
    const { words } = splitWords(text, marked + 1, entryEnd, { comments: false });
    options = words.filter(({ raw }) => raw.startsWith('--'));
    if (options.some(isGroupOption)) {
      const named = words.filter((word) => !isGroupOption(word));
      name = named.map(({ raw }) => raw).join(' ');
    }
  }
  return {
    type: 'entry',
    start: line.start,
    end: line.next,
    raw: text.slice(line.start, line.next),
    kind,
    exclude,
    name,
    entryStart,
    entryEnd,
    options,
    comment: hash < line.end ? { start: hash, end: line.end, raw: text.slice(hash, line.end) } : undefined,
    template: templates.length > 0 || undefined,
  };
}

function kindAt(text: string, at: number): PackageKind {
  if (text.charCodeAt(at) !== AT) return 'package';
  return text.charCodeAt(at + 1) === CARET ? 'environment' : 'group';
}

/** Whether a word behind a group is an option that groups have, perhaps in short. */
export function isGroupOption({ raw }: Word): boolean {
  return raw.length > 2 && ('--nodefaults'.startsWith(raw) || '--optional'.startsWith(raw));
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
