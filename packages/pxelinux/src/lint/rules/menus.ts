import type { CoreModel, MenuEntry, Origin } from '../../model.js';
import { firstWord, named, type Statement } from '../../outline.js';
import { directiveRange, type LintContext, type Rule, valueRange } from '../rule.js';

/** Names that a file can have and a slip of a label hardly has. */
const LOOKS_LIKE_FILE = /[/.:]/;

/** Whether labels may be missing from the model because included files were not read. */
function isPartial({ core }: LintContext): boolean {
  return core.missing.length > 0;
}

const NAMES_LABEL = ['DEFAULT', 'ONTIMEOUT', 'ONERROR'];

export const defaultNotFound: Rule = {
  code: 'pxelinux/default-not-found',
  severity: 'error',
  engines: ['core', 'menu', 'uboot'],
  *check(context) {
    const { core, options, outline } = context;
    const last = NAMES_LABEL.flatMap((name) => named(outline, name).at(-1) ?? []);
    if (last.length === 0 || isPartial(context)) return;
    const labels = new Set<string>();
    for (const { entries } of core.menus) for (const { label } of entries) if (label !== null) labels.add(label);
    if (labels.size === 0) return;
    for (const statement of last) {
      const word = firstWord(statement.value);
      if (word === '' || labels.has(word) || LOOKS_LIKE_FILE.test(word)) continue;
      const isFile = ['', '.c32', '.img', '.bss', '.bin', '.bs', '.0'].some((end) => options.tree?.has(word + end));
      if (isFile) continue;
      const close = [...labels].find((label) => label.toLowerCase() === word.toLowerCase());
      yield {
        ...valueRange(statement),
        message: close
          ? `There is no label "${word}"; case counts, and there is "${close}"`
          : `There is no label "${word}", so the loader looks for a file of this name`,
        ...(close && {
          fix: {
            title: `Write ${close}`,
            edits: [{ start: statement.valueOffset, end: statement.valueOffset + word.length, newText: close }],
          },
        }),
      };
    }
  },
};

/** An entry with where its LABEL stands. */
interface Named {
  entry: MenuEntry;
  origin: Origin;
}

/** Entries with a label always know where it stands. */
function located(entry: MenuEntry): Named {
  return { entry, origin: entry.origins.label as Origin };
}

/** The entries whose label others have, too, by label. */
function withSameLabel({ menus }: CoreModel): Map<string, Named[]> {
  const firsts = new Map<string, MenuEntry>();
  const groups = new Map<string, Named[]>();
  for (const { entries } of menus) {
    for (const entry of entries) {
      const { label } = entry;
      if (label === null) continue;
      const first = firsts.get(label);
      if (first === undefined) firsts.set(label, entry);
      else {
        const group = groups.get(label) ?? [located(first)];
        groups.set(label, group);
        group.push(located(entry));
      }
    }
  }
  return groups;
}

/** Entries that only lead somewhere else; distributions give all of them one name. */
const LEADS_AWAY = new Set<MenuEntry['action']>(['exit', 'goto', 'quit', 'disabled']);

export const duplicateLabel: Rule = {
  code: 'pxelinux/duplicate-label',
  severity: 'warning',
  engines: ['core', 'menu', 'uboot'],
  *check({ core, file, at }) {
    for (const [name, all] of withSameLabel(core)) {
      if (all.every(({ origin }) => origin.file === file)) all.sort((a, b) => a.origin.line - b.origin.line);
      const [first, ...others] = all as [Named, ...Named[]];
      const original = at(first.origin);
      for (const { entry, origin } of others) {
        const statement = at(origin);
        if (!statement) continue;
        const harmless = LEADS_AWAY.has(entry.action) || entry.cmdline === first.entry.cmdline;
        yield {
          ...valueRange(statement),
          severity: harmless ? 'info' : 'warning',
          message: `"${name}" stands in ${original ? `line ${first.origin.line}` : first.origin.file} already; DEFAULT and the boot prompt find that one`,
          ...(original && { related: [{ message: 'The first one', ...valueRange(original) }] }),
        };
      }
    }
  },
};

