import { compareDiagnostics, type Diagnostic } from '@pxekit/diagnostics';
import type { Strictness } from './check/context.js';
import { check } from './check.js';
import { type LintOptions, lint } from './lint/lint.js';
import { withoutSuppressed } from './lint/suppress.js';
import type { Release } from './releases/releases.js';
import type { Document } from './tree.js';

export interface DiagnoseOptions extends LintOptions {
  /** Without a release only the linter speaks. */
  release?: Release;
  /** See `check`. Default: `default`. */
  strictness?: Strictness;
}

const RANK = { error: 0, warning: 1, info: 2 };

/**
 * Everything there is to say about a file: `check` and `lint` together, in the order of the text. Where both find the same thing on the
 * same line it is said once, with the worse severity and the better fix.
 */
export function diagnose(document: Document, options: DiagnoseOptions = {}): Diagnostic[] {
  const { release, strictness } = options;
  const checked = release === undefined ? [] : withoutSuppressed(document, check(document, { release, ...(strictness && { strictness }) }));
  const linted = lint(document, options);
  if (checked.length === 0) return linted;
  if (linted.length === 0) return checked;
  const byPlace = new Map<string, Diagnostic>();
  const merged: Diagnostic[] = [];
  for (const diagnostic of [...checked, ...linted]) {
    const place = `${diagnostic.code} ${diagnostic.range.start.line}`;
    const before = byPlace.get(place);
    const fromBoth = before !== undefined && (before.url === undefined) !== (diagnostic.url === undefined);
    if (before === undefined || !fromBoth) {
      byPlace.set(place, diagnostic);
      merged.push(diagnostic);
      continue;
    }
    const severity = RANK[before.severity] < RANK[diagnostic.severity] ? before.severity : diagnostic.severity;
    Object.assign(before, { ...diagnostic, severity, range: before.range });
  }
  return merged.sort(compareDiagnostics);
}
