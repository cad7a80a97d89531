// The server: files over HTTP beside nginx, time until all ports are open, many machines, and a hundred clients that boot at once.
//
//   node bench/server/bench.mjs [--quick] [--write]
//
// Everything is on loopback, with files in the page cache. `--write` puts the tables into packages/server/bench/README.md.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fleet } from './fleet.mjs';
import { http } from './http.mjs';
import { check, resolver } from './machines.mjs';
import { start } from './start.mjs';

const options = { quick: process.argv.includes('--quick') };
const folder = mkdtempSync(join(tmpdir(), 'pxekit-bench-'));
const [load] = loadavg();

const SECTIONS = [
  {
    title: 'Files over HTTP',
    columns: ['what', 'pxekit', 'nginx', 'ratio'],
    about: `The best of four runs of each, in turns. The large file is fetched by curl, the small ones by a load client written in C on connections
that stay open, so that no client holds up a server. nginx runs one worker with \`sendfile\` and an access log; pxekit writes its event log.
nginx hands pages of the file to the socket inside the kernel; Node has no such call, so pxekit reads each byte and writes it again.`,
    rows: () => http(folder, options),
  },
  {
    title: 'The command',
    columns: ['what', 'pxekit', '', ''],
    about: 'The median of nine processes one after the other, files in the page cache, measured from outside the process.',
    rows: () => start(join(folder, 'start'), options),
  },
  {
    title: 'Many machines',
    columns: ['what', 'pxekit', '', ''],
    about: 'Each machine has a name, a hardware address, an address of its own and a profile with a kickstart.',
    rows: () => [...resolver(folder, options), ...check(join(folder, 'check'), options)],
  },
  {
    title: 'Many clients',
    columns: ['what', 'pxekit', '', ''],
    about: `Each client goes all the way: DHCP, boot program, module, configuration, a kernel of 512 KiB and an initrd of 4 MiB over TFTP in blocks
of 1432 bytes with one on the way at a time, as BIOS firmware does, then the installer's DHCP and its kickstart over HTTP.
The server is one process, all clients are another one; on a machine with two processors they share the load.`,
    rows: () => fleet(join(folder, 'fleet'), options),
  },
];

function table(columns, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [line(columns), line(columns.map(() => '---')), ...rows.map(line)].join('\n');
}

try {
  const nginx = spawnSync('nginx', ['-v'], { encoding: 'utf8' }).stderr?.trim().replace('nginx version: ', '') || 'no nginx';
  const machine = `${cpus()[0]?.model} x ${cpus().length}, Node.js ${process.version}, ${nginx}; load of the machine at the start: ${load.toFixed(1)}.`;
  const parts = [machine];
  for (const { title, about, columns, rows } of SECTIONS) parts.push(`## ${title}`, about, table(columns, await rows()));
  const text = parts.join('\n\n');
  console.log(text);
  if (process.argv.includes('--write')) {
    const head = `# Benchmarks of @pxekit/server

\`pnpm bench server --write\` makes this page (needs a build, a C compiler and curl; nginx where it is installed). All on loopback, files in
the page cache. On a machine that other work keeps busy, times are upper bounds, and ratios are of one run.`;
    writeFileSync(new URL('../../packages/server/bench/README.md', import.meta.url), `${head}\n\n${text}\n`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exit(0);
