import { compareDiagnostics, type Diagnostic, type Severity } from '@pxekit/diagnostics';
import { type CommandView, readOptions } from '../read-options.js';
import type { Document, Section } from '../tree.js';
import type { LintContext, Preset, Rule } from './rule.js';
import { RULES } from './rules/index.js';
import { withoutSuppressed } from './suppress.js';

export interface LintOptions {
  /** Release the file is for: `RHEL9`. Rules that depend on it then know; without it they speak for the newest. */
  release?: string;
  /** Default: `recommended`. Several presets add up. With `unattended` a file is taken for a whole one, not for a part of another. */
  preset?: Preset | readonly Preset[];
  /** Severity per code, or `off`; a rule named here runs whatever the preset. */
  rules?: Readonly<Record<string, Severity | 'off'>>;
}

const DOCS = 'https://github.com/pxekit/pxekit/blob/main/docs/kickstart-rules.md#';

/**
 * What is worth saying about a file beyond whether a release accepts it: references that lead nowhere, passwords in the clear, what an
 * unattended installation would still ask for. `check` gives the verdict itself; run both.
 *
 * Diagnostics come in the order of the file; comments `# pxekit-disable-next-line code` silence them.
 */
export function lint(document: Document, { release, preset = 'recommended', rules }: LintOptions = {}): Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  let rule: Rule;
  let severity: Severity;
  const wholeByName = [preset].flat().includes('unattended');
  const context = shareContext(document, release, wholeByName, ({ start, end, message, fix, related }) => {
    diagnostics.push({
      code: rule.code,
      severity,
      message,
      range: context.range(start, end),
      source: document.source.name,
      ...(fix && { fix }),
      ...(related && { related: related.map((place) => ({ message: place.message, range: context.range(place.start, place.end) })) }),
      url: DOCS + rule.code.replace('/', ''),
    });
  });
  for ({ rule, severity } of rules === undefined && typeof preset === 'string' ? rulesOf(preset) : choose([preset].flat(), rules)) {
    rule.run(context);
  }
  return withoutSuppressed(document, diagnostics.sort(compareDiagnostics));
}

interface Choice {
  rule: Rule;
  severity: Severity;
}

function choose(presets: readonly Preset[], settings: LintOptions['rules'] = {}): Choice[] {
  const choices = RULES.map((rule) => ({ rule, severity: settings[rule.code] ?? (isIn(rule, presets) ? rule.severity : 'off') }));
  return choices.filter((choice): choice is Choice => choice.severity !== 'off');
}

function isIn(rule: Rule, presets: readonly Preset[]): boolean {
  return presets.some((preset) => preset === 'strict' || rule.presets.includes(preset));
}

const chosen = new Map<Preset, readonly Choice[]>();

function rulesOf(preset: Preset): readonly Choice[] {
  let choices = chosen.get(preset);
  if (choices === undefined) {
    choices = choose([preset]);
    chosen.set(preset, choices);
  }
  return choices;
}

const NONE: readonly CommandView[] = [];

function shareContext(document: Document, release: string | undefined, wholeByName: boolean, report: LintContext['report']): LintContext {
  const commands: CommandView[] = [];
  const sections: Section[] = [];
  const byName = new Map<string, CommandView[]>();
  let open = document.templates.some(({ kind }) => kind === 'cheetah');
  for (const node of document.children) {
    if (node.type === 'section') sections.push(node);
    else if (node.type === 'include' || node.type === 'ksappend' || node.type === 'template') open = true;
    else if (node.type === 'command') {
      const view = readOptions(node);
      commands.push(view);
      const same = byName.get(view.canonical);
      if (same) same.push(view);
      else byName.set(view.canonical, [view]);
    }
  }
  const find = (name: string) => byName.get(name) ?? NONE;
  const facts = new Map<unknown, unknown>();
  const context: LintContext = {
    document,
    text: document.source.text,
    release,
    commands,
    sections,
    find,
    findAll(names) {
      const found = names.map(find).filter(({ length }) => length > 0);
      if (found.length < 2) return found[0] ?? NONE;
      return found.flat().sort((a, b) => a.command.start - b.command.start);
    },
    once<T>(make: (context: LintContext) => T): T {
      if (!facts.has(make)) facts.set(make, make(context));
      return facts.get(make) as T;
    },
    whole: !open && (wholeByName || looksWhole(byName, sections)),
    range: (start, end) => document.source.range(start, end),
    report,
  };
  return context;
}

const CORE: readonly (readonly string[])[] = [
  ['lang'],
  ['keyboard'],
  ['timezone'],
  ['rootpw', 'user'],
  ['part', 'autopart', 'logvol', 'mount', 'clearpart'],
  ['url', 'cdrom', 'nfs', 'harddrive', 'liveimg', 'ostreesetup', 'ostreecontainer', 'bootc'],
  ['bootloader'],
];

/** A file that settles at least half of what every installation needs is a whole one; others are fragments for `%include`. */
function looksWhole(byName: ReadonlyMap<string, unknown>, sections: readonly Section[]): boolean {
  const settled = CORE.filter((names) => names.some((name) => byName.has(name))).length;
  return settled + (sections.some(({ kind }) => kind === 'packages') ? 1 : 0) >= 4;
}
