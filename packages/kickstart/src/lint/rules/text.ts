import { lineAt } from '../../lex.js';
import { quoteWord } from '../../quote.js';
import { inRange } from '../../releases/releases.js';
import { END_REQUIRED } from '../../releases/sections.js';
import type { Command, Section } from '../../tree.js';
import type { Rule } from '../rule.js';

/** What ends a line for the installer and for nobody else. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: three of them end lines
const ODD_LINE_END = /[\v\f\r\u001c-\u001e\u0085\u2028\u2029]/g;

export const textRules: readonly Rule[] = [
  {
    code: 'ks/hash-cuts-word',
    severity: 'error',
    presets: ['recommended', 'unattended', 'security'],
    summary: 'A # in the middle of a word begins a comment.',
    docs: 'Unlike a shell, the installer takes `#` for a comment wherever it stands outside quotes: `rootpw abc#def` sets the password `abc`. Quote the word.',
    example: 'rootpw abc#def\n',
    run({ document, text, report }) {
      for (const node of document.children) {
        if (node.type !== 'command') continue;
        const { comment } = node;
        if (comment === undefined || comment.start === node.name.start) continue;
        const last = lastWord(node);
        if (last.end !== comment.start || last.template) continue;
        let end = comment.start;
        while (end < comment.end && !/\s/.test(text[end] as string)) end++;
        const whole = last.value + text.slice(comment.start, end);
        report({
          start: last.start,
          end,
          message: `"#" begins a comment here, so the installer reads "${last.value}"`,
          fix: { title: 'Quote the word', edits: [{ start: last.start, end, newText: quoted(whole) }] },
        });
      }
    },
  },
  {
    code: 'ks/odd-line-separator',
    severity: 'warning',
    presets: ['recommended', 'unattended'],
    summary: 'A character that editors do not show as a line end is one for the installer.',
    docs: 'Form feeds, vertical tabs, U+0085, U+2028, U+2029, the control characters 1C to 1E and a lone carriage return end a line, also inside scripts.',
    example: 'lang en_US.UTF-8\u2028keyboard us\n',
    run({ text, report }) {
      for (const { 0: found, index } of text.matchAll(ODD_LINE_END)) {
        if (found === '\r' && text[index + 1] === '\n') continue;
        const code = found.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
        report({ start: index, end: index + 1, message: `U+${code} ends the line here for the installer` });
      }
    },
  },
  {
    code: 'ks/byte-order-mark',
    severity: 'error',
    presets: ['recommended', 'unattended'],
    summary: 'The file begins with a byte order mark.',
    docs: 'The installer does not skip it: the first command becomes unknown.',
    example: '\ufefflang en_US.UTF-8\n',
    run({ text, report }) {
      if (!text.startsWith('\ufeff')) return;
      const fix = { title: 'Remove the byte order mark', edits: [{ start: 0, end: 1, newText: '' }] };
      report({ start: 0, end: 1, message: 'The byte order mark becomes part of the first command', fix });
    },
  },
  {
    code: 'ks/crlf-in-script',
    severity: 'warning',
    presets: ['recommended', 'unattended'],
    summary: 'A script has Windows line ends.',
    docs: 'pykickstart drops the carriage returns, other programs that extract the script do not, and `\\r` then becomes part of every last word.',
    example: '%post\r\necho hello\r\n%end\r\n',
    run({ text, sections, report }) {
      for (const section of sections) {
        if (section.kind !== 'script') continue;
        const { start, end } = bodySpan(section);
        const first = text.indexOf('\r\n', start);
        if (first === -1 || first >= end) continue;
        const edits = [];
        for (let at = first; at !== -1 && at < end; at = text.indexOf('\r\n', at + 2)) edits.push({ start: at, end: at + 1, newText: '' });
        report({
          start: first,
          end: first + 1,
          message: `%${section.name} has Windows line ends`,
          fix: { title: 'Use line feeds only', edits },
        });
      }
    },
  },
  {
    code: 'ks/missing-end',
    severity: 'error',
    presets: ['recommended', 'unattended'],
    summary: 'A section has no %end.',
    docs: 'Fedora 8, RHEL 6 and everything after them refuse the file; older ones end the section at the next header.',
    example: '%packages\n@core\n',
    run({ document, text, sections, release, report }) {
      const required = release === undefined || inRange(END_REQUIRED, release);
      for (const section of sections) {
        if (section.close || !required) continue;
        const at = endPlace(section, text);
        const newline = at > 0 && text[at - 1] !== '\n' ? '\n' : '';
        report({
          start: section.header.name.start,
          end: section.header.name.end,
          message: `%${section.name} has no %end`,
          fix: { title: 'Add %end', edits: [{ start: at, end: at, newText: `${newline}%end\n` }] },
        });
      }
      for (const node of document.children) {
        if (node.type === 'error' && node.kind === 'stray-end') {
          const { end } = lineAt(text, node.start);
          const fix = { title: 'Remove the line', edits: [{ start: node.start, end: node.end, newText: '' }] };
          report({ start: node.at, end, message: '%end without a section', fix });
        }
      }
    },
  },
];

function lastWord({ args, name }: Command) {
  return args.at(-1) ?? name;
}

/** `--name=va#lue` is quoted behind its equals sign, as people write it. */
function quoted(word: string): string {
  const equals = word.startsWith('--') ? word.indexOf('=') : -1;
  return equals === -1 ? quoteWord(word) : word.slice(0, equals + 1) + quoteWord(word.slice(equals + 1));
}

/** Where the body of a section begins and ends. */
export function bodySpan({ header, close, end }: Section): { start: number; end: number } {
  return { start: header.end, end: close?.start ?? end };
}

/** Where a missing `%end` belongs: behind the last line of the body that is not blank. */
function endPlace(section: Section, text: string): number {
  const { start, end } = bodySpan(section);
  let at = end;
  while (at > start && /\s/.test(text[at - 1] as string)) at--;
  return at === start ? start : lineAt(text, at).next;
}
