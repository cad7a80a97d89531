import type { Arguments } from '../arguments.js';
import type { Word } from '../lex.js';
import { inRange } from '../releases/releases.js';
import type { CheckContext } from './context.js';

/** Options that errata brought to a release after its pykickstart handler was written. Official image files of CentOS use them. */
const ERRATA: readonly { of: string; option: string; value: boolean; in: string }[] = [
  { of: 'repo', option: '--cost', value: true, in: 'RHEL5' },
  { of: '%packages', option: '--nobase', value: false, in: 'RHEL5' },
  { of: '%packages', option: '--nocore', value: false, in: 'RHEL6' },
];

/** Takes options that came by erratum off the unknown words; pykickstart does not know them. */
export function acceptErrata(read: Arguments, of: string, context: CheckContext): Arguments {
  if (context.asPykickstart || read.extras.length === 0) return read;
  const extras: Word[] = [];
  let value = false;
  for (const word of read.extras) {
    const [name, attached] = word.value.split('=', 2);
    const erratum = ERRATA.find((row) => row.of === of && row.option === name && inRange(row.in, context.release));
    if (erratum === undefined && !value) extras.push(word);
    value = erratum?.value === true && attached === undefined;
  }
  return { ...read, extras };
}
