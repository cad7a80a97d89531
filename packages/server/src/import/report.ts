import type { TextEdit } from '@pxekit/diagnostics';
import type { ConfigInput } from '../config/schema.js';

/** What became of a statement: `unsupported` has no counterpart here and is lost. */
export type Verdict = 'kept' | 'changed' | 'not-needed' | 'unsupported';

/** What became of one statement, and where it went or why it is not needed. */
export type Outcome = readonly [verdict: Verdict, note: string];

/** One statement of the old file and what became of it. */
export interface ImportedStatement {
  /** Counts from 1. */
  line: number;
  /** The statement as written, on one line. */
  statement: string;
  verdict: Verdict;
  /** Where it went, or why it is not needed. */
  note: string;
}

/** A fault of the old file that the importer read through. */
export interface ImportProblem {
  line: number;
  column: number;
  code: 'import/missing-blank' | 'import/syntax' | 'import/invalid-value';
  message: string;
  fix?: { title: string; edits: TextEdit[] };
}

/** A part of `pxekit.yaml` made from one file of the classic set-up, with the account of every statement. */
export interface ImportResult {
  config: ConfigInput;
  statements: ImportedStatement[];
  problems: ImportProblem[];
}
