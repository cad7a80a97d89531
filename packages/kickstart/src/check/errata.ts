import type { Arguments } from '../arguments.js';
import type { Word } from '../lex.js';
import { inRange, type Release } from '../releases/releases.js';
import type { CheckContext } from './context.js';

/** Options that errata brought to a release after its pykickstart handler was written. Official image files of CentOS use them. */
const ERRATA: readonly { of: string; option: string; value: boolean; in: string }[] = [
  { of: 'repo', option: '--cost', value: true, in: 'RHEL5' },
  { of: '%packages', option: '--nobase', value: false, in: 'RHEL5' },
  { of: '%packages', option: '--nocore', value: false, in: 'RHEL6' },
];

/** Whether a release takes an option by erratum; `of` is a command or a section with its `%`. */
export function isErratum(of: string, option: string | undefined, release: Release): boolean {
  return find(of, option, release) !== undefined;
}

function find(of: string, option: string | undefined, release: Release) {
  return ERRATA.find((row) => row.of === of && row.option === option && inRange(row.in, release));
}

/** Takes options that came by erratum off the unknown words; pykickstart does not know them. */
export function acceptErrata(read: Arguments, of: string, context: CheckContext): Arguments {
  if (context.asPykickstart || read.extras.length === 0) return read;
  const extras: Word[] = [];
  let value = false;
  for (const word of read.extras) {
    const [name, attached] = word.value.split('=', 2);
    const erratum = find(of, name, context.release);
    if (erratum === undefined && !value) extras.push(word);
    value = erratum?.value === true && attached === undefined;
  }
  return { ...read, extras };
}
