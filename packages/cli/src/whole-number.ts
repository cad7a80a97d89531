import { InvalidArgumentError } from 'commander';

/** An option's value that counts something: 0, 1, 2 and so on. */
export function wholeNumber(text: string): number {
  if (!/^\d{1,6}$/.test(text)) throw new InvalidArgumentError('Give a whole number.');
  return Number(text);
}
