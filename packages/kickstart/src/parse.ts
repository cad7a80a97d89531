import { firstWord, type Line, lineAt, skipSpace, splitWords, startOfIndent } from './lex.js';
import { packageEntry } from './packages.js';
import { KickstartSource } from './source.js';
import { findTemplates, type TemplateOption, type TemplateSpan } from './templates.js';
import type { Blank, BodyNode, Comment, Document, Include, KsAppend, Node, SectionKind, SectionLine, Template } from './tree.js';

export interface ParseOptions {
  /** Name shown in diagnostics. Default: `<text>`. */
  name?: string;
  /** Template languages to keep opaque. Default: `auto`. */
  templates?: TemplateOption;
}

const SECTIONS: ReadonlyMap<string, SectionKind> = new Map<string, SectionKind>([
  ['%packages', 'packages'],
  ['%pre', 'script'],
  ['%pre-install', 'script'],
  ['%post', 'script'],
  ['%onerror', 'script'],
  ['%traceback', 'script'],
  ['%certificate', 'certificate'],
  ['%addon', 'addon'],
  ['%anaconda', 'anaconda'],
]);

/** What else is looked for at the beginning of each line of a section. */
const INNER: ReadonlySet<string> = new Set(['%end', '%include', '%ksappend']);

/** A line of a section that begins with a word of the language. */
interface Keyword {
  word: string;
  line: SectionLine;
}

const HASH = 35;
const PERCENT = 37;

/**
 * Reads a kickstart file into a tree that loses nothing: `serialize(parse(text)) === text` for every text.
 *
 * Never throws. What cannot be read becomes an `error` node of one line; a section without `%end` stops at the next section header.
 */
export function parse(text: string, { name, templates = 'auto' }: ParseOptions = {}): Document {
  const source = new KickstartSource(text, name === undefined ? {} : { name });
  const parser = new Parser(text, findTemplates(text, templates));
  return { type: 'document', source, children: parser.document(), templates: parser.templates };
}

class Parser {
  readonly templates: TemplateSpan[];
  readonly #text: string;
  #at = 0;
  #span = 0;
  /** Where the section that begins before this offset would stop, so that a run of unknown headers is searched once. */
  #boundary: { at: number; closed: boolean } | undefined;

  constructor(text: string, templates: TemplateSpan[]) {
    this.#text = text;
    this.templates = templates;
  }

