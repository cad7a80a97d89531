import { COMMANDS } from './commands.js';
import { CONSTRAINTS, type Constraint } from './constraints.js';
import { inRange, type Release } from './releases.js';
import { SECTIONS } from './sections.js';

/** `flag` takes no value; `enum` and `ienum` (case ignored) take one of `choices`. */
export type ValueType =
  | 'flag'
  | 'string'
  | 'int'
  | 'bool'
  | 'list'
  | 'enum'
  | 'ienum'
  | 'device'
  | 'mountpoint'
  | 'raid-device'
  | 'team-slaves';

export interface OptionSpec {
  /** All names, the first being the usual one. */
  names: readonly string[];
  type: ValueType;
  choices?: readonly string[];
  required: boolean;
  /** The value may be left out. */
  optionalValue: boolean;
  /** Each use adds to the ones before it; otherwise the last one counts. */
  repeat: boolean;
  /** Accepted and without effect. */
  deprecated: boolean;
  /** Works, with a warning that it will not always. */
  warns: boolean;
}

export interface PositionalSpec {
  name: string;
  type: ValueType;
  choices?: readonly string[];
  count: '1' | '?' | '*';
}

export interface CommandSpec {
  /** The usual name: `part` for `partition`, `halt` for `reboot`. */
  name: string;
  aliases: readonly string[];
  status: 'active' | 'deprecated' | 'removed';
  many: boolean;
  warns: boolean;
  /** How words are read: as options and positionals, or as the row says. */
  args: 'options' | 'raw' | 'none' | 'ignored' | 'getopt';
  /** By every name. */
  options: ReadonlyMap<string, OptionSpec>;
  positionals: readonly PositionalSpec[];
  constraints: readonly Constraint[];
  /** Commands that must not stand in the same file, by their usual names. */
  conflicts: readonly string[];
}

export interface SectionSpec {
  options: ReadonlyMap<string, OptionSpec>;
  warns: boolean;
}

/** The language of one release. */
export interface ReleaseTable {
  release: Release;
  /** By every name; a name that is missing is unknown to the release. */
  commands: ReadonlyMap<string, CommandSpec>;
  /** By name without `%`. */
  sections: ReadonlyMap<string, SectionSpec>;
}

const tables = new Map<Release, ReleaseTable>();

/** The language of a release; made on first use and kept. */
export function releaseTable(release: Release): ReleaseTable {
  let table = tables.get(release);
  if (table === undefined) {
    table = buildTable(release);
    tables.set(release, table);
  }
  return table;
}

function buildTable(release: Release): ReleaseTable {
  const commands = new Map<string, CommandSpec>();
  for (const [name, row] of Object.entries(COMMANDS)) {
    const status = inRange(row.in, release)
      ? 'active'
      : inRange(row.deprecated, release)
        ? 'deprecated'
        : inRange(row.removed, release)
          ? 'removed'
          : undefined;
    if (status === undefined) continue;
    const { args = {} } = row;
    const spec: CommandSpec = {
      name,
      aliases: row.aliases ?? [],
      status,
      many: row.many === true || inRange(row.many, release),
      warns: inRange(row.warns, release),
      args: (['raw', 'none', 'ignored', 'getopt'] as const).find((kind) => inRange(args[kind], release)) ?? 'options',
      options: optionMap(row.options ?? [], release),
      positionals: (row.positionals ?? []).flatMap((text) => positionalSpec(text, release)),
      constraints: (CONSTRAINTS[name] ?? []).filter((constraint) => inRange(constraint.in, release)),
      conflicts: Object.entries(row.conflicts ?? {}).flatMap(([other, range]) => (inRange(range, release) ? [other] : [])),
    };
    for (const key of [name, ...spec.aliases]) commands.set(key, spec);
  }
  const sections = new Map<string, SectionSpec>();
  for (const [name, row] of Object.entries(SECTIONS)) {
    sections.set(name, { options: optionMap(row.options, release), warns: inRange(row.warns, release) });
  }
  return { release, commands, sections };
}

function optionMap(rows: readonly string[], release: Release): Map<string, OptionSpec> {
  const options = new Map<string, OptionSpec>();
  for (const row of rows) {
    const fields = row.split(' ');
    const marked = (mark: string) => fields.find((field) => field.startsWith(mark))?.slice(1);
    const within = marked('@');
    if (within !== undefined && !inRange(within, release)) continue;
    const written = fields[1] !== undefined && !'@~^'.includes(fields[1][0] as string) ? fields[1] : 'flag';
    const spec: OptionSpec = {
      names: (fields[0] as string).split('|'),
      ...valueType(written),
      required: written.includes('!'),
      optionalValue: written.includes('?'),
      repeat: written.includes('+'),
      deprecated: inRange(marked('~'), release),
      warns: inRange(marked('^'), release),
    };
    for (const name of spec.names) options.set(name, spec);
  }
  return options;
}

function positionalSpec(row: string, release: Release): PositionalSpec[] {
  const [name, type, count, within] = row.split(' ') as [string, string, PositionalSpec['count'], string?];
  if (within !== undefined && !inRange(within.slice(1), release)) return [];
  return [{ name, ...valueType(type), count }];
}

function valueType(written: string): { type: ValueType; choices?: string[] } {
  const [type, choices] = written.replace(/[!?+]/g, '').split(':') as [ValueType, string?];
  return choices === undefined ? { type } : { type, choices: choices.split('|') };
}
