import type { TextEdit } from './edit.js';
import type { Range } from './source.js';

/** `error`: it will not do what it says. `warning`: it may not. `info`: worth knowing. */
export type Severity = 'error' | 'warning' | 'info';

/** A change that settles a diagnostic. */
export interface Fix {
  /** What the change does, in the imperative: `Put a blank before "initrd="`. */
  title: string;
  edits: TextEdit[];
}

/** Another place that has to do with a diagnostic, such as the first of two definitions. */
export interface RelatedRange {
  message: string;
  range: Range;
  /** Name of the source when it is another one. */
  source?: string;
}

/** One finding in a text. `code` is stable and listed in `docs/errors.md`; test it, never the message. */
export interface Diagnostic {
  code: string;
  severity: Severity;
  message: string;
  range: Range;
  /** Name of the source the range lies in. */
  source?: string;
  fix?: Fix;
  related?: RelatedRange[];
  /** Page that explains the code. */
  url?: string;
}

const RANK: Record<Severity, number> = { error: 0, warning: 1, info: 2 };

/** Orders by place, then by severity (worst first), then by code. */
export function compareDiagnostics(a: Diagnostic, b: Diagnostic): number {
  return (
    a.range.start.offset - b.range.start.offset || RANK[a.severity] - RANK[b.severity] || (a.code < b.code ? -1 : a.code > b.code ? 1 : 0)
  );
}

/** How many diagnostics there are of each severity. */
export function countBySeverity(diagnostics: readonly Diagnostic[]): Record<Severity, number> {
  const counts: Record<Severity, number> = { error: 0, warning: 0, info: 0 };
  for (const { severity } of diagnostics) counts[severity]++;
  return counts;
}
