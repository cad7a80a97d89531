import { compareDiagnostics, type Diagnostic, type Severity } from '@pxekit/diagnostics';
import { type CommandView, readOptions } from '../read-options.js';
import type { Document, Section } from '../tree.js';
import type { LintContext, Preset, Rule } from './rule.js';
import { RULES } from './rules/index.js';
import { withoutSuppressed } from './suppress.js';

export interface LintOptions {
  /** Release the file is for: `RHEL9`. Rules that depend on it then know; without it they speak for the newest. */
  release?: string;
  /** Default: `recommended`. Several presets add up. */
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
export function lint(document: Document, { release, preset = 'recommended', rules: settings = {} }: LintOptions = {}): Diagnostic[] {
  const presets: readonly Preset[] = typeof preset === 'string' ? [preset] : preset;
  const shared = shareContext(document, release);
  const diagnostics: Diagnostic[] = [];
  for (const rule of RULES) {
    const severity = settings[rule.code] ?? (isIn(rule, presets) ? rule.severity : 'off');
    if (severity === 'off') continue;
    shared.report = ({ start, end, message, fix, related }) =>
      void diagnostics.push({
        code: rule.code,
        severity,
        message,
        range: shared.range(start, end),
        source: document.source.name,
        ...(fix && { fix }),
        ...(related && { related: related.map((place) => ({ message: place.message, range: shared.range(place.start, place.end) })) }),
        url: DOCS + rule.code.replace('/', ''),
      });
    rule.run(shared);
  }
  return withoutSuppressed(document, diagnostics.sort(compareDiagnostics));
}

function isIn(rule: Rule, presets: readonly Preset[]): boolean {
  return presets.some((preset) => preset === 'strict' || rule.presets.includes(preset));
}

function shareContext(document: Document, release: string | undefined): LintContext {
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
  return {
    document,
    text: document.source.text,
    release,
    commands,
    sections,
    find: (name) => byName.get(name) ?? [],
    whole: !open && looksWhole(byName, sections),
    range: (start, end) => document.source.range(start, end),
    report: () => {},
  };
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
