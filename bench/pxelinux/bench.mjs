// How fast configurations are parsed, evaluated, linted and written back: per real file, and over one large generated file.
//
//   node bench/pxelinux/bench.mjs [--quick]
//
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
function generate(bytes) {
  const parts = ['UI menu.c32\nPROMPT 0\nTIMEOUT 100\nMENU TITLE Machines\n\n'];
  for (let size = 0, i = 0; size < bytes; i++) {
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

const row = (...cells) => console.log(`| ${cells.join(' | ')} |`);
const { from, files } = loadFiles();
console.log(
  `node ${process.version}, ${cpus()[0]?.model.trim()}, ${files.length} ${from}, ${(files.reduce((sum, { length }) => sum + length, 0) / 1e3).toFixed(0)} kB\n`,
);

row('per file', 'median ms', 'slowest ms');
row('---', '---:', '---:');
for (const [name, run] of Object.entries(STAGES)) {
  for (const file of files) run(file);
  const times = files.map((file) => best(rounds, () => run(file))).sort((a, b) => a - b);
  row(name, times[times.length >> 1].toFixed(4), times.at(-1).toFixed(3));
}

const sizes = [1, 4, 16].map((part) => Buffer.from(generate(largeBytes / part)));
const [large] = sizes;
console.log(
  `\nOne file of ${(large.length / 1e6).toFixed(1)} MB, in processor time. Growth is the time for it divided by that for a quarter and for a sixteenth.\n`,
);
row('stage', 'MB/s', 'of splitting', 'growth x4', 'growth x16');
row('---', '---:', '---:', '---:', '---:');
let base;
for (const [name, run] of Object.entries(STAGES)) {
  const [whole, quarter, sixteenth] = sizes.map((bytes) => leastProcessorTime(quick ? 1 : 7, () => run(bytes)));
  base ??= whole;
  const cells = [large.length / 1e3 / whole, base / whole, whole / quarter, whole / sixteenth];
  row(name, ...cells.map((cell, i) => cell.toFixed(i === 0 ? 0 : i === 1 ? 2 : 1)));
}

const folder = mkdtempSync(join(tmpdir(), 'pxekit-bench-'));
writeFileSync(join(folder, 'large.cfg'), large);
const converter = process.env.GRUB_SYSLINUX2CFG ?? 'grub-syslinux2cfg';
const started = performance.now();
const { status, error } = spawnSync(converter, ['-r', folder, '-o', join(folder, 'grub.cfg'), join(folder, 'large.cfg')], {
  timeout: 60_000,
});
if (status === 0) row('grub-syslinux2cfg (converts, in C)', (large.length / 1e3 / (performance.now() - started)).toFixed(0), '', '', '');
else console.log(`\ngrub-syslinux2cfg was not measured: ${error?.code ?? `it ended with ${status}`}`);
rmSync(folder, { recursive: true });
