import type { Word } from './lex.js';
import type { Release } from './releases/releases.js';
import { type OptionSpec, type PositionalSpec, releaseTable } from './releases/table.js';
import type { Command } from './tree.js';
import { valueProblem } from './values.js';

/** One option of a command line, with its value. */
export interface OptionUse {
  /** The usual name: `--ondisk` for `--ondrive`, `--size` for `--siz`. */
  name: string;
  /** As written, before any `=`. */
  written: string;
  word: Word;
  /** Missing for flags and for values that may be left out. */
  value?: string;
  /** The word that holds the value: `word` itself for `--size=1`, the next one for `--size 1`. */
  valueWord?: Word;
  abbreviated: boolean;
  spec: OptionSpec;
}

export type ArgumentProblemKind =
  | 'unknown-option'
  | 'ambiguous-option'
  | 'missing-value'
  | 'unexpected-value'
  | 'invalid-value'
  | 'missing-option'
  | 'missing-argument'
  | 'unexpected-argument';

export interface ArgumentProblem {
  kind: ArgumentProblemKind;
  /** Missing where something is absent from the whole line. */
  word?: Word;
  /** The option or positional it is about. */
  name?: string;
  /** What the value should have been, or the options that could have been meant. */
  expected?: string;
}

export interface Arguments {
  options: OptionUse[];
  /** The words of each positional of the table, in its order. */
  positionals: Word[][];
  /** Words that are neither: unknown options, and words that no positional takes. */
  extras: Word[];
  problems: ArgumentProblem[];
}

const NEGATIVE_NUMBER = /^-\d+$|^-\d*\.\d+$/;

/**
 * Tells options and positionals apart as Python's argparse does, on which the installer runs: `--name value` and `--name=value`,
 * prefixes that fit one option only, `--` ends the options, options and positionals interleave, and a positional that takes any number
 * of words is done after the first run of words.
 */
export function readWords(
  words: readonly Word[],
  options: ReadonlyMap<string, OptionSpec>,
  positionals: readonly PositionalSpec[] = [],
): Arguments {
  const result: Arguments = { options: [], positionals: positionals.map(() => []), extras: [], problems: [] };
  const roles = rolesOf(words, options, result.problems);
  const isWord = (index: number) => roles[index] === 'word';
  let nextPositional = 0;

  const takePositionals = (start: number): number => {
    if (nextPositional === positionals.length) return start;
    let until = start;
    while (until < words.length && (isWord(until) || roles[until] === 'end')) until++;
    const taken = fit(positionals.slice(nextPositional), roles.slice(start, until));
    let at = start;
    for (const count of taken) {
      const mine = words.slice(at, at + count).filter((_, index) => roles[at + index] !== 'end');
      for (const word of mine) checkValue(word, word.value, positionals[nextPositional] as PositionalSpec, undefined, result.problems);
      result.positionals[nextPositional] = mine;
      nextPositional++;
      at += count;
    }
    return at;
  };

  let at = 0;
  while (at < words.length) {
    if (typeof roles[at] !== 'object') {
      let nextOption = at;
      while (nextOption < words.length && typeof roles[nextOption] !== 'object') nextOption++;
      const end = takePositionals(at);
      for (let index = end; index < nextOption; index++) result.extras.push(words[index] as Word);
      at = nextOption;
      continue;
    }
    const word = words[at] as Word;
    const { spec, written, value } = roles[at] as OptionRole;
    at++;
    if (spec === undefined) {
      result.extras.push(word);
      continue;
    }
    const use: OptionUse = { name: spec.names[0] as string, written, word, abbreviated: !spec.names.includes(written), spec };
    if (spec.type === 'flag') {
      if (value !== undefined) result.problems.push({ kind: 'unexpected-value', word, name: written });
    } else if (value !== undefined) {
      use.value = value;
      use.valueWord = word;
    } else if (isWord(at)) {
      use.valueWord = words[at] as Word;
      use.value = use.valueWord.value;
      at++;
    } else if (!spec.optionalValue) {
      result.problems.push({ kind: 'missing-value', word, name: written });
    }
    if (use.value !== undefined) checkValue(use.valueWord as Word, use.value, spec, written, result.problems);
    result.options.push(use);
  }
  takePositionals(words.length);
  for (const spec of requiredOptions(options)) {
    if (!result.options.some((use) => use.spec === spec)) result.problems.push({ kind: 'missing-option', name: spec.names[0] as string });
  }
  for (let index = nextPositional; index < positionals.length; index++) {
    const spec = positionals[index] as PositionalSpec;
    if (spec.count === '1') result.problems.push({ kind: 'missing-argument', name: spec.name });
  }
  return result;
}

