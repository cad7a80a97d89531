import { applyEdits, type TextEdit } from '@pxekit/diagnostics';
import { isErratum } from '../check/errata.js';
import { check } from '../check.js';
import { endsOddly, lineAt } from '../lex.js';
import { parse } from '../parse.js';
import { type CommandView, readOptions, readSectionOptions } from '../read-options.js';
import { inRange, type Release, releaseTitle } from '../releases/releases.js';
import { END_REQUIRED } from '../releases/sections.js';
import { type CommandSpec, type OptionSpec, type ReleaseTable, releaseTable } from '../releases/table.js';
import type { Command, Document, Section } from '../tree.js';
import { COMMAND_MIGRATIONS } from './commands.js';
import { OPTION_MIGRATIONS, OUTDATED_OPTIONS } from './options.js';
import { PACKAGE_CHANGES } from './packages.js';
import type { MigrationContext, MigrationKind, MigrationLevel, MigrationStep, Proposal } from './step.js';
import { VALUE_RULES } from './values.js';
import { dropCommand, dropWord } from './words.js';

/** What has to change in a file before a newer release takes it. */
export interface Migration {
  from: Release;
  to: Release;
  /** In the order of the text. */
  steps: MigrationStep[];
  /** The text after the steps of some levels. Default: safe and review. */
  apply(levels?: readonly Exclude<MigrationLevel, 'manual'>[]): string;
}

/**
 * How to bring a file from one release to a newer one. Safe and review steps carry edits; what still is in the way after them is listed
 * as manual, with the reason, so a file without manual steps is accepted by the new release when the old one accepted it.
 */
export function migrate(document: Document, from: Release, to: Release): Migration {
  const steps = new Migrator(document, from, to, { values: true }).run(viewsOf(document));
  const { text } = document.source;
  const apply: Migration['apply'] = (levels = ['safe', 'review']) => applyEdits(text, editsOf(steps, levels));
  addRefusals(document, steps, to);
  steps.sort((a, b) => a.range.start.offset - b.range.start.offset);
  return { from, to, steps, apply };
}

/** The steps that the language itself asks for: those of kind `language` and `structure`. */
export function languageSteps(document: Document, from: Release, to: Release, views: readonly CommandView[]): MigrationStep[] {
  return new Migrator(document, from, to, { values: false }).run(views);
}

/** Edits of some levels, in the order of the text; of those that overlap, the first counts. */
function editsOf(steps: readonly MigrationStep[], levels: readonly MigrationLevel[]): TextEdit[] {
  const edits = steps.flatMap((step) => (levels.includes(step.level) ? step.edits : []));
  edits.sort((a, b) => a.start - b.start || a.end - b.end);
  let reached = 0;
  return edits.filter(({ start, end }) => {
    if (start < reached) return false;
    reached = end;
    return true;
  });
}

function viewsOf({ children }: Document): CommandView[] {
  return children.flatMap((node) => (node.type === 'command' ? [readOptions(node)] : []));
}

const NONE: readonly CommandView[] = [];

class Migrator {
  readonly #steps: MigrationStep[] = [];
  readonly #views = new Map<string, CommandView[]>();
  readonly #title: string;
  readonly #before: ReleaseTable;
  readonly #after: ReleaseTable;

  constructor(
    readonly document: Document,
    readonly from: Release,
    readonly to: Release,
    readonly options: { values: boolean },
  ) {
    this.#title = releaseTitle(to);
    this.#before = releaseTable(from);
    this.#after = releaseTable(to);
  }

  run(views: readonly CommandView[]): MigrationStep[] {
    for (const view of views) {
      const same = this.#views.get(view.canonical);
      if (same) same.push(view);
      else this.#views.set(view.canonical, [view]);
    }
    for (const view of views) this.#command(view);
    for (const node of this.document.children) if (node.type === 'section') this.#section(node);
    return this.#steps;
  }

