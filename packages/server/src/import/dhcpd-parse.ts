import { Source } from '@pxekit/diagnostics';
import type { ImportProblem } from './report.js';

interface Token {
  kind: 'word' | 'string' | 'punctuation';
  text: string;
  start: number;
  end: number;
}

/** A statement of dhcpd.conf: its words up to `;` or `{`, and the statements in its braces. */
export interface DhcpdStatement {
  /** Keywords in lower case, values as written; strings without their quotes. */
  words: string[];
  line: number;
  /** As written, on one line, without the block. */
  text: string;
  block?: DhcpdStatement[];
}

const KEYWORDS = [
  ...['allow', 'authoritative', 'bootp', 'booting', 'class', 'ddns-update-style', 'default-lease-time', 'deny', 'domain-name'],
  ...['domain-name-servers', 'domain-search', 'dynamic-bootp', 'ethernet', 'filename', 'fixed-address', 'group', 'hardware', 'host'],
  ...['host-name', 'ignore', 'include', 'max-lease-time', 'min-lease-time', 'netmask', 'next-server', 'ntp-servers', 'option', 'pool'],
  ...['broadcast-address', 'range', 'routers', 'server-identifier', 'server-name', 'shared-network', 'subnet', 'subnet-mask'],
  ...['root-path', 'time-offset', 'tftp-server-name', 'bootfile-name', 'unknown-clients', 'client-updates'],
].sort((a, b) => b.length - a.length);

/** Values that are words. */
const VALUES = ['ad-hoc', 'interim', 'none', 'standard'];

/** Where a blank was lost in a word: `next-server10.1.1.1`, `optionrouters`, `10.1.1.0netmask`. Gives what stood before it. */
function beforeBlank(word: string): string | undefined {
  const address = /^\d+\.\d+\.\d+\.\d+(?=[a-z])/i.exec(word)?.[0];
  if (address !== undefined) {
    const rest = word.slice(address.length);
    return KEYWORDS.includes(rest.toLowerCase()) || beforeBlank(rest) !== undefined ? address : undefined;
  }
  const lower = word.toLowerCase();
  if (KEYWORDS.includes(lower)) return undefined;
  return KEYWORDS.find((keyword) => {
    if (!lower.startsWith(keyword)) return false;
    const rest = lower.slice(keyword.length);
    const isValue = /^(?:\d|[\da-f]{1,2}:)/.test(rest) || VALUES.includes(rest);
    return isValue || KEYWORDS.includes(rest) || beforeBlank(rest) !== undefined;
  });
}

function tokenize(source: Source, problems: ImportProblem[]): Token[] {
  const { text } = source;
  const tokens: Token[] = [];
  const wordEnd = /[\s;{}(),"#=]/g;
  let at = 0;
  while (at < text.length) {
    const char = text[at] as string;
    if (/\s/.test(char)) at++;
    else if (char === '#') {
      const end = text.indexOf('\n', at);
      at = end === -1 ? text.length : end;
    } else if (char === '"') {
      const end = text.indexOf('"', at + 1);
      const stop = end === -1 ? text.length : end;
      if (end === -1) problems.push({ ...place(source, at), code: 'import/syntax', message: 'The string is not closed.' });
      tokens.push({ kind: 'string', text: text.slice(at + 1, stop), start: at, end: Math.min(text.length, stop + 1) });
      at = stop + 1;
    } else if (';{}(),='.includes(char)) {
      tokens.push({ kind: 'punctuation', text: char, start: at, end: ++at });
    } else {
      wordEnd.lastIndex = at;
      const end = wordEnd.exec(text)?.index ?? text.length;
      pushWord(text.slice(at, end), at);
      at = end;
    }
  }
  return tokens;

  function pushWord(word: string, start: number): void {
    const before = beforeBlank(word);
    if (before === undefined) {
      tokens.push({ kind: 'word', text: word, start, end: start + word.length });
      return;
    }
    const split = start + before.length;
    problems.push(missingBlank(source, split, word.slice(0, before.length), word.slice(before.length)));
    tokens.push({ kind: 'word', text: before, start, end: split });
    pushWord(word.slice(before.length), split);
  }
}

function place(source: Source, offset: number): { line: number; column: number } {
  const { line, column } = source.positionAt(offset);
  return { line, column };
}

function missingBlank(source: Source, offset: number, before: string, after: string): ImportProblem {
  return {
    ...place(source, offset),
    code: 'import/missing-blank',
    message: `A blank is missing between "${before}" and "${after}".`,
    fix: { title: `Write "${before} ${after}"`, edits: [{ start: offset, end: offset, newText: ' ' }] },
  };
}

/** Blocks inside blocks; real files have four at most. */
const MAX_DEPTH = 50;

/** Reads dhcpd.conf into statements. Never throws: what is wrong is in `problems`, and reading goes on after it. */
export function parseDhcpd(text: string, name: string): { statements: DhcpdStatement[]; problems: ImportProblem[] } {
  const source = new Source(text, { name });
  const problems: ImportProblem[] = [];
  const root: DhcpdStatement[] = [];
  const open: DhcpdStatement[][] = [root];
  let words: Token[] = [];
  const finish = (block?: DhcpdStatement[]) => {
    const [first, last] = [words[0], words.at(-1)];
    if (first && last) {
      const raw = text.slice(first.start, last.end).replace(/\s+/g, ' ');
      const statement = { words: words.map(wordOf), line: place(source, first.start).line, text: raw, ...(block && { block }) };
      (open.at(-1) as DhcpdStatement[]).push(statement);
    }
    words = [];
  };
  for (const token of tokenize(source, problems)) {
    const last = words.at(-1);
    if (token.kind === 'string' && last?.kind === 'word' && last.end === token.start) {
      problems.push(missingBlank(source, token.start, last.text, text.slice(token.start, token.end)));
    }
    if (token.kind !== 'punctuation' || token.text === ',' || token.text === '=') {
      if (token.text !== ',' || token.kind === 'string') words.push(token);
    } else if (token.text === ';') finish();
    else if (token.text === '{' && open.length > MAX_DEPTH) {
      problems.push({ ...place(source, token.start), code: 'import/syntax', message: 'Blocks are nested too deep.' });
      words = [];
    } else if (token.text === '{') {
      const block: DhcpdStatement[] = [];
      finish(block);
      open.push(block);
    } else if (token.text === '}') {
      if (words.length > 0) {
        problems.push({
          ...place(source, words[0]?.start ?? token.start),
          code: 'import/syntax',
          message: 'The ";" at the end is missing.',
        });
        finish();
      }
      if (open.length > 1) open.pop();
      else problems.push({ ...place(source, token.start), code: 'import/syntax', message: 'A "}" too many.' });
    }
  }
  if (words.length > 0) {
    problems.push({ ...place(source, words[0]?.start ?? 0), code: 'import/syntax', message: 'The ";" at the end is missing.' });
    finish();
  }
  if (open.length > 1) problems.push({ ...place(source, text.length), code: 'import/syntax', message: 'A "}" is missing.' });
  return { statements: root, problems };
}

function wordOf({ kind, text }: Token): string {
  const lower = text.toLowerCase();
  return kind === 'word' && KEYWORDS.includes(lower) ? lower : text;
}
