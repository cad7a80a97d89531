import { readWords } from '../arguments.js';
import { mayExclude } from '../branches.js';
import type { CommandSpec } from '../releases/table.js';
import type { Command } from '../tree.js';
import { checkConstraints } from './constraints.js';
import type { CheckContext } from './context.js';
import { checkDuplicate } from './duplicates.js';
import { acceptErrata } from './errata.js';
import { reportExtras, reportProblems, reportUses } from './report.js';
import { SPECIAL } from './special.js';

/** Commands of another installer whose files are called kickstart files as well. */
const ESXI: ReadonlySet<string> = new Set(['accepteula', 'vmaccepteula', 'serialnum', 'vmserialnum', 'dryrun', 'virtualdisk', 'esxcli']);

/** Checks one command line. */
export function checkCommand(command: Command, context: CheckContext): void {
  const { name } = command;
  if (name.value === '') {
    context.error('ks/empty-command', name, 'The name of the command is empty');
    return;
  }
  const spec = context.table.commands.get(name.value);
  if (spec === undefined) {
    if (!name.template) {
      const whose = ESXI.has(name.value) ? '; it is read by the installer of VMware ESXi' : '';
      context.error('ks/unknown-command', name, `${context.title} has no command "${name.value}"${whose}`);
    }
    return;
  }
  if (spec.status === 'removed') {
    context.error('ks/removed-command', name, `"${name.value}" is gone in ${context.title}`);
    return;
  }
  if (spec.status === 'deprecated') {
    context.warn('ks/deprecated-command', name, `${context.title} ignores "${name.value}"`);
    return;
  }
  const before = context.errors;
  if (spec.warns && spec.args === 'raw') {
    context.warn('ks/command-to-be-removed', name, `"${name.value}" still works in ${context.title}; a later release drops it`);
  }
  checkArguments(command, spec, context);
  if (context.errors > before) return;
  checkConflicts(command, spec, context);
  if (!context.seen.has(spec.name)) context.seen.set(spec.name, command);
}

function checkArguments(command: Command, spec: CommandSpec, context: CheckContext): void {
  const { args } = command;
  if (spec.args === 'raw' || spec.args === 'ignored') return;
  if (spec.args === 'none') {
    reportExtras(args, command.name.value, context);
    return;
  }
  const special = SPECIAL[spec.name];
  if (spec.args === 'getopt') {
    special?.(command, { options: [], positionals: [], extras: args, problems: [] }, context);
    return;
  }
  const read = acceptErrata(readWords(args, spec.options, spec.positionals), spec.name, context);
  const before = context.errors;
  reportProblems(read, command, context);
  reportUses(read.options, context);
  if (special !== undefined) special(command, read, context);
  else reportExtras(read.extras, command.name.value, context);
  // A line that cannot be read says nothing about what its options have to do with each other.
  if (context.errors > before) return;
  checkConstraints(command, spec, read, context);
  checkDuplicate(command, spec, read, context);
}

function checkConflicts(command: Command, spec: CommandSpec, context: CheckContext): void {
  for (const other of spec.conflicts) {
    const first = context.seen.get(other);
    if (first === undefined || (!context.asPykickstart && mayExclude(context.document, first.start, command.start))) continue;
    context.error('ks/command-conflict', command.name, `"${command.name.value}" and "${first.name.value}" exclude each other`, {
      at: first.name,
      message: `"${first.name.value}" stands here`,
    });
    return;
  }
}
