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
  | 'cheetah';

export interface TemplateSpan {
  kind: TemplateKind;
  start: number;
  end: number;
}

/** Which templates to look for: `auto` looks for all that the text shows signs of, `none` for none. */
export type TemplateOption = 'auto' | 'none' | readonly TemplateKind[];

const DELIMITERS: readonly [TemplateKind, string, string][] = [
  ['braces', '{{', '}}'],
  ['braces', '{%', '%}'],
  ['braces', '{#', '#}'],
  ['erb', '<%', '%>'],
  ['dollar', '${', '}'],
];

const AT_NAME = /@[A-Z][A-Z0-9_]{1,60}@/g;
const CHEETAH = /\$(?:SNIPPET|[A-Za-z_][A-Za-z0-9_.]{0,80})(?:\([^()\n]{0,200}\))?/g;
const CHEETAH_SIGN = /\$SNIPPET\b|^[ \t]*#(?:if|set|end|for|else|include|raw|import|errorCatcher)\b/m;

/** The template spans of a text, in order and without overlaps. */
export function findTemplates(text: string, option: TemplateOption): TemplateSpan[] {
  if (option === 'none') return [];
  const wanted = (kind: TemplateKind) => option === 'auto' || option.includes(kind);
  const found: TemplateSpan[] = [];
  for (const [kind, open, close] of DELIMITERS) {
    if (!wanted(kind)) continue;
    for (let start = text.indexOf(open); start !== -1; ) {
      const closing = text.indexOf(close, start + open.length);
      if (closing === -1) break;
      const end = closing + close.length;
      found.push({ kind, start, end });
      start = text.indexOf(open, end);
    }
  }
  if (wanted('at')) matchAll(AT_NAME, text, 'at', found);
  if (option === 'auto' ? CHEETAH_SIGN.test(text) : option.includes('cheetah')) matchAll(CHEETAH, text, 'cheetah', found);
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
