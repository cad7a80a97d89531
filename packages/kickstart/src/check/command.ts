import type { ArgumentProblem, Arguments, OptionUse } from '../arguments.js';
import { readWords } from '../arguments.js';
import type { Word } from '../lex.js';
import type { CommandSpec } from '../releases/table.js';
import type { Command } from '../tree.js';
import { checkConstraints } from './constraints.js';
import type { CheckContext, Span } from './context.js';
import { checkDuplicate } from './duplicates.js';
import { acceptErrata } from './errata.js';
import { SPECIAL } from './special.js';

/** Checks one command line. */
export function checkCommand(command: Command, context: CheckContext): void {
  const { name } = command;
  if (name.value === '') {
    context.error('ks/empty-command', name, 'The name of the command is empty.');
    return;
  }
  const spec = context.table.commands.get(name.value);
  if (spec === undefined) {
    if (!name.template) context.error('ks/unknown-command', name, `${context.title} has no command \`${name.value}\`.`);
    return;
  }
  if (spec.status === 'removed') {
    context.error('ks/removed-command', name, `\`${name.value}\` is gone in ${context.title}.`);
    return;
  }
  if (spec.status === 'deprecated') {
    context.warn('ks/deprecated-command', name, `${context.title} ignores \`${name.value}\`.`);
    return;
  }
  const before = context.diagnostics.length;
  if (spec.warns && spec.args === 'raw') {
    context.warn('ks/command-to-be-removed', name, `\`${name.value}\` still works in ${context.title}; a later release drops it.`);
  }
  checkArguments(command, spec, context);
  const good = !context.diagnostics.slice(before).some(({ severity }) => severity === 'error');
  if (!good) return;
  checkConflicts(command, spec, context);
  if (!context.seen.has(spec.name)) context.seen.set(spec.name, command);
}

function checkArguments(command: Command, spec: CommandSpec, context: CheckContext): void {
  const { args } = command;
  if (spec.args === 'raw' || spec.args === 'ignored') return;
  if (spec.args === 'none') {
    const first = args[0];
    if (first !== undefined) {
      context.error(
        'ks/unexpected-argument',
        { start: first.start, end: (args[args.length - 1] as Word).end },
        `\`${command.name.value}\` takes no words.`,
      );
    }
    return;
  }
  const special = SPECIAL[spec.name];
  if (spec.args === 'getopt') {
    special?.(command, { options: [], positionals: [], extras: args, problems: [] }, context);
    return;
  }
  const read = acceptErrata(readWords(args, spec.options, spec.positionals), spec.name, context);
  const before = context.diagnostics.length;
  reportProblems(read, command, context);
  reportUses(read.options, context);
  if (special !== undefined) special(command, read, context);
  else reportExtras(read.extras, command.name.value, context);
  // A line that cannot be read says nothing about what its options have to do with each other.
  if (context.diagnostics.slice(before).some(({ severity }) => severity === 'error')) return;
  checkConstraints(command, spec, read, context);
  checkDuplicate(command, spec, read, context);
}

/** Findings about single options and words. */
export function reportProblems(read: Arguments, at: Span & { name: Word }, context: CheckContext): void {
  for (const problem of read.problems) {
    // What stands behind a template may be anything, so nothing can be said to be missing.
    if (problem.word === undefined && (read.extras.some((word) => word.template) || read.options.some(({ word }) => word.template)))
      continue;
    reportProblem(problem, at, context);
  }
}

function reportProblem({ kind, word, name, expected }: ArgumentProblem, at: Span & { name: Word }, context: CheckContext): void {
  const span = word ?? at.name;
  switch (kind) {
    case 'ambiguous-option':
      context.error('ks/ambiguous-option', span, `\`${name}\` could be any of ${expected}.`);
      break;
    case 'missing-value':
      context.error('ks/missing-value', span, `\`${name}\` needs a value.`);
      break;
    case 'unexpected-value':
      context.error('ks/unexpected-value', span, `\`${name}\` takes no value.`);
      break;
    case 'invalid-value':
      context.error('ks/invalid-value', span, `\`${word?.value}\`: ${name} must be ${expected}.`);
      break;
    case 'missing-option':
      context.error('ks/missing-option', span, `\`${at.name.value}\` needs \`${name}\`.`);
      break;
    case 'missing-argument':
      context.error('ks/missing-argument', span, `\`${at.name.value}\` needs a ${name}.`);
      break;
  }
}

/** Words that nothing takes. */
export function reportExtras(extras: readonly Word[], name: string, context: CheckContext): void {
  for (const word of extras) {
    if (word.template) continue;
    if (word.value.startsWith('-')) {
      const option = word.value.split('=', 1)[0];
      context.error('ks/unknown-option', word, `\`${name}\` has no option \`${option}\` in ${context.title}.`);
    } else {
      context.error('ks/unexpected-argument', word, `\`${name}\` does not take \`${word.value}\`.`);
    }
  }
}

/** Warnings about options that have no effect, or soon have none. */
export function reportUses(options: readonly OptionUse[], context: CheckContext): void {
  for (const { spec, name, word } of options) {
    if (spec.deprecated) context.warn('ks/deprecated-option', word, `${context.title} ignores \`${name}\`.`);
    else if (spec.warns)
      context.warn('ks/option-to-be-removed', word, `\`${name}\` still works in ${context.title}; a later release drops it.`);
  }
}

function checkConflicts(command: Command, spec: CommandSpec, context: CheckContext): void {
  for (const other of spec.conflicts) {
    const first = context.seen.get(other);
    if (first === undefined) continue;
    context.error('ks/command-conflict', command.name, `\`${command.name.value}\` and \`${first.name.value}\` exclude each other.`, {
      at: first.name,
      message: `\`${first.name.value}\` stands here.`,
    });
    return;
  }
}
