import type { Fix, Range, Severity } from '@pxekit/diagnostics';
import type { CommandView } from '../read-options.js';
import type { Document, Section } from '../tree.js';

/** A named set of rules. `strict` holds all of them. */
export type Preset = 'recommended' | 'strict' | 'unattended' | 'security';

/** A rule of the linter. Its code is its name: `ks/undefined-reference`. */
export interface Rule {
  code: `ks/${string}`;
  severity: Severity;
  /** Presets that hold it, `strict` apart. */
  presets: readonly Exclude<Preset, 'strict'>[];
  /** What is wrong, in one line. */
  summary: string;
  /** Why it matters and what to do, for the rules page. */
  docs: string;
  /** A file the rule finds fault with, for the rules page; a test runs it. */
  example: string;
  run(context: LintContext): void;
}

/** A finding before it has its code and severity. */
export interface Finding {
  start: number;
  end: number;
  message: string;
  fix?: Fix;
  related?: { start: number; end: number; message: string }[];
}

/** What a rule sees. */
export interface LintContext {
  document: Document;
  text: string;
  /** Release the file is for, when it is known. */
  release: string | undefined;
  /** All commands of the top level, in order. */
  commands: readonly CommandView[];
  sections: readonly Section[];
  /** Commands of one kind, aliases included. */
  find(canonical: string): readonly CommandView[];
  /** Commands of several kinds, in the order of the text. */
  findAll(canonical: readonly string[]): readonly CommandView[];
  /** What a function makes of the file, worked out once for all rules that ask. */
  once<T>(make: (context: LintContext) => T): T;
  /**
   * Whether a command that is not there is really missing. It is not when an include or a template may bring it, or when the file looks
   * like a fragment that others include and the preset `unattended` does not say that it is to install by itself.
   */
  whole: boolean;
  report(finding: Finding): void;
  range(start: number, end: number): Range;
}