  document(): Node[] {
    const nodes: Node[] = [];
    while (this.#at < this.#text.length) nodes.push(this.#topLevel(lineAt(this.#text, this.#at)));
    return nodes;
  }

  #topLevel(line: Line): Node {
    const trivia = this.#trivia(line);
    if (trivia !== undefined) return trivia;
    const templates = this.#spansIn(line);
    const { start, end, next } = line;
    // The line end belongs to what is split, since a backslash before it escapes it.
    const { words, comment: hash, error } = splitWords(this.#text, start, next, templates.length > 0 ? { templates } : undefined);
    const name = words[0];
    const raw = this.#take(next);
    if (error !== undefined || name === undefined) {
      return { type: 'error', start, end: next, raw, kind: error?.kind ?? 'unclosed-quote', at: error?.at ?? start, words };
    }
    const comment = hash === undefined ? undefined : { start: hash, end, raw: this.#text.slice(hash, end) };
    const args = words.slice(1);
    if (name.value.charCodeAt(0) !== PERCENT) return { type: 'command', start, end: next, raw, name, args, comment };
    const read: SectionLine = { start, end: next, raw, name, args, comment, error };
    return name.value === '%include' || name.value === '%ksappend' ? include(read) : this.#section(read);
  }

  /** A blank line, a comment, or lines that hold nothing but template statements. */
  #trivia({ start, end, next }: Line): Blank | Comment | Template | undefined {
    const first = skipSpace(this.#text, start, end);
    if (first === end) return { type: 'blank', start, end: next, raw: this.#take(next) };
    if (this.#text.charCodeAt(first) === HASH) return { type: 'comment', start, end: next, raw: this.#take(next) };
    const until = this.#templateLines(first, end, next);
    return until === undefined ? undefined : { type: 'template', start, end: until, raw: this.#take(until) };
  }

  /** The end of the lines from `at` when only template spans and blanks stand on them. */
  #templateLines(at: number, end: number, next: number): number | undefined {
    if (this.templates.length === 0) return undefined;
    let index = this.#spanFrom(at);
    for (;;) {
      const span = this.templates[index];
      if (
        span === undefined ||
        span.start !== at ||
        span.kind === 'at' ||
        span.kind === 'xcat' ||
        (span.kind === 'cheetah' && !this.#isSnippet(span))
      )
        return undefined;
      if (span.end > end) ({ end, next } = lineAt(this.#text, span.end));
      at = skipSpace(this.#text, span.end, end);
      index++;
      if (at === end) return next;
    }
  }

  #isSnippet(span: TemplateSpan): boolean {
    return this.#text.startsWith('$SNIPPET', span.start);
  }

  #section(header: SectionLine): Node {
    const { value, start: at } = header.name;
    const kind = SECTIONS.get(value) ?? 'unknown';
    const { start } = header;
    if (kind === 'unknown' && (value === '%end' || !this.#closes(header.end))) {
      const trouble = value === '%end' ? 'stray-end' : 'unknown-section';
      return { type: 'error', start, end: header.end, raw: header.raw, kind: trouble, at, words: [header.name, ...header.args] };
    }
    const body: BodyNode[] = [];
    const close = this.#body(kind, body);
    if (kind !== 'packages') this.#skipSpans();
    const end = this.#at;
    return { type: 'section', start, end, raw: this.#text.slice(start, end), kind, name: value.slice(1), header, body, close };
  }

  /** Reads to the section's `%end`, to the next header, or to the end of the text. */
  #body(kind: SectionKind, body: BodyNode[]): SectionLine | undefined {
    for (;;) {
      const found = kind === 'packages' ? this.#entries(body) : this.#lines(body);
      if (found === undefined || SECTIONS.has(found.word)) return undefined;
      this.#at = found.line.end;
      if (found.word === '%end') return found.line;
      body.push(include(found.line));
    }
  }

  /** The entries of `%packages` up to the next keyword. */
  #entries(body: BodyNode[]): Keyword | undefined {
    while (this.#at < this.#text.length) {
      const line = lineAt(this.#text, this.#at);
      const first = skipSpace(this.#text, line.start, line.end);
      const found = first < line.end && this.#text.charCodeAt(first) === PERCENT ? this.#keyword(line, first) : undefined;
      if (found !== undefined) return found;
      const trivia = this.#trivia(line);
      if (trivia === undefined) this.#at = line.next;
      body.push(trivia ?? packageEntry(this.#text, line, this.#spansIn(line)));
    }
    return undefined;
  }

  /** The lines of a script, an add-on or a certificate up to the next keyword, as one node. */
  #lines(body: BodyNode[]): Keyword | undefined {
    const start = this.#at;
    const found = this.#nextKeyword(start);
    const end = found?.line.start ?? this.#text.length;
    if (end > start) body.push({ type: 'text', start, end, raw: this.#take(end) });
    return found;
  }

  /** The next line from `from` that begins with a keyword. */
  #nextKeyword(from: number): Keyword | undefined {
    for (let at = this.#text.indexOf('%', from); at !== -1; at = this.#text.indexOf('%', at + 1)) {
      const start = startOfIndent(this.#text, at);
      const found = start === undefined ? undefined : this.#keyword(lineAt(this.#text, start), at);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #keyword({ start, end, next }: Line, first: number): Keyword | undefined {
    const word = firstWord(this.#text, first, end);
    if (!INNER.has(word) && !SECTIONS.has(word)) return undefined;
    const { words, error } = splitWords(this.#text, start, end, { comments: false });
    const [name = { start: first, end: first + word.length, raw: word, value: word }, ...args] = words;
    if (name.value !== word) return undefined;
    return { word, line: { start, end: next, raw: this.#text.slice(start, next), name, args, error } };
  }

  /** Whether `%end` comes before the next known section header. */
  #closes(from: number): boolean {
    if (this.#boundary === undefined || this.#boundary.at < from) {
      let found = this.#nextKeyword(from);
      while (found !== undefined && found.word !== '%end' && !SECTIONS.has(found.word)) found = this.#nextKeyword(found.line.end);
      this.#boundary = { at: found?.line.start ?? this.#text.length, closed: found?.word === '%end' };
    }
    return this.#boundary.closed;
  }

  #spansIn(line: Line): readonly TemplateSpan[] {
    if (this.templates.length === 0) return this.templates;
    const spans: TemplateSpan[] = [];
    for (let index = this.#spanFrom(line.start); index < this.templates.length; index++) {
      const span = this.templates[index] as TemplateSpan;
      if (span.start >= line.end) break;
      spans.push(span);
    }
    return spans;
  }

  /** Index of the first span that ends after `at`; `at` never goes back. */
  #spanFrom(at: number): number {
    while (this.#span < this.templates.length && (this.templates[this.#span] as TemplateSpan).end <= at) this.#span++;
    return this.#span;
  }

  /** What looks like a template in a script is the script's own business, and must not reach beyond it. */
  #skipSpans(): void {
    while (this.#span < this.templates.length && (this.templates[this.#span] as TemplateSpan).start < this.#at) this.#span++;
  }

  /** The text up to `end`, where the next line begins. */
  #take(end: number): string {
    const start = this.#at;
    this.#at = end;
    return this.#text.slice(start, end);
  }
}

function include({ start, end, raw, name, args, comment, error }: SectionLine): Include | KsAppend {
  const [target, ...extra] = args;
  if (name.value === '%include') return { type: 'include', start, end, raw, name, target, extra, comment, error };
  return { type: 'ksappend', start, end, raw, name, target, extra, comment };
}
