import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const here = fileURLToPath(new URL('.', import.meta.url));
const vectors = process.env.PXEKIT_VECTORS ?? join(here, '../../../../shared/vectors');
const list = join(vectors, 'tftp', 'conformance.md');

/** Cases without a test, each with its reason. */
const SKIPPED: Readonly<Record<number, string>> = {
  90: 'An unreachable port (ICMP, which anybody can forge) is taken for a lost packet: the transfer ends in silence.',
};

function tested(): Set<number> {
  const numbers = new Set<number>();
  for (const name of readdirSync(here).filter((file) => file.endsWith('.test.ts'))) {
    for (const [, number] of readFileSync(join(here, name), 'utf8').matchAll(/'(\d+): /g)) numbers.add(Number(number));
  }
  return numbers;
}

describe('the list of cases', () => {
  it('has a test or a reason for every case', () => {
    const done = tested();
    expect(Object.keys(SKIPPED).filter((number) => done.has(Number(number)))).toEqual([]);
    if (!existsSync(list)) {
      console.log(`The list of TFTP cases is not at ${list}: whether every case has a test was not looked at.`);
      return;
    }
    const cases = [...readFileSync(list, 'utf8').matchAll(/^(\d+)\. /gm)].map(([, number]) => Number(number));
    const missing = cases.filter((number) => !done.has(number) && !(number in SKIPPED));
    console.log(`TFTP cases: ${cases.length} listed, ${cases.length - missing.length - Object.keys(SKIPPED).length} tested`);
    for (const [number, reason] of Object.entries(SKIPPED)) console.log(`  skipped ${number}: ${reason}`);
    expect(missing).toEqual([]);
  });
});
