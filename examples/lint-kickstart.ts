import { check, lint, parse } from '@pxekit/kickstart';

/** Everything to know about a ks.cfg before it meets a release: language errors first, then advice. */
export function review(text: string, release: string): string[] {
  const document = parse(text, { name: 'ks.cfg' });
  return [...check(document, { release }), ...lint(document, { release })].map(
    ({ code, severity, message, range }) => `${range.start.line}:${range.start.column} ${severity} ${code} ${message}`,
  );
}
