import { endsOddly, type Word } from './lex.js';
import { LINE_ENDS, quoteOption, quoteWord } from './quote.js';
import { readOptions, readSectionOptions } from './read-options.js';
import type { BodyNode, Command, Document, Include, KsAppend, Node, PackageEntry, Section, SectionLine, TrailingComment } from './tree.js';

/**
 * A file in one style, with the same meaning and all of its comments: one blank between words, options as `--name=value` and in full,
 * quotes only where they are needed, line feeds, at most one empty line in a row and one before every section, `%end` where it is
 * missing. Scripts and other raw bodies stay as they are, line ends apart. Formatting twice changes nothing more.
 */
export function format(document: Document): string {
  const lines: string[] = [];
  for (const node of document.children) {
    if (node.type === 'section') lines.push(...formatSection(node, lines));
    else add(lines, formatNode(node));
  }
  while (lines.at(-1) === '') lines.pop();
  const text = lines.map((line, index) => ended(line, lines[index - 1])).join('');
  const last = document.children.at(-1);
  // A line end behind a backslash that escapes nothing would become what it escapes.
  return last?.type === 'error' && last.kind === 'dangling-escape' ? text.slice(0, -1) : text;
}

/**
 * Line ends of the installer that are no white space to its tokenizer: they belong to the last word of their line, so the line keeps
 * its own. A lone carriage return at the end of a script stays as well.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: three of them end lines
const OWN_END = /[\r\v\f\u001c-\u001e\u0085\u2028\u2029]$/;

function ended(line: string, before?: string): string {
  const text = OWN_END.test(line) ? line : `${line}\n`;
  // A line feed behind a carriage return would be one line end with it, and no empty line.
  return before?.endsWith('\r') ? text.replace(/^\n/, '\r') : text;
}

/** Adds a line; empty ones neither at the beginning nor twice in a row. */
function add(lines: string[], line: string): void {
  if (line !== '' || (lines.length > 0 && lines.at(-1) !== '')) lines.push(line);
}

function formatNode(node: Exclude<Node, Section> | BodyNode): string {
  if (KEEP_ODD.has(node.type) && endsOddly(node.raw)) return node.raw;
  switch (node.type) {
    case 'blank':
      return '';
    case 'comment':
      return node.raw.trim();
    case 'command':
      return formatCommandNode(node);
    case 'include':
    case 'ksappend':
      return formatInclude(node);
    case 'entry':
      return formatEntry(node);
    default:
      return node.raw.replace(/(?<!\r)\r\n/g, '\n').replace(/\n$/, '');
  }
}

const KEEP_ODD = new Set<string>(['command', 'include', 'ksappend']);

function formatCommandNode(command: Command): string {
  return withComment([formatWord(command.name), ...formatArguments(command.args, readOptions(command).options)], command.comment);
}

/** Options with their values in one word, everything else word by word, in the order as written. */
function formatArguments(args: readonly Word[], options: ReturnType<typeof readOptions>['options']): string[] {
  const byWord = new Map(options.map((use) => [use.word, use]));
  const values = new Set(options.map(({ valueWord }) => valueWord));
  return args.flatMap((word) => {
    if (values.has(word)) return [];
    const use = byWord.get(word);
    if (use === undefined) return [formatWord(word)];
    if (use.template || LINE_ENDS.test(use.value ?? '')) return [word.raw + (use.valueWord ? `=${use.valueWord.raw}` : '')];
    if (use.value === '' && use.valueWord === undefined) return [`${use.spelling}=`];
    return [quotable(use.spelling) ? quoteOption(use.spelling, use.value) : formatWord(word)];
  });
}

const quotable = (name: string) => /^--[\w.-]+$/.test(name);

/** A backslash in front of a line end takes it into the word; quotes could not. */
function formatWord(word: Word): string {
  return word.template || LINE_ENDS.test(word.value) ? word.raw : quoteWord(word.value);
}

function withComment(words: readonly string[], comment?: TrailingComment): string {
  return comment === undefined ? words.join(' ').replace(/\n$/, '') : [...words, comment.raw.trim()].join(' ');
}

function formatInclude({ name, target, extra, comment }: Include | KsAppend): string {
  return withComment([name, ...(target ? [target] : []), ...extra].map(formatWord), comment);
}

/** The name of an entry is taken with every blank in it, so it is not touched. */
function formatEntry({ raw, start, entryStart, entryEnd, comment }: PackageEntry): string {
  // `%post#x` is a name, `%post #x` a section.
  if (raw[entryStart - start] === '%') return raw.trim();
  return withComment([raw.slice(entryStart - start, entryEnd - start)], comment);
}

function formatSection(section: Section, before: readonly string[]): string[] {
  const lines: string[] = [];
  const last = before.at(-1);
  if (last !== undefined && last !== '' && !last.startsWith('#')) lines.push('');
  const { header, body, close, kind } = section;
  const words = () => [formatWord(header.name), ...formatArguments(header.args, readSectionOptions(section).options)];
  lines.push(endsOddly(header.raw) ? header.raw : withComment(words(), header.comment));
  if (kind === 'packages') {
    const inner: string[] = [];
    for (const node of body) add(inner, formatNode(node));
    while (inner.at(-1) === '') inner.pop();
    lines.push(...inner);
  } else {
    for (const node of body) lines.push(formatNode(node));
  }
  lines.push(close === undefined ? '%end' : formatClose(close));
  return lines;
}

/** Words behind `%end` are read without comments, so they stay as they are. */
function formatClose({ raw }: SectionLine): string {
  return raw.trim();
}
