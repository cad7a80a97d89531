import type { Diagnostic, Source } from '@pxekit/diagnostics';

/** A word or string of dhcpd.conf with its place. */
export interface DhcpdWord {
  text: string;
  quoted: boolean;
  start: number;
  end: number;
}

/** A statement: words up to `;`, or up to a block in braces. */
export interface DhcpdStatement {
  words: DhcpdWord[];
  block: DhcpdStatement[] | undefined;
  start: number;
  end: number;
}

/** Words that statements begin with. Web copies of guides lose the space behind them. */
const KEYWORDS = [
  'allow',
  'always-broadcast',
  'authoritative',
  'class',
  'ddns-update-style',
  'ddns-updates',
  'default-lease-time',
  'deny',
  'filename',
  'fixed-address',
  'group',
  'hardware ethernet',
  'host',
  'ignore',
  'include',
  'max-lease-time',
  'min-lease-time',
  'netmask',
  'next-server',
  'option',
  'pool',
  'range dynamic-bootp',
  'range',
  'server-identifier',
  'server-name',
  'shared-network',
  'subnet',
];

/** Names behind `option`. */
export const OPTION_NAMES = [
  'bootfile-name',
  'broadcast-address',
  'domain-name-servers',
  'domain-name',
  'domain-search',
  'host-name',
  'interface-mtu',
  'log-servers',
  'netbios-name-servers',
  'nis-domain',
  'nis-servers',
  'ntp-servers',
  'root-path',
  'routers',
  'static-routes',
  'subnet-mask',
  'tftp-server-name',
  'time-offset',
  'time-servers',
  'vendor-class-identifier',
  'vendor-encapsulated-options',
];

/** Every way to write a keyword and what follows it in one word, longest keyword first. */
const GLUED_STARTS = [...KEYWORDS, ...OPTION_NAMES, ...OPTION_NAMES.map((name) => `option ${name}`)].sort((a, b) => b.length - a.length);

interface Reader {
  source: Source;
  diagnostics: Diagnostic[];
  at: number;
}

