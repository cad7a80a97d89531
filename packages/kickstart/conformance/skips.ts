import type { CaseRow, MatrixRow } from './vectors.js';

type Row = Partial<CaseRow> & Partial<MatrixRow>;

/** Vectors that say nothing about this package, or that we know to differ; each with its reason. */
export const SKIPS: readonly { suite: string; test: (row: Row) => boolean; reason: string }[] = [
  { suite: 'file', test: ({ nth = 1 }) => nth > 1, reason: 'depends on what an earlier parse of the same handler left behind' },
  {
    suite: 'file',
    test: ({ exc }) => exc === 'KickstartError',
    reason: 'an included file cannot be opened: reading files is not part of the check',
  },
  {
    suite: 'file',
    test: ({ exc }) => exc === 'KickstartParseWarning',
    reason: 'the test turned a warning into an error; pykickstart accepts the text',
  },
  {
    suite: 'file',
    test: ({ opts, expect, input = '' }) => opts?.followIncludes === true && expect === 'error' && input.includes('%include /tmp/'),
    reason: 'the error is in an included file that is not among the vectors',
  },
  {
    suite: 'file',
    test: ({ errorsCount = 0, expect }) => expect === 'ok' && errorsCount > 0,
    reason: 'errors were counted and not raised, among them warnings that ksvalidator counts as errors',
  },
  { suite: 'matrix', test: ({ results }) => results === undefined, reason: 'the row has no verdicts: the line cannot be split into words' },
];
