import { TftpError } from './error.js';
import type { TftpRequest } from './types.js';

/** What a rule may look at. */
export type MappedRequest = Pick<TftpRequest, 'type' | 'mode' | 'peer' | 'local'>;

/** Rules that rename what clients ask for. */
export interface NameMap {
  /** The name that is looked up. @throws TftpError when a rule refuses the name */
  apply(filename: string, request: MappedRequest): string;
}

interface Rule {
  readonly line: number;
  readonly pattern: RegExp | undefined;
  /** The rule applies to names that do not match. */
  readonly negated: boolean;
  readonly rewrite: boolean;
  readonly global: boolean;
  readonly restart: boolean;
  readonly stop: boolean;
  readonly refuse: boolean;
  readonly only: 'read' | 'write' | undefined;
  readonly family: 'IPv4' | 'IPv6' | undefined;
  readonly replacement: readonly Part[];
}

type Part =
  | { readonly text: string }
  | { readonly group: number }
  | { readonly peer: 'address' | 'hex' }
  | { readonly letters: 'upper' | 'lower' | 'as is' };

/** Rules that start over can go in circles; tftpd-hpa stops after as many. */
const MAX_STEPS = 4096;
const MAX_NAME = 2048;
const OPERATIONS = 'rgiesaAGP~46';

function bad(line: number, message: string): never {
  throw new TftpError('TFTP_BAD_MAP', `Line ${line} of the name map: ${message}`);
}

/**
 * Reads rules in the form of tftpd-hpa's map file (`tftpd(8)`, "FILENAME REMAPPING"): one rule a line, `#` begins a comment;
 * operation letters, a regular expression, a replacement.
 *
 * Operations: `r` replace the match, `g` all matches, `i` without case, `e` end when it matched, `s` start over when it
 * matched, `a` refuse when it matched, `G` only for reads, `P` only for writes, `~` when it does not match, `4` and `6` only
 * for that family. Replacements: `\0` to `\9` groups, `\i` the client's address, `\x` the same in hexadecimal, `\U`, `\L`,
 * `\E` letters to upper case, to lower case, as they are.
 *
 * The expressions are JavaScript's; those of the map are trusted, they are part of the configuration.
 *
 * @throws TftpError `TFTP_BAD_MAP` with the line
 */
export function parseNameMap(text: string): NameMap {
  const rules = text.split(/\r?\n/).flatMap((line, index) => parseRule(line, index + 1) ?? []);
  return { apply: (filename, request) => applyRules(rules, filename, request) };
}

function parseRule(source: string, line: number): Rule | undefined {
  const words = source.replace(/(^|\s)#.*$/, '').trim();
  if (words === '') return undefined;
  const [operations = '', expression, ...rest] = words.split(/\s+/);
  for (const letter of operations)
    if (!OPERATIONS.includes(letter)) bad(line, `unknown operation "${letter}", expected one of ${OPERATIONS}`);
  if (rest.length > 1) bad(line, 'more than one replacement');
  const has = (letter: string): boolean => operations.includes(letter);
  let pattern: RegExp | undefined;
  try {
    pattern = expression === undefined ? undefined : new RegExp(expression, `${has('g') ? 'g' : ''}${has('i') ? 'i' : ''}u`);
  } catch (cause) {
    bad(line, `bad expression: ${(cause as Error).message}`);
  }
  if (!pattern && !has('a')) bad(line, 'no expression');
  return {
    line,
    pattern,
    negated: has('~'),
    rewrite: has('r'),
    global: has('g'),
    restart: has('s'),
    stop: has('e'),
    refuse: has('a') || has('A'),
    only: has('G') ? 'read' : has('P') ? 'write' : undefined,
    family: has('4') ? 'IPv4' : has('6') ? 'IPv6' : undefined,
    replacement: parseReplacement(rest[0] ?? '', line),
  };
}

function parseReplacement(source: string, line: number): Part[] {
  const parts: Part[] = [];
  for (const [, letter, text] of source.matchAll(/\\(.)|([^\\]+)|\\$/g)) {
    if (text !== undefined) parts.push({ text });
    else if (letter === undefined) bad(line, 'the replacement ends with a backslash');
    else if (letter >= '0' && letter <= '9') parts.push({ group: Number(letter) });
    else if (letter === 'i') parts.push({ peer: 'address' });
    else if (letter === 'x') parts.push({ peer: 'hex' });
    else if (letter === 'U' || letter === 'L' || letter === 'E')
      parts.push({ letters: letter === 'U' ? 'upper' : letter === 'L' ? 'lower' : 'as is' });
    else parts.push({ text: letter });
  }
  return parts;
}

function applyRules(rules: readonly Rule[], filename: string, request: MappedRequest): string {
  let name = filename;
  let steps = 0;
  for (let index = 0; index < rules.length; index += 1) {
    const rule = rules[index]!;
    if (++steps > MAX_STEPS) throw new TftpError('TFTP_FAILED', 'Name mapping does not end');
    if ((rule.only && rule.only !== request.type) || (rule.family && rule.family !== request.peer.family)) continue;
    const matched = rule.pattern ? name.search(rule.pattern) !== -1 : true;
    if (matched === rule.negated) continue;
    if (rule.refuse) throw new TftpError('TFTP_ACCESS_VIOLATION');
    if (rule.rewrite && rule.pattern) {
      name = rule.negated ? name : name.replace(rule.pattern, (...match) => expand(rule.replacement, match as string[], request));
      if (name.length > MAX_NAME) throw new TftpError('TFTP_FAILED', 'Name mapping does not end');
    }
    if (rule.stop) break;
    if (rule.restart) index = -1;
  }
  return name;
}

function expand(parts: readonly Part[], match: readonly unknown[], { peer }: MappedRequest): string {
  let out = '';
  let letters: 'upper' | 'lower' | 'as is' = 'as is';
  const add = (text: string): void => {
    out += letters === 'upper' ? text.toUpperCase() : letters === 'lower' ? text.toLowerCase() : text;
  };
  const groups = match.findIndex((value) => typeof value === 'number');
  for (const part of parts) {
    if ('text' in part) add(part.text);
    else if ('group' in part) add(part.group < groups ? String(match[part.group] ?? '') : '');
    else if ('peer' in part) add(part.peer === 'address' ? peer.address : hexadecimal(peer.address));
    else letters = part.letters;
  }
  return out;
}

/** As PXELINUX writes addresses: 192.168.1.2 is C0A80102. */
function hexadecimal(address: string): string {
  if (address.includes(':')) return address.replaceAll(':', '').toUpperCase();
  return address
    .split('.')
    .map((byte) => Number(byte).toString(16).padStart(2, '0'))
    .join('')
    .toUpperCase();
}
