import type { Diagnostic, RelatedRange, Severity } from '@pxekit/diagnostics';
import type { OptionUse } from '../arguments.js';
import { type Release, releaseTitle } from '../releases/releases.js';
import { type ReleaseTable, releaseTable } from '../releases/table.js';
import type { Command, Document } from '../tree.js';
import type { CheckCode } from './codes.js';

export type Strictness = 'default' | 'pykickstart';

/** A stretch of the text that a finding is about. */
export interface Span {
  start: number;
  end: number;
}

/** What the checks of one run share: the table, what was seen before, and the findings so far. */
export class CheckContext {
  readonly diagnostics: Diagnostic[] = [];
  /** How many of them are errors. */
  errors = 0;
  readonly table: ReleaseTable;
  /** The release in words, for messages. */
  readonly title: string;
  /** The first good line of each command so far, by the command's usual name. */
  readonly seen = new Map<string, Command>();
  /** What was defined so far, such as mount points and users, by kind and name. */
  readonly defined = new Map<string, Command>();
  /** The multipath device that each path was given to. */
  readonly multipathDevices = new Map<string, string | undefined>();
  /** Options that pykickstart still holds from earlier lines, by command and option. */
  readonly kept = new Map<string, OptionUse>();

  constructor(
    readonly document: Document,
    readonly release: Release,
    readonly strictness: Strictness,
  ) {
    this.table = releaseTable(release);
    this.title = releaseTitle(release);
  }

  get asPykickstart(): boolean {
    return this.strictness === 'pykickstart';
  }

  error(code: CheckCode, at: Span, message: string, related?: { at: Span; message: string }): void {
    this.errors++;
    this.#report('error', code, at, message, related);
  }

  warn(code: CheckCode, at: Span, message: string, related?: { at: Span; message: string }): void {
    this.#report('warning', code, at, message, related);
  }

  #report(severity: Severity, code: CheckCode, at: Span, message: string, related?: { at: Span; message: string }): void {
    const { source } = this.document;
    const diagnostic: Diagnostic = { code, severity, message, range: source.range(at.start, at.end), source: source.name };
    if (related !== undefined) {
      const other: RelatedRange = { message: related.message, range: source.range(related.at.start, related.at.end) };
      diagnostic.related = [other];
    }
    this.diagnostics.push(diagnostic);
  }
}
