// How fast configurations are parsed, evaluated, linted and written back: per real file, and over one large generated file.
//
//   node bench/pxelinux/bench.mjs [--quick] [--write]
//
// --write puts the tables into packages/pxelinux/bench/README.md.
// Files: those under PXEKIT_VECTORS (default ../shared/vectors beside the checkout); made-up ones where they are missing.
// Compared in the same run with the least any reader must do (split into lines and words), and with GRUB's
// grub-syslinux2cfg where it is installed.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { evaluate, latin1FromBytes, lint, parse, serialize } from '@pxekit/pxelinux';

const quick = process.argv.includes('--quick');
const rounds = quick ? 2 : 15;
const largeBytes = quick ? 1e6 : 10e6;
/** Parts of the large file whose time is compared with that for the whole. */
const PARTS = [16, 1];
const CLIENT = { mac: '52:54:00:12:34:56', ip: '192.0.2.9', server: '192.0.2.1', gateway: '192.0.2.1', netmask: '255.255.255.0' };

function loadFiles() {
  const folder = resolve(process.env.PXEKIT_VECTORS ?? new URL('../../../shared/vectors', import.meta.url).pathname, 'pxelinux');
  if (!existsSync(folder))
    return { from: 'made-up files', files: Array.from({ length: 100 }, (_, i) => Buffer.from(generate(500 * (1 + (i % 10))))) };
  const files = readdirSync(folder).flatMap((name) => {
    const description = join(folder, name, 'case.json');
    if (!existsSync(description)) return [];
    return JSON.parse(readFileSync(description, 'utf8')).files.map(({ file }) => readFileSync(join(folder, name, 'files', file)));
  });
  return { from: 'real files', files };
}

/** A menu of about so many bytes, as a site with many machines has it. */
function generate(bytes, first = 0) {
  const parts = ['UI menu.c32\nPROMPT 0\nTIMEOUT 100\nMENU TITLE Machines\n\n'];
  for (let size = 0, i = first; size < bytes; i++) {
    const entry = `LABEL node${i}
  MENU LABEL ^Install node${i}
  # rack ${i % 40}
  KERNEL images/el9/vmlinuz
  INITRD images/el9/initrd.img
  APPEND inst.ks=http://192.0.2.1/ks/node${i}.cfg console=ttyS0,115200 ip=dhcp quiet
  IPAPPEND 2
  TEXT HELP
  Installs node${i} without questions.
  ENDTEXT

`;
    parts.push(entry);
    size += entry.length;
  }
  return parts.join('');
}

/** Best time of some runs, in milliseconds. */
function best(times, run) {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < times; i++) {
    const started = performance.now();
    run();
    least = Math.min(least, performance.now() - started);
  }
  return least;
}

/** Least processor time of some runs, in milliseconds: what other programs on the machine do does not count. */
function leastProcessorTime(times, run) {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < times; i++) {
    const before = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(before);
    least = Math.min(least, (user + system) / 1e3);
  }
  return least;
}

function split(bytes) {
  return latin1FromBytes(bytes)
    .split('\n')
    .map((line) => line.trim().split(/\s+/, 2));
}

const STAGES = {
  'split into lines and words': (bytes) => split(bytes),
  parse: (bytes) => parse(bytes),
  'parse, make all nodes': (bytes) => parse(bytes).nodes,
  'parse, serialize': (bytes) => serialize(parse(bytes)),
  'parse, evaluate (menu)': (bytes) => evaluate(parse(bytes), { engine: 'menu', client: CLIENT }),
  'parse, evaluate (core)': (bytes) => evaluate(parse(bytes), { engine: 'core', client: CLIENT }),
  'parse, evaluate (uboot)': (bytes) => evaluate(parse(bytes), { engine: 'uboot', client: CLIENT }),
  'parse, lint': (bytes) => lint(parse(bytes)),
  'parse, evaluate (menu), lint': (bytes) => {
    const document = parse(bytes);
    return [evaluate(document, { engine: 'menu', client: CLIENT }), lint(document)];
  },
};

/**
 * Nanoseconds of processor time per byte for texts of each size, in a process of its own. `alone`: one text at a time, and what was
 * made of it is dropped before the next. `kept`: as many texts in a row as the large file has bytes, and what was made of all of them
 * is kept to the end, so that each size leaves the garbage collector the same work.
 */
