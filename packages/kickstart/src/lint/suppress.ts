import type { Diagnostic } from '@pxekit/diagnostics';
import { lineAt } from '../lex.js';
import type { Document } from '../tree.js';

const MARK = 'pxekit-disable-next-line';
const COMMENT = /^[ \t]*#[ \t]*pxekit-disable-next-line\b[ \t]*([^\n]*)$/;

/**
 * The diagnostics that no comment switches off. `# pxekit-disable-next-line ks/plaintext-password` silences the codes it names on the next
 * line, and all codes when it names none; `ks/` may be left out. What stands after ` -- ` is a reason and is not read.
 */
export function withoutSuppressed(document: Document, diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const { source } = document;
  const { text } = source;
  const silenced = new Map<number, Set<string> | 'all'>();
  for (let at = text.indexOf(MARK); at !== -1; at = text.indexOf(MARK, at + MARK.length)) {
    const { line } = source.positionAt(at);
    const start = source.lineStart(line) as number;
    const found = COMMENT.exec(text.slice(start, lineAt(text, start).end));
    if (!found) continue;
    const codes = (found[1] as string)
      .split(' -- ', 1)[0]
      ?.split(/[\s,]+/)
      .filter(Boolean);
    silenced.set(line + 1, codes?.length ? new Set(codes) : 'all');
  }
  if (silenced.size === 0) return [...diagnostics];
  return diagnostics.filter(({ code, range }) => {
    const codes = silenced.get(range.start.line);
    return !(codes === 'all' || codes?.has(code) || codes?.has(code.slice('ks/'.length)));
  });
}
