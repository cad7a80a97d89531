// How the time for one text grows with its size. A process of its own measures each size:
//
//   node bench/kickstart/growth.mjs KIND NUMBER TEXTS
//
// parses, checks and lints texts of NUMBER items. A round is TEXTS of them, whose trees are all kept until it ends: so a round over 16
// small texts makes and keeps as much as a round over one 16 times as large, and the collector has the same work in both. It prints the
// milliseconds for one text: the mean over all rounds but those that warm up, and the best of all.
import { pathToFileURL } from 'node:url';
import { diagnose, parse } from '@pxekit/kickstart';

const lines = (number, line) => Array.from({ length: number }, (_, index) => line(index)).join('\n');

/** Texts by what they hold many of. */
export const KINDS = {
  '%packages names': (n) => `%packages\n${lines(n, (index) => `package-${index}`)}\n%end\n`,
  'script lines': (n) => `%post\n${lines(n, (index) => `echo ${index} "it's" %s`)}\n%end\n`,
  'command lines': (n) => lines(n, (index) => `part /m${index} --fstype=ext4 --size=${index} # ${index}`),
  'unknown sections': (n) => '%bogus\n'.repeat(n),
  'blank lines': (n) => '\n'.repeat(n),
  'open quotes': (n) => '"\n'.repeat(n),
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is a template, of another language
  'template spans': (n) => '{{ a }} {% b %} ${c}\n'.repeat(n),
};

const WARM_UP = 2;
const ROUNDS = 6;

function measure(kind, number, texts) {
  const text = KINDS[kind](number);
  let best = Number.POSITIVE_INFINITY;
  let total = 0;
  for (let round = 0; round < WARM_UP + ROUNDS; round++) {
    const kept = [];
    for (let each = 0; each < texts; each++) {
      const start = process.hrtime.bigint();
      const document = parse(text);
      kept.push(document, diagnose(document, { release: 'RHEL9' }));
      const time = Number(process.hrtime.bigint() - start) / 1e6;
      best = Math.min(best, time);
      if (round >= WARM_UP) total += time;
    }
  }
  return { mean: total / (ROUNDS * texts), best };
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [kind, number, texts] = process.argv.slice(2);
  console.log(JSON.stringify(measure(kind, Number(number), Number(texts))));
}
