import type { Document } from '../lines.js';

/** Findings that comments in the file switch off. */
export type Suppressed = (code: string, line: number) => boolean;

const COMMENT = /^#\s*pxekit-(disable-next-line|disable|enable)(?:\s+(.*))?$/;

interface Mark {
  line: number;
  action: string;
  /** Rule names; empty for all. */
  codes: ReadonlySet<string>;
}

function covers({ codes }: Mark, code: string): boolean {
  return codes.size === 0 || codes.has(code) || codes.has(code.slice('pxelinux/'.length));
}

/**
 * Reads the comments `# pxekit-disable CODE…` (from here on), `# pxekit-enable CODE…` and `# pxekit-disable-next-line CODE…`.
 * Codes may stand without `pxelinux/`, apart by blanks or commas; none means all. What follows ` -- ` is a reason.
 */
export function suppressions(document: Document): Suppressed {
  const marks: Mark[] = [];
  if (!document.text.includes('pxekit-')) return () => false;
  for (const node of document.nodes) {
    if (node.type !== 'comment') continue;
    const found = COMMENT.exec(node.text.trimEnd());
    if (!found?.[1]) continue;
    const codes = (found[2] ?? '').split(/(?:^|\s)--(?:\s|$)/)[0] ?? '';
    marks.push({ line: node.line, action: found[1], codes: new Set(codes.split(/[\s,]+/).filter(Boolean)) });
  }
  return (code, line) => {
    let off = false;
    for (const mark of marks) {
      if (mark.line >= line) break;
      if (!covers(mark, code)) continue;
      if (mark.action === 'disable') off = true;
      else if (mark.action === 'enable') off = false;
      else if (mark.line === line - 1) return true;
    }
    return off;
  };
}
