import { type Arguments, allPositionals, lastUse, type OptionUse } from '../arguments.js';
import type { Word } from '../lex.js';
import type { Constraint } from '../releases/constraints.js';
import type { CommandSpec } from '../releases/table.js';
import type { Command } from '../tree.js';
import { parseInteger } from '../values.js';
import type { CheckContext, Span } from './context.js';

/** Checks what the options and words of one line have to do with each other. */
export function checkConstraints(command: Command, spec: CommandSpec, read: Arguments, context: CheckContext): void {
  if (spec.constraints.length === 0) return;
  const line = new LineFacts(command, read, context.asPykickstart ? keepOptions(spec, read, context) : undefined);
  for (const constraint of spec.constraints) {
    if (!(constraint.beyond && context.asPykickstart) && applies(constraint, line)) checkOne(constraint, line, context);
  }
}

/**
 * Commands whose object in pykickstart keeps the value of an option when a later line of the same command does not give it. So
 * `services --enabled=a` makes a later bare `services` good, and `ignoredisk --drives=a` makes a
 * later `ignoredisk --only-use=b` bad.
 */
const KEPT: Readonly<Record<string, readonly string[]>> = {
  services: ['--enabled', '--disabled'],
  keyboard: ['--xlayouts'],
  ignoredisk: ['--drives', '--only-use'],
  timezone: ['--ntpservers'],
};

/** The options kept from earlier lines; those of this line are added for the next. */
function keepOptions({ name }: CommandSpec, read: Arguments, context: CheckContext): OptionUse[] {
  const options = KEPT[name] ?? [];
  const kept = options.flatMap((option) => context.kept.get(`${name} ${option}`) ?? []);
  for (const use of read.options) if (options.includes(use.name)) context.kept.set(`${name} ${use.name}`, use);
  return kept;
}

/** What the words are of commands that cannot do without. */
const WORDS: Readonly<Record<string, string>> = {
  volgroup: 'the name of the volume group',
  rootpw: 'a password',
  sshpw: 'a password',
  keyboard: 'a layout',
  key: 'an installation number',
  driverdisk: 'a partition',
  mouse: 'a type of mouse',
  timezone: 'a time zone',
};

class LineFacts {
  readonly words: readonly Word[];
  /** Something on the line is filled in later, so nothing can be said to be missing. */
  readonly open: boolean;

  constructor(
    readonly command: Command,
    readonly read: Arguments,
    readonly kept: readonly OptionUse[] = [],
  ) {
    this.words = allPositionals(read);
    this.open = command.args.some((word) => word.template);
  }

  /** Given, and neither empty nor an empty list nor 0; `@0` is the first positional word, `--option=value` a value of an option. */
  given(what: string): boolean {
    if (what.startsWith('@')) return this.words.length > Number(what.slice(1));
    const equals = what.indexOf('=');
    if (equals !== -1) return this.value(what.slice(0, equals)) === what.slice(equals + 1);
    const use = this.use(what);
    if (use === undefined) return false;
    if (use.value === undefined) return true;
    if (use.spec.type === 'int') return parseInteger(use.value) !== 0;
    return use.spec.type === 'list' ? use.value.split(',').some((part) => part.trim() !== '') : use.value !== '';
  }

  use(name: string): OptionUse | undefined {
    return lastUse(this.read.options, name) ?? lastUse(this.kept, name);
  }

  /** The value of an option as the installer compares it: in lower case where case does not matter. */
  value(option: string): string | undefined {
    const use = this.use(option);
    return use?.spec.type === 'ienum' ? use.value?.toLowerCase() : use?.value;
  }

  at(what: string): Span {
    if (what.startsWith('@')) return this.words[Number(what.slice(1))] ?? this.command.name;
    return this.use(what.split('=', 1)[0] as string)?.word ?? this.command.name;
  }
}

function applies(constraint: Constraint, line: LineFacts): boolean {
  if (constraint.as !== undefined && constraint.as !== line.command.name.value) return false;
  if (constraint.if !== undefined && !line.given(constraint.if)) return false;
  if (constraint.and !== undefined && !line.given(constraint.and)) return false;
  if (constraint.unless?.some((option) => line.given(option))) return false;
  return constraint.ifFirstWord === undefined || constraint.ifFirstWord === line.words[0]?.value;
}

