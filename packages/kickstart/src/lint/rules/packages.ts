import { isGroupOption } from '../../packages.js';
import type { PackageEntry } from '../../tree.js';
import type { LintContext, Rule } from '../rule.js';

/** The entries of all sections whose names are known. */
function entriesOf({ sections }: LintContext): PackageEntry[] {
  const found: PackageEntry[] = [];
  for (const { kind, body } of sections) {
    if (kind !== 'packages') continue;
    for (const node of body) if (node.type === 'entry' && !node.template) found.push(node);
  }
  return found;
}

export const packageRules: readonly Rule[] = [
  {
    code: 'ks/space-after-minus',
    severity: 'error',
    presets: ['recommended', 'unattended'],
    summary: 'Blanks between - and the name of a package become part of the name.',
    docs: '`- vim` excludes a package called " vim", which is none, so vim is installed.',
    example: '%packages\n- vim\n%end\n',
    run(context) {
      for (const { exclude, name, entryStart, entryEnd } of context.once(entriesOf)) {
        if (!exclude || !/^[ \t]/.test(name)) continue;
        const from = entryStart + 1;
        const blanks = /^[ \t]+/.exec(context.text.slice(from, entryEnd))?.[0].length ?? 0;
        const fix = { title: 'Remove the blanks', edits: [{ start: from, end: from + blanks, newText: '' }] };
        context.report({ start: entryStart, end: entryEnd, message: `The name excluded here is "${name}", blank included`, fix });
      }
    },
  },
  {
    code: 'ks/several-names-on-line',
    severity: 'error',
    presets: ['recommended', 'unattended'],
    summary: 'A line of %packages holds one name; this one holds several.',
    docs: '`vim nano` asks for one package called "vim nano".',
    example: '%packages\nvim nano\n%end\n',
    run(context) {
      for (const { kind, name, exclude, entryStart, entryEnd } of context.once(entriesOf)) {
        if (kind !== 'package' || !/[ \t]/.test(name)) continue;
        const names = name.trim().split(/[ \t]+/);
        if (names.length < 2) continue;
        const separate = names.map((one) => (exclude ? `-${one.replace(/^-/, '')}` : one)).join('\n');
        context.report({
          start: entryStart,
          end: entryEnd,
          message: `One package called "${name.trim()}" is asked for`,
          fix: { title: 'One name a line', edits: [{ start: entryStart, end: entryEnd, newText: separate }] },
        });
      }
    },
  },
  {
    code: 'ks/unknown-group-option',
    severity: 'error',
    presets: ['recommended', 'unattended'],
    summary: 'Unknown options behind a group become part of its name.',
    docs: 'A group line knows `--nodefaults` and `--optional` only.',
    example: '%packages\n@core --all\n%end\n',
    run(context) {
      for (const { kind, name, options } of context.once(entriesOf)) {
        if (kind === 'package') continue;
        for (const word of options) {
          if (isGroupOption(word)) continue;
          context.report({ start: word.start, end: word.end, message: `The group asked for is called "${name}"` });
        }
      }
    },
  },
  {
    code: 'ks/package-both-ways',
    severity: 'warning',
    presets: ['recommended', 'unattended'],
    summary: 'A package is asked for and excluded; the later line wins.',
    docs: 'Keep the line that is meant.',
    example: '%packages\nvim\n-vim\n%end\n',
    run(context) {
      const entries = context.once(entriesOf);
      const excluded = new Set(entries.filter(({ exclude }) => exclude).map(({ name }) => name));
      if (excluded.size === 0) return;
      const seen = new Map<string, PackageEntry>();
      for (const entry of entries) {
        if (entry.kind === 'environment' || !excluded.has(entry.name)) continue;
        const key = `${entry.kind}:${entry.name}`;
        const before = seen.get(key);
        if (before && before.exclude !== entry.exclude) {
          context.report({
            start: entry.entryStart,
            end: entry.entryEnd,
            message: `"${entry.name}" is ${entry.exclude ? 'excluded here and asked for before' : 'asked for here and excluded before'}`,
            related: [{ start: before.entryStart, end: before.entryEnd, message: 'the other line' }],
          });
        }
        seen.set(key, entry);
      }
    },
  },
  {
    code: 'ks/several-environments',
    severity: 'warning',
    presets: ['recommended', 'unattended'],
    summary: 'More than one @^environment; the last one wins.',
    docs: 'An installation has one environment. Ask for further software with groups.',
    example: '%packages\n@^minimal-environment\n@^server-product-environment\n%end\n',
    run(context) {
      const chosen = context.once(entriesOf).filter(({ kind, exclude }) => kind === 'environment' && !exclude);
      const last = chosen.at(-1);
      for (const entry of chosen.slice(0, -1)) {
        if (last === undefined || entry.name === last.name) continue;
        context.report({
          start: entry.entryStart,
          end: entry.entryEnd,
          message: `A later line asks for the environment "${last.name}" instead`,
          related: [{ start: last.entryStart, end: last.entryEnd, message: 'the one that counts' }],
        });
      }
    },
  },
];
