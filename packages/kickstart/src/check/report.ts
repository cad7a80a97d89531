import type { ArgumentProblem, Arguments, OptionUse } from '../arguments.js';
import type { Word } from '../lex.js';
import { LINE_ENDS } from '../quote.js';
import type { CheckContext, Span } from './context.js';

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
      context.error('ks/ambiguous-option', span, `"${name}" could be any of ${expected}`);
      break;
    case 'missing-value':
      context.error('ks/missing-value', span, `"${name}" needs a value`);
      break;
    case 'unexpected-value':
      context.error('ks/unexpected-value', span, `"${name}" takes no value`);
      break;
    case 'invalid-value':
      context.error('ks/invalid-value', span, `"${word?.value}": ${name} must be ${expected}`);
      break;
    case 'missing-option':
      context.error('ks/missing-option', span, `"${at.name.value}" needs "${name}"`);
      break;
    case 'missing-argument':
      context.error('ks/missing-argument', span, `"${at.name.value}" needs ${/^[aeiou]/.test(name ?? '') ? 'an' : 'a'} ${name}`);
      break;
  }
}

/** Words that nothing takes. */
export function reportExtras(extras: readonly Word[], name: string, context: CheckContext): void {
  for (const word of extras) {
    if (word.template) continue;
    if (word.value.startsWith('-')) {
      const option = word.value.split('=', 1)[0];
      context.error('ks/unknown-option', word, `"${name}" has no option "${option}" in ${context.title}`);
    } else if (LINE_ENDS.test(word.value)) {
      context.error(
        'ks/unexpected-argument',
        word,
        `"${name}" does not take a line end; a backslash does not continue a line in a kickstart`,
      );
    } else {
      context.error('ks/unexpected-argument', word, `"${name}" does not take "${word.value}"`);
    }
  }
}

/** Warnings about options that have no effect, or soon have none. */
export function reportUses(options: readonly OptionUse[], context: CheckContext): void {
  for (const { spec, name, word } of options) {
    if (spec.deprecated) context.warn('ks/deprecated-option', word, `${context.title} ignores "${name}"`);
    else if (spec.warns)
      context.warn('ks/option-to-be-removed', word, `"${name}" still works in ${context.title}; a later release drops it`);
  }
}