/** The words of all positionals. */
export function allPositionals({ positionals }: Arguments): readonly Word[] {
  return positionals.length === 1 ? (positionals[0] as Word[]) : positionals.flat();
}

/** The last use of an option, which is the one that counts. */
export function lastUse<T extends { name: string }>(options: readonly T[], name: string): T | undefined {
  for (let index = options.length - 1; index >= 0; index--) {
    const use = options[index] as T;
    if (use.name === name) return use;
  }
  return undefined;
}

/**
 * The options and positionals of a command as a release reads them.
 *
 * @returns no options where the release does not have the command, or does not read its words
 */
export function readArguments(command: Command, release: Release): Arguments {
  const spec = releaseTable(release).commands.get(command.name.value);
  if (spec === undefined || spec.args !== 'options') return { options: [], positionals: [], extras: [...command.args], problems: [] };
  return readWords(command.args, spec.options, spec.positionals);
}

const required = new WeakMap<ReadonlyMap<string, OptionSpec>, readonly OptionSpec[]>();

function requiredOptions(options: ReadonlyMap<string, OptionSpec>): readonly OptionSpec[] {
  let found = required.get(options);
  if (found === undefined) {
    found = [...new Set(options.values())].filter((spec) => spec.required);
    required.set(options, found);
  }
  return found;
}

interface OptionRole {
  /** Missing for an option that the table does not have. */
  spec: OptionSpec | undefined;
  written: string;
  value: string | undefined;
}

type Role = 'word' | 'end' | OptionRole;

/** What each word can be: behind `--` all are plain words. */
function rolesOf(words: readonly Word[], options: ReadonlyMap<string, OptionSpec>, problems: ArgumentProblem[]): Role[] {
  const roles: Role[] = [];
  let ended = false;
  for (const word of words) {
    if (ended) roles.push('word');
    else if (word.value === '--') {
      ended = true;
      roles.push('end');
    } else roles.push(optionRole(word, options, problems));
  }
  return roles;
}

function optionRole(word: Word, options: ReadonlyMap<string, OptionSpec>, problems: ArgumentProblem[]): Role {
  const text = word.value;
  if (!text.startsWith('-') || text === '-') return 'word';
  const exact = options.get(text);
  if (exact !== undefined) return { spec: exact, written: text, value: undefined };
  const equals = text.indexOf('=');
  const written = equals === -1 ? text : text.slice(0, equals);
  const value = equals === -1 ? undefined : text.slice(equals + 1);
  const named = equals === -1 ? undefined : options.get(written);
  if (named !== undefined) return { spec: named, written, value };
  if (written.startsWith('--')) {
    const candidates = [...options.keys()].filter((name) => name.startsWith(written));
    if (candidates.length > 1) problems.push({ kind: 'ambiguous-option', word, name: written, expected: candidates.join(', ') });
    const spec = candidates.length === 0 ? undefined : options.get(candidates[0] as string);
    if (spec !== undefined) return { spec, written, value };
  }
  if (NEGATIVE_NUMBER.test(text) || text.includes(' ')) return 'word';
  return { spec: undefined, written, value };
}

/** How many of the words at the front go to each positional: as many positionals as can be served, each greedy. */
function fit(specs: readonly PositionalSpec[], roles: readonly Role[]): number[] {
  const available = roles.filter((role) => role === 'word').length;
  let served = specs.length;
  while (served > 0 && specs.slice(0, served).filter(({ count }) => count === '1').length > available) served--;
  const counts: number[] = [];
  let at = 0;
  let left = available;
  for (let index = 0; index < served; index++) {
    const owed = specs.slice(index + 1, served).filter(({ count }) => count === '1').length;
    const count = specs[index]?.count;
    let words = count === '1' ? 1 : count === '?' ? Math.min(1, left - owed) : left - owed;
    left -= words;
    const start = at;
    while (at < roles.length && (words > 0 || roles[at] === 'end')) {
      if (roles[at] === 'word') words--;
      at++;
    }
    counts.push(at - start);
  }
  return counts;
}

function checkValue(
  word: Word,
  value: string,
  spec: OptionSpec | PositionalSpec,
  name: string | undefined,
  problems: ArgumentProblem[],
): void {
  if (word.template) return;
  const expected = valueProblem(value, spec);
  if (expected !== undefined) problems.push({ kind: 'invalid-value', word, name: name ?? (spec as PositionalSpec).name, expected });
}