  #add(kind: MigrationKind, subject: string, place: { start: number; end: number }, proposals: readonly Proposal[]): void {
    const range = this.document.source.range(place.start, place.end);
    for (const { level, reason, edits = [] } of proposals) this.#steps.push({ level, kind, subject, reason, range, edits });
  }

  #context(view: CommandView): MigrationContext {
    const { document, from, to } = this;
    let spellings: Set<string> | undefined;
    return {
      document,
      from,
      to,
      title: this.#title,
      view,
      get spellings() {
        spellings ??= new Set(view.options.map(({ spelling }) => spelling));
        return spellings;
      },
      find: (name) => this.#views.get(name) ?? NONE,
    };
  }

  #command(view: CommandView): void {
    const { command, canonical } = view;
    const name = command.name.value;
    // An odd line end belongs to the last word: an edit of that would join two lines.
    if (command.name.template || endsOddly(this.document.source.text, command.end)) return;
    const before = this.#before.commands.get(name);
    const after = this.#after.commands.get(name);
    if (after === undefined || after.status !== 'active' || (after.warns && canonical === 'authconfig')) {
      if (before === undefined) return;
      const known = COMMAND_MIGRATIONS[canonical];
      const place = { start: command.name.start, end: (command.args.at(-1) ?? command.name).end };
      this.#add('language', name, place, known ? known(this.#context(view)) : this.#goneCommand(command, before, after));
      return;
    }
    if (this.options.values) {
      const context = this.#context(view);
      for (const rule of VALUE_RULES) {
        for (const { subject, start, end, ...proposal } of rule(context)) this.#add('value', subject, { start, end }, [proposal]);
      }
    }
    if (after.args !== 'options') return;
    let gone = 0;
    for (const use of view.options) {
      if (this.#option(view, use, before?.options.get(use.spelling), after.options.get(use.spelling))) gone++;
    }
    this.#dropEmpty(view, gone);
  }

  /** A command of which nothing is left says nothing: `logging --level=info`. */
  #dropEmpty({ command, canonical, options, positionals }: CommandView, gone: number): void {
    if (canonical !== 'logging' || gone === 0 || gone < options.length || positionals.length > 0) return;
    const step = this.#steps.at(-1);
    if (step) step.edits = [dropCommand(command)];
  }

  /** @returns whether the option goes without leaving anything */
  #option(view: CommandView, use: CommandView['options'][number], before: OptionSpec | undefined, after: OptionSpec | undefined): boolean {
    if (!use.known || (use.template === true && use.value === undefined)) return false;
    if (after !== undefined && !after.deprecated && !after.warns && !this.#isOutdated(view.canonical, use.spelling)) return false;
    if (after === undefined && isErratum(view.canonical, use.spelling, this.to)) return false;
    const subject = `${view.canonical} ${use.spelling}`;
    const known = OPTION_MIGRATIONS[subject];
    const proposals = known ? known(this.#context(view), use) : this.#goneOption(view.command, use, before, after);
    this.#add('language', subject, use, proposals);
    return (
      proposals.length === 1 && (proposals[0]?.edits?.every(({ newText }) => newText === '') ?? false) && proposals[0]?.level !== 'manual'
    );
  }

  #isOutdated(canonical: string, spelling: string): boolean {
    const options = OUTDATED_OPTIONS[canonical];
    return options !== undefined && inRange(options[spelling], this.to);
  }

  #goneCommand(command: Command, before: CommandSpec, after: CommandSpec | undefined): Proposal[] {
    const name = command.name.value;
    if (after?.status === 'deprecated' || before.status === 'deprecated') {
      const level = before.status === 'deprecated' ? 'safe' : 'review';
      return [{ level, reason: `${this.#title} does nothing for "${name}"`, edits: [dropCommand(command)] }];
    }
    return [{ level: 'manual', reason: `${this.#title} has no "${name}", and nothing takes its place` }];
  }

  #goneOption(
    owner: Pick<Command, 'name' | 'args'>,
    use: CommandView['options'][number],
    before: OptionSpec | undefined,
    after: OptionSpec | undefined,
  ): Proposal[] {
    const edits = [dropWord(owner, use)];
    if (after?.warns) return [];
    if (after?.deprecated || before?.deprecated)
      return [{ level: before?.deprecated ? 'safe' : 'review', reason: `${this.#title} does nothing for "${use.spelling}"`, edits }];
    return [{ level: 'review', reason: `${this.#title} has no "${use.spelling}", and nothing takes its place`, edits }];
  }

  #section(section: Section): void {
    const { header, name, kind } = section;
    const place = { start: header.name.start, end: (header.args.at(-1) ?? header.name).end };
    const view: CommandView = {
      command: { type: 'command', start: header.start, end: header.end, raw: header.raw, name: header.name, args: header.args },
      canonical: `%${name}`,
      ...readSectionOptions(section),
    };
    const before = this.#before.sections.get(name)?.options;
    const after = this.#after.sections.get(name)?.options;
    if (after !== undefined) {
      for (const use of view.options) this.#option(view, use, before?.get(use.spelling), after.get(use.spelling));
    }
    if (kind === 'anaconda' && inRange('F36-,RHEL10-', this.to)) {
      const edits = [{ start: section.start, end: section.end, newText: '' }];
      const reason = `The installer of ${this.#title} does not read %anaconda; password rules are set in its configuration files`;
      this.#add('language', '%anaconda', place, [{ level: 'review', reason, edits }]);
    }
    if (name === 'traceback' && inRange('F34-,RHEL9-', this.to)) {
      const edits = [{ start: header.name.start, end: header.name.end, newText: '%onerror' }];
      const reason = `${this.#title} will drop %traceback; %onerror runs on every fatal error`;
      this.#add('language', '%traceback', place, [{ level: 'review', reason, edits }]);
    }
    if (section.close === undefined && inRange(END_REQUIRED, this.to)) {
      const at = endOfBody(section, this.document.source.text);
      const open = at > 0 && this.document.source.text[at - 1] !== '\n' ? '\n' : '';
      const edits = [{ start: at, end: at, newText: `${open}%end\n` }];
      this.#add('structure', `%${name}`, place, [{ level: 'safe', reason: `${this.#title} needs %end at the end of a section`, edits }]);
    }
    if (kind === 'packages' && this.options.values) this.#packages(section);
  }

  #packages({ body }: Section): void {
    for (const node of body) {
      if (node.type !== 'entry' || node.kind !== 'package' || node.template) continue;
      const change = PACKAGE_CHANGES.find((row) => row.name === node.name && inRange(row.in, this.to) && !inRange(row.in, this.from));
      if (change === undefined) continue;
      const place = { start: node.entryStart, end: node.entryEnd };
      const replaced = change.to !== undefined && !node.exclude;
      const edits = replaced ? [{ ...place, newText: change.to as string }] : [{ start: node.start, end: node.end, newText: '' }];
      this.#add('package', node.name, place, [{ level: 'review', reason: `${this.#title}: ${change.reason}`, edits }]);
    }
  }
}

