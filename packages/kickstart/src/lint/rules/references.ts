import { mayExclude } from '../../branches.js';
import { type CommandView, has, option, span, valueSpan } from '../../read-options.js';
import type { LintContext, Rule } from '../rule.js';

/** `pv.01`, `raid.11`, `btrfs.a`: names of parts that another command builds on. */
const MEMBER = /^(?:pv|raid|btrfs)\.\S*$/;

interface Place {
  start: number;
  end: number;
}

interface Storage {
  members: Map<string, Place>;
  usedMembers: Set<string>;
  groups: Map<string, Place>;
  usedGroups: Set<string>;
  pools: Set<string>;
}

/** Where the name a command defines stands. */
function mountPoint({ positionals }: CommandView) {
  return positionals[0];
}

const MAKERS = ['part', 'raid', 'logvol', 'btrfs'];

/** The words of a command that name members it is built from. */
function memberWords(view: CommandView) {
  return view.canonical === 'volgroup' || view.canonical === 'raid' || view.canonical === 'btrfs' ? view.positionals.slice(1) : [];
}

function memberUsesOf(context: LintContext): { word: string; place: Place }[] {
  const uses: { word: string; place: Place }[] = [];
  for (const name of ['volgroup', 'raid', 'btrfs']) {
    for (const view of context.find(name)) {
      for (const word of memberWords(view)) if (!word.template) uses.push({ word: word.value, place: word });
    }
  }
  for (const view of context.find('logvol')) {
    const cache = option(view, '--cachepvs');
    if (cache?.value !== undefined && !cache.template) {
      for (const name of cache.value.split(',')) if (name) uses.push({ word: name, place: valueSpan(cache) });
    }
  }
  return uses;
}

function storageOf(context: LintContext): Storage {
  const storage: Storage = { members: new Map(), usedMembers: new Set(), groups: new Map(), usedGroups: new Set(), pools: new Set() };
  for (const view of context.findAll(MAKERS)) {
    const word = mountPoint(view);
    if (word && MEMBER.test(word.value) && !storage.members.has(word.value)) storage.members.set(word.value, word);
  }
  for (const { word } of context.once(memberUsesOf)) storage.usedMembers.add(word);
  for (const view of context.find('volgroup')) {
    const word = view.positionals[0];
    if (word && !storage.groups.has(word.value)) storage.groups.set(word.value, word);
  }
  for (const view of context.find('logvol')) {
    const group = option(view, '--vgname')?.value;
    if (group !== undefined) storage.usedGroups.add(group);
    const name = option(view, '--name')?.value;
    if (has(view, '--thinpool') && name !== undefined && group !== undefined) storage.pools.add(`${group}/${name}`);
  }
  return storage;
}

/** Included files or templates may hold the other half, so nothing is said of names then. */
function isOpen({ document }: LintContext): boolean {
  return document.children.some(({ type }) => type === 'include' || type === 'ksappend' || type === 'template');
}

const keeps = (view: CommandView) => has(view, '--useexisting') || has(view, '--noformat');

export const references: readonly Rule[] = [
  {
    code: 'ks/undefined-reference',
    severity: 'error',
    presets: ['recommended', 'unattended'],
    summary: 'A volume group, array or logical volume is built on something that the file does not define.',
    docs: 'The parser accepts `volgroup vg pv.99` and `logvol --vgname=nope`; the installation stops at partitioning. Existing volumes (`--useexisting`, `--noformat`) need no definition.',
    example: 'part pv.01 --size=1000\nvolgroup vg pv.02\n',
    run(context) {
      if (context.once(isOpen)) return;
      const storage = context.once(storageOf);
      for (const { word, place } of context.once(memberUsesOf)) {
        if (MEMBER.test(word) && !storage.members.has(word)) {
          context.report({ start: place.start, end: place.end, message: `"${word}" is not defined by a part, raid or logvol command` });
        }
      }
      for (const view of context.find('logvol')) {
        const group = option(view, '--vgname');
        if (group?.value === undefined || group.template || keeps(view)) continue;
        if (!storage.groups.has(group.value)) {
          context.report({ ...valueSpan(group), message: `Volume group "${group.value}" is not defined by a volgroup command` });
          continue;
        }
        const pool = option(view, '--poolname');
        if (pool?.value !== undefined && !pool.template && has(view, '--thin') && !storage.pools.has(`${group.value}/${pool.value}`)) {
          context.report({ ...valueSpan(pool), message: `No logvol --thinpool makes the pool "${pool.value}" in "${group.value}"` });
        }
      }
    },
  },
  {
    code: 'ks/unused-reference',
    severity: 'warning',
    presets: ['recommended', 'unattended'],
    summary: 'A physical volume, array member or volume group is made and then not used.',
    docs: 'A `pv.`, `raid.` or `btrfs.` part that no command takes up makes the installer stop, or wastes its space.',
    example: 'part pv.01 --size=1000\npart / --size=8000\n',
    run(context) {
      if (context.once(isOpen)) return;
      const storage = context.once(storageOf);
      for (const [name, place] of storage.members) {
        if (!storage.usedMembers.has(name)) {
          context.report({ start: place.start, end: place.end, message: `"${name}" is defined and not used` });
        }
      }
      for (const view of context.find('volgroup')) {
        const word = view.positionals[0];
        if (!word || word.template || storage.usedGroups.has(word.value) || keeps(view)) continue;
        context.report({ start: word.start, end: word.end, message: `No logvol uses the volume group "${word.value}"` });
      }
    },
  },
  {
    code: 'ks/duplicate-definition',
    severity: 'error',
    presets: ['recommended', 'unattended'],
    summary: 'The same mount point, member or volume name is defined twice.',
    docs: 'Two commands that claim one name contradict each other; the parser only warns, the installer fails or takes the last.',
    example: 'part /boot --size=500\npart /boot --size=1000\n',
    run(context) {
      if (context.once(isOpen)) return;
      const seen = new Map<string, Place>();
      const note = (key: string, what: string, place: Place) => {
        const first = seen.get(key);
        if (first === undefined) seen.set(key, place);
        else if (!mayExclude(context.document, first.start, place.start)) {
          context.report({
            start: place.start,
            end: place.end,
            message: `${what} is defined twice`,
            related: [{ ...first, message: 'first defined here' }],
          });
        }
      };
      for (const view of context.findAll([...MAKERS, 'mount'])) {
        const word = view.canonical === 'mount' ? view.positionals[1] : mountPoint(view);
        if (word === undefined || word.template || word.value === 'swap' || /^(?:none|biosboot|prepboot|appleboot)$/i.test(word.value))
          continue;
        note(`point:${word.value}`, `"${word.value}"`, span(view));
      }
      for (const view of context.find('logvol')) {
        const name = option(view, '--name');
        const group = option(view, '--vgname')?.value;
        if (name?.value === undefined || group === undefined || name.template) continue;
        note(`volume:${group}/${name.value}`, `Logical volume "${name.value}" of "${group}"`, valueSpan(name));
      }
      for (const view of context.find('volgroup')) {
        const word = view.positionals[0];
        if (word && !word.template) note(`group:${word.value}`, `Volume group "${word.value}"`, word);
      }
      for (const view of context.find('user')) {
        const name = option(view, '--name');
        if (name?.value !== undefined && !name.template) note(`user:${name.value}`, `User "${name.value}"`, valueSpan(name));
      }
    },
  },
];
