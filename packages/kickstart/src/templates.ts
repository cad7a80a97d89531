import { startOfIndent } from './lex.js';

/**
 * Stretches of a kickstart template that another program fills in before the installer reads the file. They are kept as they stand,
 * and nothing is said about values that depend on them.
 */
export type TemplateKind =
  /** `{{ value }}`, `{% statement %}`, `{# comment #}`: Jinja, Liquid, Go, Handlebars. */
  | 'braces'
  /** `<%= value %>`: ERB, EPP. */
  | 'erb'
  /** `${ value }`: HCL, Cheetah, shell-like substitution. */
  | 'dollar'
  /** `@VALUE@`: autoconf-like substitution. */
  | 'at'
  /** `$SNIPPET('name')`, `$value`, `#if`: Cheetah in Cobbler. */
  | 'cheetah'
  /** `#TABLE:noderes:$NODE:nfsserver#`, `#CRYPT:...#`: xCAT. */
  | 'xcat';

export interface TemplateSpan {
  kind: TemplateKind;
  start: number;
  end: number;
}

/** Which templates to look for: `auto` looks for all that the text shows signs of, `none` for none. */
export type TemplateOption = 'auto' | 'none' | readonly TemplateKind[];

/** Values end on the line on which they begin; statements and comments may take several. */
const DELIMITERS: readonly { kind: TemplateKind; open: string; close: string; lines: boolean }[] = [
  { kind: 'braces', open: '{{', close: '}}', lines: false },
  { kind: 'braces', open: '{%', close: '%}', lines: true },
  { kind: 'braces', open: '{#', close: '#}', lines: true },
  { kind: 'erb', open: '<%', close: '%>', lines: true },
  { kind: 'dollar', open: '${', close: '}', lines: false },
];

const XCAT = /#(?:TABLE|TABLEBLANKOKAY|CRYPT|ENV|COMMAND|INCLUDE):[^#\n]{1,300}#/g;
const AT_NAME = /@[A-Z][A-Z0-9_]{1,60}@/g;
const CHEETAH = /\$(?:SNIPPET|[A-Za-z_][A-Za-z0-9_.]{0,80})(?:\([^()\n]{0,200}\))?/g;
const CHEETAH_STATEMENT = /#(?:if|set|for|include|raw|import|errorCatcher)\b/y;

/** Snippets of Cobbler, or statements of Cheetah, which stand on lines of their own; to kickstart the latter are comments. */
function looksLikeCheetah(text: string): boolean {
  if (text.includes('$SNIPPET')) return true;
  for (let at = text.indexOf('#'); at !== -1; at = text.indexOf('#', at + 1)) {
    CHEETAH_STATEMENT.lastIndex = at;
    if (CHEETAH_STATEMENT.test(text) && startOfIndent(text, at) !== undefined) return true;
  }
  return false;
}

/** The template spans of a text, in order and without overlaps. */
export function findTemplates(text: string, option: TemplateOption): TemplateSpan[] {
  if (option === 'none') return [];
  const wanted = (kind: TemplateKind) => option === 'auto' || option.includes(kind);
  const found: TemplateSpan[] = [];
  for (const { kind, open, close, lines } of DELIMITERS) {
    if (!wanted(kind)) continue;
    let closing = -1;
    let feed = -1;
    for (let start = text.indexOf(open); start !== -1; ) {
      const inside = start + open.length;
      if (closing < inside) closing = text.indexOf(close, inside);
      if (closing === -1) break;
      if (!lines && feed < inside) feed = nextFeed(text, inside);
      if (!lines && feed < closing) {
        start = text.indexOf(open, feed);
        continue;
      }
      const end = closing + close.length;
      found.push({ kind, start, end });
      start = text.indexOf(open, end);
    }
  }
  if (wanted('at')) matchAll(AT_NAME, text, 'at', found);
  if (wanted('xcat')) matchAll(XCAT, text, 'xcat', found);
  if (option === 'auto' ? looksLikeCheetah(text) : option.includes('cheetah')) matchAll(CHEETAH, text, 'cheetah', found);
  found.sort((a, b) => a.start - b.start || b.end - a.end);
  const spans: TemplateSpan[] = [];
  let covered = 0;
  for (const span of found) {
    if (span.start < covered) continue;
    spans.push(span);
    covered = span.end;
  }
  return spans;
}

function matchAll(pattern: RegExp, text: string, kind: TemplateKind, found: TemplateSpan[]): void {
  for (const match of text.matchAll(pattern)) found.push({ kind, start: match.index, end: match.index + match[0].length });
}

function nextFeed(text: string, from: number): number {
  const at = text.indexOf('\n', from);
  return at === -1 ? text.length : at;
}
