// How long kickstart files take to parse, check and lint, per file and per MB, and how time grows with the size of the text.
//
//   node bench/kickstart/bench.mjs [--quick] [--write]
//
// `--write` puts the tables into packages/kickstart/bench/README.md.
// Files: the corpus under PXEKIT_VECTORS (default ../shared/vectors beside the checkout); made-up files where it is missing.
// pykickstart is measured in the same run where `python3` (or PYTHON) can import it.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { check, diagnose, parse, RULES, serialize } from '@pxekit/kickstart';
import { KINDS } from './growth.mjs';

const quick = process.argv.includes('--quick');
const rounds = quick ? 1 : 7;
const RELEASE = 'RHEL9';
/** What pykickstart 3.74 needs for such files on average, in milliseconds, 11.6 of them to build its handler. */
const ELSEWHERE = 12.8;
/** Items of the largest texts, where it is not 100,000. */
const LARGEST = { 'script lines': 1_000_000 };

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

/** Milliseconds for one text of 1/16, 1/4 and the whole of a size, each in a process of its own. */
function growth(kind, largest) {
  const program = fileURLToPath(new URL('./growth.mjs', import.meta.url));
  return [16, 4, 1].map((part) => {
    const { stdout } = spawnSync(process.execPath, [program, kind, String(Math.round(largest / part)), String(part)], { encoding: 'utf8' });
    return JSON.parse(stdout);
  });
}

const table = [];
function print(line = '') {
  table.push(line);
  console.log(line);
}

const { from, texts } = loadFiles();
const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
const files = `${texts.length.toLocaleString('en')} ${from === 'made-up files' ? from : 'real kickstart files from public repositories'}`;
print(
  `Node ${process.version}, ${cpus().length} x ${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${files}, ${(bytes / 1e6).toFixed(2)} MB.`,
);
print(`Each time is the best of ${rounds} rounds for each file; release ${RELEASE}.`);
print();

const stages = {
  parse: (text) => parse(text),
  'parse + serialize': (text) => serialize(parse(text)),
  'parse + check': (text) => check(parse(text), { release: RELEASE }),
  'parse + check as pykickstart': (text) => check(parse(text, { templates: 'none' }), { release: RELEASE, strictness: 'pykickstart' }),
  [`parse + check + lint (${RULES.length} rules)`]: (text) => diagnose(parse(text), { release: RELEASE }),
};
const theirs = pykickstart(texts);
print('| | median ms | p99 ms | mean ms | MB/s | times as fast as pykickstart |');
print('| --- | ---: | ---: | ---: | ---: | ---: |');
for (const [name, run] of Object.entries(stages)) {
  const { median, p99, mean, speed } = summary(perFile(texts, run), bytes);
  const ratio = ((theirs ?? ELSEWHERE) / mean).toFixed(0);
  print(`| ${name} | ${median.toFixed(3)} | ${p99.toFixed(3)} | ${mean.toFixed(3)} | ${speed.toFixed(1)} | ${ratio} |`);
}
print();
print(
  theirs === undefined
    ? `The last column divides by ${ELSEWHERE} ms per file, measured on another machine, since Python cannot import pykickstart here: take it as an order of magnitude.`
    : `pykickstart was measured in the same run: ${theirs.toFixed(2)} ms per file, with a handler built for each as ksvalidator does.`,
);
print();
print('| growth: ms for one text | 1x | 4x | 16x | 16x / 1x | best of 1x | best of 16x |');
print('| --- | ---: | ---: | ---: | ---: | ---: | ---: |');
for (const kind of Object.keys(KINDS)) {
  const largest = (LARGEST[kind] ?? 100_000) / (quick ? 100 : 1);
  const sizes = growth(kind, largest);
  const [small, , large] = sizes;
  const cells = [
    ...sizes.map(({ mean }) => mean.toFixed(1)),
    (large.mean / small.mean).toFixed(1),
    small.best.toFixed(1),
    large.best.toFixed(1),
  ];
  print(`| 16x: ${largest.toLocaleString('en')} ${kind} | ${cells.join(' | ')} |`);
}

if (process.argv.includes('--write')) {
  const file = fileURLToPath(new URL('../../packages/kickstart/bench/README.md', import.meta.url));
  const [before, after] = readFileSync(file, 'utf8').split(/<!-- results -->.*<!-- end of results -->/s);
  writeFileSync(file, `${before}<!-- results -->\n\n${table.join('\n')}\n\n<!-- end of results -->${after}`);
}
