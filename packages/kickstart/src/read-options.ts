import { lastUse } from './arguments.js';
import type { Word } from './lex.js';
import { COMMANDS, type CommandRow } from './releases/commands.js';
import { SECTIONS } from './releases/sections.js';
import type { Command, Section } from './tree.js';

/**
 * The options of a command without asking for a release: an option that any release knows is one. `readArguments` tells what a given
 * release makes of the same words; this is for those who look for a meaning, not for a verdict.
 */
export interface OptionUse {
  /** Whole name of the option as the tables have it (`--ondisk` for `--ondrive`), or the name as written when no release knows it. */
  name: string;
  /** The name as written, without its value: `--ondr`. */
  written: string;
  /** The name is a prefix of a known one. */
  abbreviated?: true;
  /** Whole spelling the prefix stands for. */
  spelling: string;
  known: boolean;
  value?: string;
  /** Where the option stands, value included. */
  start: number;
  end: number;
  word: Word;
  /** The word of the value when it is not the option's own: `--size 5`. */
  valueWord?: Word;
  /** The value comes out of a template. */
  template?: true;
}

/** A command with its words told apart. */
export interface CommandView {
  command: Command;
  /** Name without aliases: `part` for `partition`, `halt` for `reboot`. */
  canonical: string;
  options: OptionUse[];
  positionals: Word[];
}

type Arity = 'none' | 'one' | 'optional';

interface KnownOption {
  name: string;
  arity: Arity;
}

type OptionNames = ReadonlyMap<string, KnownOption>;

const CANONICAL = new Map<string, string>();
for (const [name, { aliases = [] }] of Object.entries<CommandRow>(COMMANDS)) {
  CANONICAL.set(name, CANONICAL.get(name) ?? name);
  for (const alias of aliases) if (!CANONICAL.has(alias)) CANONICAL.set(alias, name);
}

/** The name that stands for a command and all its aliases. */
export function canonicalName(name: string): string {
  return CANONICAL.get(name) ?? name;
}

/** All names of one command, the canonical one first. */
export function commandNames(name: string): string[] {
  const canonical = canonicalName(name);
  return [canonical, ...(COMMANDS[canonical]?.aliases ?? []).filter((alias) => canonicalName(alias) === canonical)];
}

const known = new Map<string, OptionNames>();

function optionNames(key: string, rows: readonly string[]): OptionNames {
  const cached = known.get(key);
  if (cached) return cached;
  const names = new Map<string, KnownOption>();
  for (const row of rows) {
    const [spelled = '', type = ''] = row.split(' ');
    const spellings = spelled.split('|');
    const flag = type === '' || /^[@~^]/.test(type);
    const arity: Arity = flag ? 'none' : type.includes('?') ? 'optional' : 'one';
    for (const spelling of spellings) {
      const before = names.get(spelling);
      if (before === undefined || before.arity === 'none') names.set(spelling, { name: before?.name ?? (spellings[0] as string), arity });
    }
  }
  known.set(key, names);
  return names;
}

/** Tells options and positionals of a command apart. */
export function readOptions(command: Command): CommandView {
  const canonical = canonicalName(command.name.value);
  const row = COMMANDS[canonical];
  const names = optionNames(canonical, row?.options ?? []);
  const { options, positionals } = tellApart(command.args, names);
  return { command, canonical, options, positionals };
}

/** Tells the options of a section header apart from its other words. */
export function readSectionOptions({ name, header }: Section): { options: OptionUse[]; positionals: Word[] } {
  return tellApart(header.args, optionNames(`%${name}`, SECTIONS[name]?.options ?? []));
}

function tellApart(args: readonly Word[], names: OptionNames): { options: OptionUse[]; positionals: Word[] } {
  const options: OptionUse[] = [];
  const positionals: Word[] = [];
  for (let index = 0; index < args.length; index++) {
    const word = args[index] as Word;
    if (word.value === '--') {
      positionals.push(...args.slice(index + 1));
      break;
    }
    if (!word.value.startsWith('--')) {
      positionals.push(word);
      continue;
    }
    const equals = word.value.indexOf('=');
    const written = equals === -1 ? word.value : word.value.slice(0, equals);
    const found = find(names, written);
    const option: OptionUse = {
      name: found?.known.name ?? written,
      written,
      spelling: found?.spelling ?? written,
      known: found !== undefined,
      start: word.start,
      end: word.end,
      word,
    };
    if (found !== undefined && found.spelling !== written) option.abbreviated = true;
    if (word.template) option.template = true;
    if (equals !== -1) option.value = word.value.slice(equals + 1);
    else if (found !== undefined && found.known.arity !== 'none') {
      const next = args[index + 1];
      if (next !== undefined && !next.value.startsWith('--')) {
        option.value = next.value;
        option.valueWord = next;
        option.end = next.end;
        if (next.template) option.template = true;
        index++;
      }
    }
    options.push(option);
  }
  return { options, positionals };
}

function find(names: OptionNames, written: string): { known: KnownOption; spelling: string } | undefined {
  const exact = names.get(written);
  if (exact) return { known: exact, spelling: written };
  if (written.length < 3) return undefined;
  let match: { known: KnownOption; spelling: string } | undefined;
  for (const [spelling, option] of names) {
    if (!spelling.startsWith(written)) continue;
    if (match !== undefined && match.known.name !== option.name) return undefined;
    match ??= { known: option, spelling };
  }
  return match;
}

/** The last use of an option, which is the one that counts. */
export function option(view: { options: readonly OptionUse[] }, name: string): OptionUse | undefined {
  return lastUse(view.options, name);
}

/** Whether an option is given at all. */
export function has(view: { options: readonly OptionUse[] }, name: string): boolean {
  return option(view, name) !== undefined;
}

/** Where a command's words begin and end, without its line end. */
export function span({ command }: CommandView): { start: number; end: number } {
  const last = command.args.at(-1) ?? command.name;
  return { start: command.name.start, end: last.end };
}

/** Where an option's value stands, without `--name=`. */
export function valueSpan(use: OptionUse): { start: number; end: number } {
  if (use.valueWord) return { start: use.valueWord.start, end: use.valueWord.end };
  const equals = use.word.raw.indexOf('=');
  return equals === -1 ? { start: use.start, end: use.end } : { start: use.word.start + equals + 1, end: use.word.end };
}

/** Where the word before an offset ends; the words are in order. */
export function endBefore(name: Word, args: readonly Word[], offset: number): number {
  let low = 0;
  let high = args.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((args[middle] as Word).end <= offset) low = middle + 1;
    else high = middle;
  }
  return (args[low - 1] ?? name).end;
}
