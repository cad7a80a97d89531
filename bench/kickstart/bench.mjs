// How long kickstart files take to parse, check and lint, per file and per MB, and how time grows with the size of the text.
//
//   node bench/kickstart/bench.mjs [--quick]
//
// Files: the corpus under PXEKIT_VECTORS (default ../shared/vectors beside the checkout); made-up files where it is missing.
// pykickstart is measured in the same run where `python3` (or PYTHON) can import it.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { check, diagnose, parse, serialize } from '@pxekit/kickstart';

const quick = process.argv.includes('--quick');
const rounds = quick ? 1 : 7;
const RELEASE = 'RHEL9';

function loadFiles() {
  const folder = resolve(process.env.PXEKIT_VECTORS ?? new URL('../../../shared/vectors', import.meta.url).pathname, 'kickstart/corpus');
  if (existsSync(folder)) {
    const names = readdirSync(folder).slice(0, quick ? 100 : undefined);
    return { from: folder, texts: names.map((name) => readFileSync(join(folder, name), 'utf8')) };
  }
  return { from: 'made-up files', texts: Array.from({ length: quick ? 50 : 500 }, (_, index) => madeUp(index)) };
}

function madeUp(index) {
  const packages = Array.from({ length: index % 120 }, (_, number) => `package-${number}`).join('\n');
  const script = Array.from({ length: index % 40 }, (_, number) => `echo "line ${number}" >> /root/post.log`).join('\n');
  return `#version=RHEL9
lang en_US.UTF-8
keyboard us
timezone --utc Europe/Berlin
rootpw --iscrypted $6$salt$hash
url --url=http://boot.example/rhel9
network --bootproto=dhcp --device=link --activate --hostname=node${index}
zerombr
clearpart --all --initlabel
part /boot --fstype=ext4 --size=1024
part pv.01 --size=1 --grow
volgroup vg pv.01
logvol / --vgname=vg --name=root --fstype=xfs --size=${4096 + index}
bootloader --location=mbr --append="console=ttyS0"
reboot
%packages
@core
${packages}
%end
%post --log=/root/post.log
${script}
%end
`;
}

/** Time per file in milliseconds: the best of the rounds for each file, after one round to warm up. */
function perFile(texts, run) {
  for (const text of texts) run(text);
  const best = texts.map(() => Number.POSITIVE_INFINITY);
  for (let round = 0; round < rounds; round++) {
    for (const [index, text] of texts.entries()) {
      const start = process.hrtime.bigint();
      run(text);
      best[index] = Math.min(best[index], Number(process.hrtime.bigint() - start) / 1e6);
    }
  }
  return best;
}

function summary(times, bytes) {
  const sorted = [...times].sort((a, b) => a - b);
  const total = times.reduce((sum, time) => sum + time, 0);
  return {
    median: sorted[Math.floor(sorted.length / 2)],
    p99: sorted[Math.floor(sorted.length * 0.99)],
    mean: total / times.length,
    speed: bytes / 1e6 / (total / 1e3),
  };
}

/** pykickstart's mean time per file in milliseconds, a new handler for each as ksvalidator does; undefined without pykickstart. */
function pykickstart(texts) {
  const python = process.env.PYTHON ?? 'python3';
  if (spawnSync(python, ['-c', 'import pykickstart']).status !== 0) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'pxekit-bench-'));
  const file = join(folder, 'texts.json');
  writeFileSync(file, JSON.stringify(texts.slice(0, quick ? 20 : 300)));
  const program = `
import json, sys, time, warnings, io, contextlib
from pykickstart.parser import KickstartParser
from pykickstart.version import makeVersion, returnClassForVersion
warnings.simplefilter('ignore')
texts = json.load(open(sys.argv[1]))
start = time.perf_counter()
for text in texts:
    parser = KickstartParser(makeVersion('${RELEASE}'), followIncludes=False, errorsAreFatal=False)
    with contextlib.redirect_stderr(io.StringIO()), contextlib.redirect_stdout(io.StringIO()):
        try:
            parser.readKickstartFromString(text)
        except Exception:
            pass
print((time.perf_counter() - start) / len(texts) * 1000)
`;
  const { stdout } = spawnSync(python, ['-c', program, file], { encoding: 'utf8' });
  rmSync(folder, { recursive: true });
  return Number(stdout);
}