function readWord(reader: Reader): DhcpdWord | undefined {
  const { text } = reader.source;
  for (;;) {
    const character = text[reader.at];
    if (character === undefined) return undefined;
    if (/\s/.test(character)) reader.at++;
    else if (character === '#') {
      const end = text.indexOf('\n', reader.at);
      reader.at = end < 0 ? text.length : end;
    } else break;
  }
  const start = reader.at;
  const first = text[start] as string;
  if ('{};,='.includes(first)) return { text: first, quoted: false, start, end: ++reader.at };
  if (first === '"' || first === '\u201c' || first === '\u201d') {
    let end = start + 1;
    while (end < text.length && !'"\u201c\u201d\n'.includes(text[end] as string)) end += text[end] === '\\' ? 2 : 1;
    reader.at = Math.min(text.length, end + 1);
    return { text: text.slice(start + 1, end), quoted: true, start, end: reader.at };
  }
  let end = start;
  while (end < text.length && !/[\s{};,="#\u201c\u201d]/.test(text[end] as string)) end++;
  reader.at = end;
  return { text: text.slice(start, end), quoted: false, start, end };
}

/** Splits `next-server10.1.1.1` into its words and says so. Names of hosts and classes are left alone. */
function unglue(reader: Reader, word: DhcpdWord): DhcpdWord[] {
  const lower = word.text.toLowerCase();
  for (const known of GLUED_STARTS) {
    const glued = known.replaceAll(' ', '');
    if (!lower.startsWith(glued) || lower === glued) {
      if (lower === glued && known.includes(' ')) return split(reader, word, [...known.split(' ')]);
      continue;
    }
    const rest = word.text.slice(glued.length);
    // A letter may go on a longer name that is not known here; a digit or a colon cannot.
    const continues = /^[a-z-]/i.test(rest) && !(known === 'option' || /^(?:dynamic-bootp|netmask)/i.test(rest));
    if (continues) continue;
    const netmask = /^([\d.]+)netmask([\d.]+)$/i.exec(rest);
    const tail = netmask ? [netmask[1] as string, 'netmask', netmask[2] as string] : [rest];
    return split(reader, word, [...known.split(' '), ...tail]);
  }
  const netmask = /^([\d.]+)netmask([\d.]*)$/i.exec(word.text);
  if (netmask) return split(reader, word, [netmask[1] as string, 'netmask', ...(netmask[2] ? [netmask[2]] : [])]);
  return [word];
}

function split(reader: Reader, word: DhcpdWord, parts: string[]): DhcpdWord[] {
  const words: DhcpdWord[] = [];
  let start = word.start;
  for (const part of parts) {
    words.push({ text: reader.source.text.slice(start, start + part.length), quoted: false, start, end: start + part.length });
    start += part.length;
  }
  const fixed = words.map(({ text }) => text).join(' ');
  reader.diagnostics.push(missingSpace(reader.source, word.start, word.end, word.text, fixed));
  return words;
}

function missingSpace(source: Source, start: number, end: number, found: string, fixed: string): Diagnostic {
  return {
    code: 'dhcpd/missing-space',
    severity: 'error',
    message: `The space between the words of "${found}" is missing`,
    range: source.range(start, end),
    source: source.name,
    fix: { title: `Write \`${fixed}\``, edits: [{ start, end, newText: fixed }] },
  };
}

/** Reads dhcpd.conf into statements. Never throws; what is wrong is in `diagnostics`. Blocks nest at most 50 deep. */
export function readDhcpd(source: Source): { statements: DhcpdStatement[]; diagnostics: Diagnostic[] } {
  const reader: Reader = { source, diagnostics: [], at: 0 };
  const statements: DhcpdStatement[] = [];
  const stack: DhcpdStatement[][] = [statements];
  let words: DhcpdWord[] = [];
  const finish = (end: number, block: DhcpdStatement[] | undefined) => {
    const [first] = words;
    if (first === undefined) return;
    (stack.at(-1) as DhcpdStatement[]).push({ words, block, start: first.start, end });
    words = [];
  };
  const problem = (word: DhcpdWord, message: string) =>
    reader.diagnostics.push({
      code: 'dhcpd/syntax',
      severity: 'error',
      message,
      range: source.range(word.start, word.end),
      source: source.name,
    });
  for (let word = readWord(reader); word !== undefined; word = readWord(reader)) {
    if (word.quoted) {
      const last = words.at(-1);
      if (last && last.end === word.start && !last.quoted) {
        const found = source.text.slice(last.start, word.end);
        reader.diagnostics.push(
          missingSpace(source, last.start, word.end, found, `${last.text} ${source.text.slice(word.start, word.end)}`),
        );
      }
      words.push(word);
    } else if (word.text === ';') {
      if (words.length === 0 && source.text[word.start] === ';') continue;
      finish(word.end, undefined);
    } else if (word.text === '{') {
      const block: DhcpdStatement[] = [];
      finish(word.end, block);
      if (stack.length >= 50) problem(word, 'Blocks are nested too deep');
      stack.push(block);
    } else if (word.text === '}') {
      const open = words[0];
      if (open) {
        problem(open, `";" is missing after \`${words.map(({ text }) => text).join(' ')}\``);
        finish(word.start, undefined);
      }
      if (stack.length > 1) stack.pop();
      else problem(word, 'This "}" closes nothing');
    } else if (words.length === 0 || isKeywordPlace(words)) {
      words.push(...unglue(reader, word));
    } else {
      words.push(word);
    }
  }
  const open = words[0];
  if (open) {
    problem(open, `";" is missing after \`${words.map(({ text }) => text).join(' ')}\``);
    finish(source.text.length, undefined);
  }
  if (stack.length > 1) {
    const end = source.text.length;
    reader.diagnostics.push({
      code: 'dhcpd/syntax',
      severity: 'error',
      message: '"}" is missing at the end',
      range: source.range(end, end),
      source: source.name,
    });
  }
  return { statements, diagnostics: reader.diagnostics };
}

/** Whether the next word is a keyword: behind `option`, `hardware`, or the address of `subnet`. */
function isKeywordPlace(words: readonly DhcpdWord[]): boolean {
  const first = words[0]?.text.toLowerCase();
  if (words.length === 1) return first === 'option' || first === 'subnet';
  return words.length === 2 && first === 'subnet';
}
