import { firstWord, type Line, lineAt, skipSpace, splitWords, type Word } from './lex.js';
import { packageEntry } from './packages.js';
import { KickstartSource } from './source.js';
import { findTemplates, type TemplateOption, type TemplateSpan } from './templates.js';
import type { BodyNode, Document, Include, KsAppend, Node, Section, SectionKind, SectionLine, TrailingComment } from './tree.js';

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
    while (this.#at < this.#text.length) {
      const line = lineAt(this.#text, this.#at);
      nodes.push(this.#topLevel(line));
    }
    return nodes;
  }

  #topLevel(line: Line): Node {
    const trivia = this.#trivia(line);
    if (trivia !== undefined) return trivia;
    const { words, comment, error } = this.#words(line);
    const first = words[0];
    if (error !== undefined || first === undefined) {
      return { type: 'error', ...this.#take(line.next), kind: error?.kind ?? 'unclosed-quote', at: error?.at ?? line.start, words };
    }
    if (first.value === '%include') return this.#include(line, words, comment);
    if (first.value === '%ksappend') return this.#ksAppend(line, words, comment);
    if (first.value.charCodeAt(0) === PERCENT) return this.#section(line, words, comment);
    return { type: 'command', ...this.#take(line.next), name: first, args: words.slice(1), ...withComment(comment) };
  }

  /** A blank line, a comment, or lines that hold nothing but template statements. */
  #trivia(line: Line): Node | undefined {
    const first = skipSpace(this.#text, line.start, line.end);
    if (first === line.end) return { type: 'blank', ...this.#take(line.next) };
    if (this.#text.charCodeAt(first) === HASH) return { type: 'comment', ...this.#take(line.next) };
    const end = this.#templateLines(first, line);
    return end === undefined ? undefined : { type: 'template', ...this.#take(end) };
  }

  /** The end of the lines from `at` when only template spans and blanks stand on them. */
  #templateLines(at: number, line: Line): number | undefined {
    if (this.templates.length === 0) return undefined;
    let end = line;
    let index = this.#spanFrom(at);
    for (;;) {
      const span = this.templates[index];
      if (span === undefined || span.start !== at || span.kind === 'at' || (span.kind === 'cheetah' && !this.#isSnippet(span)))
        return undefined;
      if (span.end > end.end) end = lineAt(this.#text, span.end);
      at = skipSpace(this.#text, span.end, end.end);
      index++;
      if (at === end.end) return end.next;
    }
  }

  #isSnippet(span: TemplateSpan): boolean {
    return this.#text.startsWith('$SNIPPET', span.start);
  }

  #include(line: Line, words: Word[], comment: TrailingComment | undefined, error?: Include['error']): Include {
    const [name, target, ...extra] = words as [Word, ...Word[]];
    return {
      type: 'include',
      ...this.#take(line.next),
      name,
      ...(target && { target }),
      extra,
      ...withComment(comment),
      ...(error && { error }),
    };
  }

  #ksAppend(line: Line, words: Word[], comment: TrailingComment | undefined): KsAppend {
    const [name, target, ...extra] = words as [Word, ...Word[]];
    return { type: 'ksappend', ...this.#take(line.next), name, ...(target && { target }), extra, ...withComment(comment) };
  }

  #section(line: Line, words: Word[], comment: TrailingComment | undefined): Node {
    const [name, ...args] = words as [Word, ...Word[]];
    const kind = SECTIONS.get(name.value) ?? 'unknown';
    if (kind === 'unknown') {
      const stray = name.value === '%end';
      if (stray || !this.#closes(line.next)) {
        return { type: 'error', ...this.#take(line.next), kind: stray ? 'stray-end' : 'unknown-section', at: name.start, words };
      }
    }
    const header: SectionLine = { ...this.#take(line.next), name, args, ...withComment(comment) };
    const body: BodyNode[] = [];
    const close = this.#body(kind, body);
    if (kind !== 'packages') this.#skipSpans();
    const section: Section = {
      type: 'section',
      start: header.start,
      end: this.#at,
      raw: this.#text.slice(header.start, this.#at),
      kind,
      name: name.value.slice(1),
      header,
      body,
    };
    if (close !== undefined) section.close = close;
    return section;
  }

  /** Reads to the section's `%end`, to the next header, or to the end of the text. */
  #body(kind: SectionKind, body: BodyNode[]): SectionLine | undefined {
    let textStart = this.#at;
    const flush = (end: number) => {
      if (end > textStart) body.push({ type: 'text', start: textStart, end, raw: this.#text.slice(textStart, end) });
    };
    while (this.#at < this.#text.length) {
      const line = lineAt(this.#text, this.#at);
      const first = skipSpace(this.#text, line.start, line.end);
      const word = this.#text.charCodeAt(first) === PERCENT && first < line.end ? firstWord(this.#text, first, line.end) : '';
      if (word === '%end' || word === '%include' || word === '%ksappend' || SECTIONS.has(word)) {
        const { words, error } = splitWords(this.#text, line.start, line.end, { comments: false });
        const name = words[0] ?? { start: first, end: first + word.length, raw: word, value: word };
        if (name.value === word) {
          if (kind !== 'packages') flush(line.start);
          if (SECTIONS.has(word)) return undefined;
          const args = words.slice(1);
          if (word === '%end') return { ...this.#take(line.next), name, args, ...(error && { error }) };
          const all = [name, ...args];
          body.push(word === '%include' ? this.#include(line, all, undefined, error) : this.#ksAppend(line, all, undefined));
          textStart = this.#at;
          continue;
        }
      }
      if (kind === 'packages') {
        body.push(
          (this.#trivia(line) as BodyNode | undefined) ?? packageEntry(this.#text, line, this.#take(line.next), this.#spansIn(line)),
        );
      } else {
        this.#at = line.next;
      }
    }
    if (kind !== 'packages') flush(this.#at);
    return undefined;
  }

  /** Whether `%end` comes before the next known section header. */
  #closes(from: number): boolean {
    if (this.#boundary === undefined || this.#boundary.at < from) {
      let at = from;
      this.#boundary = { at: this.#text.length, closed: false };
      while (at < this.#text.length) {
        const line = lineAt(this.#text, at);
        const first = skipSpace(this.#text, line.start, line.end);
        const word = this.#text.charCodeAt(first) === PERCENT && first < line.end ? firstWord(this.#text, first, line.end) : '';
        if (word === '%end' || SECTIONS.has(word)) {
          this.#boundary = { at, closed: word === '%end' };
          break;
        }
        at = line.next;
      }
    }
    return this.#boundary.closed;
  }

  #words(line: Line): { words: Word[]; comment?: TrailingComment; error?: SectionLine['error'] } {
    const templates = this.templates.length === 0 ? undefined : this.#spansIn(line);
    // The line end belongs to what is split, since a backslash before it escapes it.
    const split = splitWords(this.#text, line.start, line.next, templates?.length ? { templates } : undefined);
    const comment =
      split.comment === undefined ? undefined : { start: split.comment, end: line.end, raw: this.#text.slice(split.comment, line.end) };
    return { words: split.words, ...withComment(comment), ...(split.error && { error: split.error }) };
  }

  #spansIn(line: Line): TemplateSpan[] {
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

  #take(end: number): { start: number; end: number; raw: string } {
    const start = this.#at;
    this.#at = end;
    return { start, end, raw: this.#text.slice(start, end) };
  }
}

function withComment(comment: TrailingComment | undefined): { comment?: TrailingComment } {
  return comment === undefined ? {} : { comment };
}