function endOfBody({ header, end }: Section, text: string): number {
  let at = end;
  while (at > header.end && /\s/.test(text[at - 1] as string)) at--;
  return at <= header.end ? header.end : lineAt(text, at).next;
}

/** What the new release refuses after all edits, as manual steps at the place it had before them. */
function addRefusals(document: Document, steps: MigrationStep[], to: Release): void {
  const edits = editsOf(steps, ['safe', 'review']);
  const after = parse(applyEdits(document.source.text, edits), { name: document.source.name });
  const manualLines = new Set(steps.filter(({ level }) => level === 'manual').map(({ range }) => range.start.line));
  const back = placeBefore(edits);
  for (const { severity, message, range } of check(after, { release: to })) {
    if (severity !== 'error') continue;
    const start = document.source.positionAt(back(range.start.offset));
    if (manualLines.has(start.line)) continue;
    const end = document.source.positionAt(Math.max(start.offset, back(range.end.offset)));
    steps.push({ level: 'manual', kind: 'refused', subject: '', reason: message, range: { start, end }, edits: [] });
  }
}

/** Where an offset of the edited text was before the edits, which are in order. */
function placeBefore(edits: readonly TextEdit[]): (offset: number) => number {
  let shift = 0;
  const moved = edits.map(({ start, end, newText }) => {
    const from = start + shift;
    shift += newText.length - (end - start);
    return { start, from, until: from + newText.length, shift };
  });
  return (offset) => {
    let low = 0;
    let high = moved.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((moved[middle] as { from: number }).from <= offset) low = middle + 1;
      else high = middle;
    }
    const last = moved[low - 1];
    if (last === undefined) return offset;
    return offset < last.until ? last.start : offset - last.shift;
  };
}
