import type { Readable, Writable } from 'node:stream';
import { confirm, isCancel, password, select, text } from '@clack/prompts';
import { Failure } from '../../../failure.js';
import type { Io } from '../../../io.js';
import type { Prompts } from './wizard.js';

/** Questions on a terminal. */
export function terminalPrompts(io: Io): Prompts {
  // Questions go to standard error, so that the file itself can go to standard output.
  const common = { input: io.stdin as Readable, output: io.stderr as Writable };
  return {
    text: async ({ message, initial, optional = initial !== undefined, check }) =>
      answer(
        await text({
          ...common,
          message,
          ...(initial !== undefined && { placeholder: initial, defaultValue: initial }),
          validate: (value = '') => (value === '' && !optional ? 'An answer, please' : check?.(value)),
        }),
      ) ?? '',
    password: async ({ message }) =>
      answer(await password({ ...common, message, validate: (value) => (value ? undefined : 'A password, please') })),
    confirm: async ({ message, initial }) => answer(await confirm({ ...common, message, initialValue: initial })),
    select: async ({ message, choices, initial }) =>
      answer(
        await select({
          ...common,
          message,
          options: choices.map((choice) => ({ ...choice })) as never,
          ...(initial !== undefined && { initialValue: initial }),
          maxItems: 12,
        }),
      ) as never,
  };
}

function answer<T>(value: T): Exclude<T, symbol> {
  if (isCancel(value)) throw new Failure('Stopped; nothing was written', { code: 'CLI_CANCELLED' });
  return value as Exclude<T, symbol>;
}