function checkOne(constraint: Constraint, line: LineFacts, context: CheckContext): void {
  const name = line.command.name.value;
  const subject = constraint.if ?? name;
  const needs = (wanted: string) => {
    if (line.open) return;
    const at = constraint.if === undefined ? line.command.name : line.at(constraint.if);
    context.error('ks/option-needs', at, `"${subject}" needs ${wanted}`);
  };
  for (const option of constraint.require ?? []) if (!line.given(option)) needs(say(option));
  const { requireValue } = constraint;
  if (requireValue && !line.use(requireValue.option)?.value?.startsWith(requireValue.prefix)) {
    needs(`a ${say(requireValue.option)} that begins with "${requireValue.prefix}"`);
  }
  if (constraint.requireAny && !constraint.requireAny.some((option) => line.given(option))) needs(any(constraint.requireAny));
  for (const option of constraint.forbid ?? []) {
    if (line.given(option)) context.error('ks/option-conflict', line.at(option), `"${subject}" and ${say(option)} exclude each other`);
  }
  const only = constraint.atMostOne ?? constraint.exactlyOne;
  const given = only?.filter((option) => line.given(option)) ?? [];
  if (given.length > 1) context.error('ks/option-conflict', line.at(given[1] as string), `Only one of ${list(only ?? [])} can be given`);
  const wanted = constraint.atLeastOne ?? constraint.exactlyOne;
  if (wanted && !line.open && !wanted.some((option) => line.given(option))) {
    const bare = wanted.some((option) => option.startsWith('@'));
    context.error(bare ? 'ks/missing-argument' : 'ks/missing-option', line.command.name, `"${name}" needs ${any(wanted, WORDS[name])}`);
  }
  if (constraint.together) {
    const [here, missing] = [constraint.together.filter((o) => line.given(o)), constraint.together.filter((o) => !line.given(o))];
    if (here.length > 0 && missing.length > 0 && !line.open) {
      context.error('ks/option-needs', line.at(here[0] as string), `${say(here[0] as string)} needs ${list(missing)}`);
    }
  }
  const { minPositionals, maxPositionals, minArgs } = constraint;
  const few = (minPositionals !== undefined && line.words.length < minPositionals) || (minArgs && line.command.args.length < minArgs);
  if (few && !line.open)
    context.error(
      'ks/missing-argument',
      line.command.name,
      `"${name}" needs ${minPositionals === 2 ? 'two words' : (WORDS[name] ?? 'a word')}`,
    );
  const surplus = maxPositionals === undefined ? undefined : line.words[maxPositionals];
  if (surplus)
    context.error('ks/unexpected-argument', surplus, `"${name}" takes ${maxPositionals === 1 ? 'one word' : `${maxPositionals} words`}`);
  if (constraint.value !== undefined || constraint.positional !== undefined) checkValue(constraint, line, context);
}

function checkValue(constraint: Constraint, line: LineFacts, context: CheckContext): void {
  const use = constraint.value === undefined ? undefined : line.use(constraint.value);
  const word = constraint.positional === undefined ? use?.valueWord : line.words[constraint.positional];
  const value = constraint.value === undefined ? word?.value : line.value(constraint.value);
  if (word === undefined || value === undefined || word.template) return;
  const expected = wantedValue(value, constraint);
  if (expected === undefined) return;
  const subject = constraint.value ?? `word ${(constraint.positional as number) + 1}`;
  context.error('ks/invalid-value', word, `"${value}": ${subject} must ${expected} in ${context.title}`);
}

/** What the value must do and does not, or `undefined` when it is good. An empty value is the same as none. */
function wantedValue(value: string, constraint: Constraint): string | undefined {
  const { not, oneOf, prefix, notPrefix, notContains, pattern, eachPattern, min, max } = constraint;
  if (constraint.nonEmpty && value === '') return 'not be empty';
  if (not?.includes(value)) return `not be ${not.join(' or ')}`;
  if (value !== '' && oneOf && !oneOf.includes(value)) return `be one of ${oneOf.join(', ')}`;
  if (prefix && !prefix.some((start) => value.startsWith(start))) return `begin with ${prefix.join(' or ')}`;
  const bad = notPrefix?.find((start) => value.startsWith(start));
  if (bad !== undefined) return `not begin with ${bad}`;
  if (notContains !== undefined && value.includes(notContains)) return `not contain "${notContains}"`;
  if (pattern !== undefined && !new RegExp(pattern).test(value)) return `fit ${pattern}`;
  if (value !== '' && eachPattern !== undefined && !value.split(',').every((part) => new RegExp(eachPattern).test(part)))
    return 'be key=value,key=value';
  const number = min === undefined && max === undefined ? undefined : parseInteger(value);
  if (number !== undefined && min !== undefined && number < min) return `be at least ${min}`;
  if (number !== undefined && max !== undefined && number > max) return `be at most ${max}`;
  return undefined;
}

function say(option: string, word = 'a word'): string {
  return option.startsWith('@') ? word : `"${option}"`;
}

function list(options: readonly string[]): string {
  return options.map((option) => say(option)).join(', ');
}

function any(options: readonly string[], word?: string): string {
  return options.map((option) => say(option, word)).join(' or ');
}