const format = (value, digits = 3) => value.toFixed(digits).padStart(9);
const { from, texts } = loadFiles();
const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
console.log(
  `node ${process.version}, ${cpus()[0]?.model ?? 'unknown processor'}, ${texts.length} files, ${(bytes / 1e6).toFixed(2)} MB (${from})\n`,
);

const stages = {
  parse: (text) => parse(text),
  'parse + serialize': (text) => serialize(parse(text)),
  'parse + check': (text) => check(parse(text), { release: RELEASE }),
  'parse + check as pykickstart': (text) => check(parse(text, { templates: 'none' }), { release: RELEASE, strictness: 'pykickstart' }),
  'parse + check + lint': (text) => diagnose(parse(text), { release: RELEASE }),
};
const theirs = pykickstart(texts);
console.log('| | median ms | p99 ms | mean ms | MB/s | x pykickstart |');
console.log('| --- | ---: | ---: | ---: | ---: | ---: |');
for (const [name, run] of Object.entries(stages)) {
  const { median, p99, mean, speed } = summary(perFile(texts, run), bytes);
  const ratio = theirs === undefined ? `${(12.8 / mean).toFixed(0)} *` : (theirs / mean).toFixed(0);
  console.log(`| ${name.padEnd(28)} | ${format(median)} | ${format(p99)} | ${format(mean)} | ${format(speed, 1)} | ${ratio} |`);
}
console.log(
  theirs === undefined
    ? '\n* pykickstart is not at hand here; measured elsewhere it needs 12.8 ms per file.'
    : `\npykickstart: ${theirs.toFixed(2)} ms per file`,
);

const scaled = {
  '%packages names': (n) => `%packages\n${Array.from({ length: n }, (_, index) => `package-${index}`).join('\n')}\n%end\n`,
  'script lines': (n) => `%post\n${Array.from({ length: n }, (_, index) => `echo ${index} "it's" %s`).join('\n')}\n%end\n`,
  'command lines': (n) => Array.from({ length: n }, (_, index) => `part /m${index} --fstype=ext4 --size=${index} # ${index}`).join('\n'),
  'unknown sections': (n) => '%bogus\n'.repeat(n),
  'blank lines': (n) => '\n'.repeat(n),
  'open quotes': (n) => '"\n'.repeat(n),
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is a template, of another language
  'template spans': (n) => '{{ a }} {% b %} ${c}\n'.repeat(n),
};
const sizes = { '%packages names': 100_000, 'script lines': 1_000_000 };
console.log('\n| growth: ms for | 1x | 4x | 16x | 16x / 1x |');
console.log('| --- | ---: | ---: | ---: | ---: |');
for (const [name, make] of Object.entries(scaled)) {
  const largest = (sizes[name] ?? 100_000) / (quick ? 100 : 1);
  const times = [16, 4, 1].map((part) => {
    const text = make(Math.round(largest / part));
    let best = Number.POSITIVE_INFINITY;
    for (let round = 0; round < (quick ? 1 : 4); round++) {
      const start = process.hrtime.bigint();
      diagnose(parse(text), { release: RELEASE });
      best = Math.min(best, Number(process.hrtime.bigint() - start) / 1e6);
    }
    return best;
  });
  const label = `parse + check + lint, ${largest.toLocaleString('en')} ${name}`;
  console.log(`| ${label.padEnd(56)} | ${times.map((time) => format(time, 1)).join(' | ')} | ${(times[2] / times[0]).toFixed(1)} |`);
}
