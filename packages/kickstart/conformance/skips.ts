/** Vectors that say nothing about this package, or that we know to differ; each with its reason. */
export const SKIPS: readonly {
  suite: string;
  test: (row: { exc?: string; nth?: number; syntax?: unknown; results?: unknown }) => boolean;
  reason: string;
}[] = [
  { suite: 'file', test: ({ nth = 1 }) => nth > 1, reason: 'depends on what an earlier parse of the same handler left behind' },
  {
    suite: 'file',
    test: ({ exc }) => exc === 'KickstartError',
    reason: 'an included file cannot be opened: reading files is not part of the check',
  },
  {
    suite: 'file',
    test: ({ exc }) => exc === 'KickstartParseWarning',
    reason: 'the test turned a warning into an error; pykickstart itself accepts the text',
  },
  { suite: 'matrix', test: ({ results }) => results === undefined, reason: 'the row has no verdicts, the line cannot be split into words' },
];
