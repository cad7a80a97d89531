import type { Diagnostic, Severity } from './diagnostic.js';
import type { Source } from './source.js';

export interface CodeFrameOptions {
  /** Lines shown before and after the place. Default: 1. */
  context?: number;
  /** ANSI colours. Default: false. */
  color?: boolean;
  /** Longest stretch of a line that is shown; longer lines are cut around the place. Default: 160. */
  maxWidth?: number;
}

const STYLE: Record<Severity | 'dim', string> = { error: '\u001b[31m', warning: '\u001b[33m', info: '\u001b[36m', dim: '\u001b[2m' };
const RESET = '\u001b[0m';

/** What a terminal would act on, shown instead: control characters as `·`, tabs as one blank. */
function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  return text.replace(/\t/g, ' ').replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, '·');
}

/**
 * A diagnostic for people: severity, code and message, the place, and the lines around it with the stretch marked.
 *
 * ```text
 * error KS101: Unknown command "instal"
 *   at ks.cfg:2:1
 *   1 | lang en_US.UTF-8
 * > 2 | instal
 *     | ^^^^^^
 * ```
 */
export function formatCodeFrame(diagnostic: Diagnostic, source: Source, options: CodeFrameOptions = {}): string {
  const { context = 1, color = false, maxWidth = 160 } = options;
  const paint = (text: string, style: Severity | 'dim') => (color ? `${STYLE[style]}${text}${RESET}` : text);
  const { start, end } = diagnostic.range;
  const out = [
    `${paint(`${diagnostic.severity} ${diagnostic.code}`, diagnostic.severity)}: ${diagnostic.message}`,
    paint(`  at ${source.name}:${start.line}:${start.column}`, 'dim'),
  ];
  const first = Math.max(1, start.line - context);
  const last = Math.min(source.lineCount, start.line + context);
  const gutter = String(last).length;
  const from = start.column - 1 > maxWidth - 20 ? start.column - 1 - Math.floor(maxWidth / 2) : 0;
  for (let line = first; line <= last; line++) {
    const text = source.lineText(line) ?? '';
    const mark = line === start.line ? '>' : ' ';
    out.push(`${mark} ${String(line).padStart(gutter)} | ${printable(text.slice(from, from + maxWidth))}`.trimEnd());
    if (line === start.line) {
      const stop = end.line === start.line ? end.column - 1 : text.length;
      const width = Math.max(1, Math.min(stop, from + maxWidth) - (start.column - 1));
      const under = ' '.repeat(start.column - 1 - from) + '^'.repeat(width);
      out.push(`  ${' '.repeat(gutter)} | ${paint(under, diagnostic.severity)}`);
    }
  }
  for (const related of diagnostic.related ?? []) {
    const { line, column } = related.range.start;
    out.push(`  ${related.message} (${related.source ?? source.name}:${line}:${column})`);
  }
  if (diagnostic.fix) out.push(`  fix: ${diagnostic.fix.title}`);
  return out.join('\n');
}

/** A diagnostic as a flat object, the shape all commands print with `--json`. */
export interface JsonDiagnostic {
  code: string;
  severity: Severity;
  message: string;
  line: number;
  column: number;
  endLine: number;
  endColumn: number;
  offset: number;
  source?: string;
  fix?: Diagnostic['fix'];
  related?: { message: string; line: number; column: number; source?: string }[];
  url?: string;
}

export function toJson(diagnostic: Diagnostic): JsonDiagnostic {
  const { range, related, ...rest } = diagnostic;
  const { start, end } = range;
  return {
    code: rest.code,
    severity: rest.severity,
    message: rest.message,
    line: start.line,
    column: start.column,
    endLine: end.line,
    endColumn: end.column,
    offset: start.offset,
    ...(rest.source === undefined ? {} : { source: rest.source }),
    ...(rest.fix === undefined ? {} : { fix: rest.fix }),
    ...(related === undefined
      ? {}
      : {
          related: related.map(({ message, range: { start }, source }) => ({
            message,
            line: start.line,
            column: start.column,
            ...(source === undefined ? {} : { source }),
          })),
        }),
    ...(rest.url === undefined ? {} : { url: rest.url }),
  };
}