export const hotkeyClash: Rule = {
  code: 'pxelinux/hotkey-clash',
  severity: 'warning',
  engines: ['menu'],
  *check({ menu, at }) {
    for (const { entries } of menu.menus) {
      const owners = new Map(entries.flatMap((entry) => (entry.hotkey === undefined ? [] : [[entry.hotkey, entry] as const])));
      for (const entry of entries) {
        const caret = entry.display.indexOf('^');
        const statement = at(entry.origins.display);
        if (entry.hotkey !== undefined || entry.action === 'disabled' || caret === -1 || statement?.name !== 'MENU LABEL') continue;
        const key = entry.display.charCodeAt(caret + 1);
        const owner = owners.get(key & ~0x20);
        if (!owner || owner === entry) continue;
        const original = at(owner.origins.display);
        const start = statement.valueOffset + statement.value.indexOf('^');
        yield {
          start,
          end: start + 2,
          ...(LEADS_AWAY.has(entry.action) && { severity: 'info' }),
          message: `The key "${String.fromCharCode(key)}" belongs to "${owner.display.replaceAll('^', '')}" already`,
          ...(original && { related: [{ message: 'The one that has it', ...valueRange(original) }] }),
        };
      }
    }
  },
};

export const menuDefaultTwice: Rule = {
  code: 'pxelinux/menu-default-twice',
  severity: 'warning',
  engines: ['core', 'menu'],
  *check({ outline }) {
    const last = new Map<number, Statement>();
    const all = named(outline, 'MENU DEFAULT').filter(({ label }) => label);
    for (const statement of all) last.set(statement.menu, statement);
    for (const statement of all) {
      const winner = last.get(statement.menu);
      if (!winner || winner === statement) continue;
      yield {
        ...directiveRange(statement),
        message: `The last MENU DEFAULT of a menu counts: the one in line ${winner.line}`,
        related: [{ message: 'The one that counts', ...directiveRange(winner) }],
      };
    }
  },
};

export const unknownTag: Rule = {
  code: 'pxelinux/unknown-tag',
  severity: 'error',
  engines: ['core', 'menu'],
  *check(context) {
    if (isPartial(context)) return;
    const { outline, menu } = context;
    const tags = new Set(menu.menus.map(({ tag }) => tag));
    for (const statement of [...named(outline, 'MENU GOTO'), ...named(outline, 'MENU EXIT')]) {
      const { name, value, rawValue } = statement;
      if (!statement.label) continue;
      if (name === 'MENU EXIT' && value === '') {
        if (statement.menu === 0 && menu.menus.length > 2 && context.file === menu.files[0]) {
          yield {
            ...directiveRange(statement),
            severity: 'warning',
            message: 'MENU EXIT in the first menu leads nowhere; the entry boots',
          };
        }
        continue;
      }
      if (tags.has(rawValue)) continue;
      yield {
        ...valueRange(statement),
        message: tags.has(value)
          ? `The blank after "${value}" counts: no menu has this tag`
          : `No menu has the tag "${value}"; the entry cannot be chosen`,
      };
    }
  },
};

/** A file may well be included twice, in two menus; one that stands there this often includes itself. */
const TOO_OFTEN = 15;

export const includeLoop: Rule = {
  code: 'pxelinux/include-loop',
  severity: 'error',
  engines: ['core', 'menu', 'uboot'],
  *check({ outline, core }) {
    const times = new Map<string, number>();
    for (const name of core.files) times.set(name, (times.get(name) ?? 0) + 1);
    for (const statement of [...named(outline, 'INCLUDE'), ...named(outline, 'MENU INCLUDE')]) {
      const name = firstWord(statement.value);
      if ((times.get(name) ?? 0) < TOO_OFTEN) continue;
      yield { ...valueRange(statement), message: `${name} includes itself; the loader reads on for ever` };
    }
  },
};
