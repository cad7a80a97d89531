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

/** Findings of `lint`, and those of `check` that say the same when they begin at the same place. */
const DOUBLES: Readonly<Record<string, readonly string[]>> = {
  'ks/outdated': [
    'ks/unknown-option',
    'ks/removed-command',
    'ks/deprecated-command',
    'ks/command-to-be-removed',
    'ks/deprecated-option',
    'ks/option-to-be-removed',
  ],
  'ks/conflicting-partitioning': ['ks/command-conflict'],
  'ks/several-install-sources': ['ks/command-conflict'],
  'ks/missing-end': ['ks/stray-end'],
};

/**
 * Everything there is to say about a file: `check` and `lint` together, in the order of the text. Where both find the same thing at the
 * same place it is said once, with the worse severity, and with the fix and the advice of `lint`.
 */
export function diagnose(document: Document, options: DiagnoseOptions = {}): Diagnostic[] {
  const { release, strictness } = options;
  const checked = release === undefined ? [] : withoutSuppressed(document, check(document, { release, ...(strictness && { strictness }) }));
  const linted = lint(document, options);
  if (checked.length === 0) return linted;
  if (linted.length === 0) return checked;
  const byPlace = new Map<string, Diagnostic>();
  const byStart = new Map<number, Diagnostic[]>();
  for (const diagnostic of checked) {
    const start = diagnostic.range.start.offset;
    const others = byStart.get(start);
    if (others) others.push(diagnostic);
    else byStart.set(start, [diagnostic]);
    byPlace.set(place(diagnostic), diagnostic);
  }
  const merged = [...checked];
  for (const diagnostic of linted) {
    const same = byPlace.get(place(diagnostic));
    const double = byStart.get(diagnostic.range.start.offset)?.find(({ code }) => DOUBLES[diagnostic.code]?.includes(code));
    if (same && same.url === undefined) {
      const severity = RANK[same.severity] < RANK[diagnostic.severity] ? same.severity : diagnostic.severity;
      Object.assign(same, { ...diagnostic, severity, range: same.range });
    } else if (double) {
      // What is outdated is told with what takes its place.
      const message = diagnostic.code === 'ks/outdated' ? `${double.message}. ${diagnostic.message}` : double.message;
      Object.assign(double, { message, ...(diagnostic.fix && { fix: diagnostic.fix }), url: diagnostic.url });
    } else {
      merged.push(diagnostic);
    }
  }
  return merged.sort(compareDiagnostics);
}

function place({ code, range }: Diagnostic): string {
  return `${code} ${range.start.line}`;
}
