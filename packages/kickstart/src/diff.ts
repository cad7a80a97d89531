import { type Release, releaseTitle } from './releases/releases.js';
import { type CommandSpec, type OptionSpec, type ReleaseTable, releaseTable } from './releases/table.js';

export type LanguageChangeKind = 'added' | 'removed' | 'deprecated' | 'will-be-removed' | 'changed' | 'restricted' | 'relaxed';

/** One difference between the languages of two releases. */
export interface LanguageChange {
  kind: LanguageChangeKind;
  /** `part`, `%packages`. */
  owner: string;
  /** `--size`; missing when the change is about the command or section itself. */
  option?: string;
  /** In one sentence. */
  text: string;
}

/** What changed in the language between two releases, by command and option; commands first, then sections, by name. */
export function diff(a: Release, b: Release): LanguageChange[] {
  const before = releaseTable(a);
  const after = releaseTable(b);
  return [...diffCommands(before, after), ...diffSections(before, after)];
}

type Status = CommandSpec['status'] | 'unknown';

function diffCommands(before: ReleaseTable, after: ReleaseTable): LanguageChange[] {
  const changes: LanguageChange[] = [];
  const title = releaseTitle(after.release);
  for (const name of [...new Set([...before.commands.keys(), ...after.commands.keys()])].sort()) {
    const [old, now] = [before.commands.get(name), after.commands.get(name)];
    const was: Status = old?.status ?? 'unknown';
    const is: Status = now?.status ?? 'unknown';
    const worked = was === 'active' || was === 'deprecated';
    const works = is === 'active' || is === 'deprecated';
    if (worked && !works) changes.push({ kind: 'removed', owner: name, text: `${title} has no "${name}"` });
    else if (!worked && is === 'active') changes.push({ kind: 'added', owner: name, text: `${title} has "${name}"` });
    else if (was === 'active' && is === 'deprecated') {
      changes.push({ kind: 'deprecated', owner: name, text: `${title} accepts "${name}" and does nothing for it` });
    }
    if (old?.status !== 'active' || now?.status !== 'active') continue;
    if (!old.warns && now.warns) changes.push({ kind: 'will-be-removed', owner: name, text: `${title} warns that "${name}" will go` });
    if (now.name !== name) continue;
    changes.push(...diffOptions(name, old.options, now.options, title), ...diffRules(name, old, now, title));
  }
  return changes;
}

function diffSections(before: ReleaseTable, after: ReleaseTable): LanguageChange[] {
  const title = releaseTitle(after.release);
  return [...after.sections].flatMap(([name, now]) => {
    const old = before.sections.get(name);
    const owner = `%${name}`;
    const warns: LanguageChange[] =
      old && !old.warns && now.warns ? [{ kind: 'will-be-removed', owner, text: `${title} warns that "${owner}" will go` }] : [];
    return [...warns, ...diffOptions(owner, old?.options ?? new Map(), now.options, title)];
  });
}

type Options = ReadonlyMap<string, OptionSpec>;

function diffOptions(owner: string, before: Options, after: Options, title: string): LanguageChange[] {
  const changes: LanguageChange[] = [];
  for (const option of [...new Set([...before.keys(), ...after.keys()])].sort()) {
    const [old, now] = [before.get(option), after.get(option)];
    const add = (kind: LanguageChangeKind, text: string) => changes.push({ kind, owner, option, text });
    if (now === undefined) add('removed', `${title} does not take ${option}`);
    else if (old === undefined) add('added', `${title} takes ${option}${takes(now)}`);
    else {
      if (now.deprecated && !old.deprecated) add('deprecated', `${title} accepts ${option} and does nothing for it`);
      else if (now.warns && !old.warns) add('will-be-removed', `${title} warns that ${option} will go`);
      if (takes(old) !== takes(now)) add('changed', `${option} takes${takes(now) || ' no value'}; before,${takes(old) || ' no value'}`);
      if (old.required !== now.required)
        add(now.required ? 'restricted' : 'relaxed', `${option} ${now.required ? 'is required' : 'may be left out'}`);
    }
  }
  return changes;
}

function takes({ type, choices }: OptionSpec): string {
  if (type === 'flag') return '';
  return choices === undefined ? ` ${NAMES[type] ?? 'a value'}` : ` one of ${choices.join(', ')}`;
}

const NAMES: Partial<Record<OptionSpec['type'], string>> = {
  bool: 'yes or no',
  device: 'a device',
  int: 'a whole number',
  list: 'a list',
  string: 'a text',
};

function diffRules(owner: string, old: CommandSpec, now: CommandSpec, title: string): LanguageChange[] {
  const changes: LanguageChange[] = [];
  for (const other of now.conflicts.filter((name) => !old.conflicts.includes(name))) {
    changes.push({ kind: 'restricted', owner, text: `${title} does not take "${owner}" together with "${other}"` });
  }
  for (const other of old.conflicts.filter((name) => !now.conflicts.includes(name))) {
    changes.push({ kind: 'relaxed', owner, text: `${title} takes "${owner}" together with "${other}"` });
  }
  if (old.many !== now.many) {
    const text = now.many ? `"${owner}" may stand more than once` : `of several "${owner}", the last one counts`;
    changes.push({ kind: now.many ? 'relaxed' : 'restricted', owner, text });
  }
  const signature = (spec: CommandSpec) => spec.positionals.map(({ count }) => count).join(' ');
  if (old.args !== now.args)
    changes.push({ kind: 'changed', owner, text: `words of "${owner}" are read ${READ[now.args]}; before, ${READ[old.args]}` });
  else if (signature(old) !== signature(now)) {
    changes.push({ kind: 'changed', owner, text: `"${owner}" takes ${words(now)}; before, ${words(old)}` });
  }
  return changes;
}

const READ: Record<CommandSpec['args'], string> = {
  options: 'as options',
  raw: 'as they stand',
  none: 'as an error',
  ignored: 'not at all',
  getopt: 'as options, dashes or not',
};

const COUNTS = { '1': 'one', '?': 'none or one', '*': 'any number' };

function words({ positionals }: CommandSpec): string {
  return positionals.length === 0 ? 'no words' : positionals.map(({ name, count }) => `${COUNTS[count]} ${name}`).join(' and ');
}
