import { DIRECTIVES } from '../../known.js';
import type { Statement } from '../../outline.js';
import { directiveRange, type Rule } from '../rule.js';

/** Number of insertions, deletions, replacements and swaps between two words; `limit` + 1 when there are more. */
function distance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) cost = Math.min(cost, (before[j - 2] ?? 0) + 1);
      row.push(cost);
    }
    before = last;
    last = row;
  }
  return last[b.length] ?? limit + 1;
}

/** The known directive that a name was probably meant to be. */
function suggestDirective(name: string): string | undefined {
  if (name.length > 40) return undefined;
  const limit = name.length < 5 ? 1 : 2;
  let best: string | undefined;
  let bestDistance = limit + 1;
  for (const known of DIRECTIVES.keys()) {
    // A slip in the first letter is rare; then the end must be right.
    if (known[0] !== name[0] && (known.length < 5 || known.slice(-3) !== name.slice(-3))) continue;
    const d = distance(name, known, limit);
    if (d < bestDistance) [best, bestDistance] = [known, d];
  }
  return best;
}

/** `MENU HELP` with the case of what stood there. */
function inCaseOf(name: string, written: string): string {
  if (written === written.toLowerCase()) return name.toLowerCase();
  if (written === written.toUpperCase()) return name;
  return name.toLowerCase().replace(/(^| )([a-z])/g, (letter) => letter.toUpperCase());
}

function unknownRange(statement: Statement): { start: number; end: number } {
  const { start, end } = directiveRange(statement);
  return { start, end: statement.value === '' ? end : endOfName(statement) };
}

/** Where the name ends: the second word belongs to it for MENU. */
function endOfName(statement: Statement): number {
  const { node, name, start } = statement;
  const keywordEnd = start + node.keyword.length;
  const second = name.indexOf(' ');
  return second === -1 ? keywordEnd : keywordEnd + node.gap.length + (name.length - second - 1);
}

/** A file with more unknown words than this is no configuration; looking for what they were meant to be would take long. */
const MAX_SUGGESTIONS = 200;

export const unknownDirective: Rule = {
  code: 'pxelinux/unknown-directive',
  severity: 'warning',
  engines: ['core', 'menu', 'uboot'],
  *check({ outline, options }) {
    const uboot = options.engines?.includes('uboot');
    let asked = 0;
    const suggest = (name: string) => (asked++ < MAX_SUGGESTIONS ? suggestDirective(name) : undefined);
    for (const [name, statements] of outline.byName) {
      const info = DIRECTIVES.get(name);
      if (info?.dialect === 'syslinux' || (uboot && info?.dialect === 'u-boot')) continue;
      const suggestion = info ? undefined : suggest(name);
      for (const statement of statements) {
        const range = unknownRange(statement);
        if (info) {
          const who = info.dialect === 'u-boot' ? 'U-Boot' : info.dialect;
          yield { ...range, severity: 'info', message: `Only ${who} knows ${name}; SYSLINUX ignores it` };
        } else if (/^initrd=/i.test(name)) {
          yield { ...range, message: 'Only petitboot takes initrd= as a directive; write INITRD and a blank', fix: initrdFix(statement) };
        } else if (suggestion === undefined) {
          yield { ...range, message: `No loader knows ${name}; the line is ignored` };
        } else {
          const newText = inCaseOf(suggestion, writtenName(statement));
          yield {
            ...range,
            message: `No loader knows ${name}; the line is ignored. Did you mean ${suggestion}?`,
            fix: { title: `Write ${newText}`, edits: [{ ...range, newText }] },
          };
        }
      }
    }
  },
};

/** A name with the case of its keyword. */
function writtenName({ node, name }: Statement): string {
  const written = node.keyword + (name.includes(' ') ? ` ${name.slice(name.indexOf(' ') + 1)}` : '');
  return node.keyword.toLowerCase() === node.keyword ? written.toLowerCase() : written;
}

function initrdFix({ start }: Statement) {
  const equals = start + 'initrd'.length;
  return { title: 'Put a blank in place of "="', edits: [{ start: equals, end: equals + 1, newText: ' ' }] };
}