function measureLarge(name) {
  const run = STAGES[name];
  for (let i = 0; i < 12; i++) run(Buffer.from(generate(3e5, i)));
  const times = quick ? 1 : 5;
  return PARTS.map((part) => {
    const texts = Array.from({ length: part }, (_, i) => Buffer.from(generate(largeBytes / part, i * 40_000)));
    const bytes = texts.reduce((sum, { length }) => sum + length, 0);
    const [text] = texts;
    return {
      alone: (leastProcessorTime(times * part, () => run(text)) * 1e6) / text.length,
      kept: (leastProcessorTime(times, () => texts.map(run)) * 1e6) / bytes,
    };
  });
}

const stage = process.argv.indexOf('--stage');
if (stage !== -1) {
  console.log(JSON.stringify(measureLarge(process.argv[stage + 1])));
  process.exit();
}

function inOwnProcess(name) {
  const args = [new URL(import.meta.url).pathname, '--stage', name, ...(quick ? ['--quick'] : [])];
  const { stdout, status } = spawnSync(process.execPath, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  if (status !== 0) throw new Error(`${name} ended with ${status}`);
  return JSON.parse(stdout);
}

const written = [];
const say = (line) => {
  console.log(line);
  written.push(line);
};
const row = (...cells) => say(`| ${cells.join(' | ')} |`);
const { from, files } = loadFiles();
const kilobytes = (files.reduce((sum, { length }) => sum + length, 0) / 1e3).toFixed(0);

say('# Measured\n');
say('`node bench/pxelinux/bench.mjs --write` after a build wrote this page.');
say(`Node ${process.version}, ${cpus()[0]?.model.trim()} (${cpus().length} cores), ${new Date().toISOString().slice(0, 7)}.\n`);
say(`${files.length} ${from}, ${kilobytes} kB together; best of ${rounds} runs for each file, once warm.\n`);
row('per file', 'median ms', 'slowest ms');
row('---', '---:', '---:');
for (const [name, run] of Object.entries(STAGES)) {
  for (const file of files) run(file);
  const times = files.map((file) => best(rounds, () => run(file))).sort((a, b) => a - b);
  row(name, times[times.length >> 1].toFixed(4), times.at(-1).toFixed(3));
}

const large = Buffer.from(generate(largeBytes));
say(`
One generated file of ${(large.length / 1e6).toFixed(1)} MB, in processor time, each stage in a process of its own. The last columns are the time for the
whole file divided by that for a sixteenth of it; linear time gives 16. "Kept" parses sixteen different sixteenths in a row and keeps
what was made of all, as the whole file does; "alone" takes one sixteenth at a time and drops it, which the garbage collector gets
almost for nothing.
`);
row('stage', 'MB/s', 'of splitting', 'growth, kept', 'growth, alone');
row('---', '---:', '---:', '---:', '---:');
let base;
for (const name of Object.keys(STAGES)) {
  const [sixteenth, whole] = inOwnProcess(name);
  const speed = 1e3 / whole.alone;
  base ??= speed;
  row(
    name,
    speed.toFixed(0),
    (speed / base).toFixed(2),
    ((16 * whole.kept) / sixteenth.kept).toFixed(1),
    ((16 * whole.alone) / sixteenth.alone).toFixed(1),
  );
}

const folder = mkdtempSync(join(tmpdir(), 'pxekit-bench-'));
writeFileSync(join(folder, 'large.cfg'), large);
const converter = process.env.GRUB_SYSLINUX2CFG ?? 'grub-syslinux2cfg';
const started = performance.now();
const { status, error } = spawnSync(converter, ['-r', folder, '-o', join(folder, 'grub.cfg'), join(folder, 'large.cfg')], {
  timeout: 60_000,
});
if (status === 0) row('grub-syslinux2cfg (converts, in C)', (large.length / 1e3 / (performance.now() - started)).toFixed(0), '', '', '');
else say(`\ngrub-syslinux2cfg was not measured: ${error?.code ?? `it ended with ${status}`}`);
rmSync(folder, { recursive: true });

if (process.argv.includes('--write')) {
  writeFileSync(new URL('../../packages/pxelinux/bench/README.md', import.meta.url), `${written.join('\n')}\n`);
}
