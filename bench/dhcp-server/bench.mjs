// Four-way exchanges per second of this server beside Kea, dnsmasq and ISC dhcpd, in network namespaces of its own.
//   node bench/dhcp-server/bench.mjs [--quick] [--write] [--seconds=N] [--held=N,N] [server …]
// `--write` puts the table into packages/dhcp-server/bench/README.md. Needs root, Linux, cc, perfdhcp (kea-admin) and the peers;
// a peer that is not there is left out with a word about it.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, release, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildGenerator, confirm, findMaximum, perfdhcp } from './loads.mjs';
import { makeNetwork } from './network.mjs';
import { folderFor, SERVERS, versionOf } from './peers.mjs';

const isQuick = process.argv.includes('--quick');
const option = (name) => process.argv.find((each) => each.startsWith(`--${name}=`))?.slice(name.length + 3);
const chosen = process.argv.slice(2).filter((each) => !each.startsWith('--'));
const SECONDS = Number(option('seconds') ?? (isQuick ? 1 : 3));
/** Runs of the search; what it finds is confirmed by longer ones. */
const SEARCH_SECONDS = 1;
const WARM_UP_RATE = 4000;
const HELD = option('held')?.split(',').map(Number) ?? (isQuick ? [1000] : [1000, 10_000, 60_000]);

const has = (program) => {
  try {
    execFileSync('sh', ['-c', `command -v ${program}`], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};
if (process.getuid?.() !== 0 || !['ip', 'perfdhcp', 'cc'].every(has)) {
  console.log('| skipped: needs root, ip, cc and perfdhcp (Debian package kea-admin) |');
  process.exit(0);
}

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** User and system time of all threads of a process, in seconds. */
function cpuOf(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** A number in the middle of three runs is one that a pause of the machine did not make. */
const middle = (results) => results.sort((a, b) => a.ack.p99 - b.ack.p99)[Math.floor(results.length / 2)];

async function measure(name, held, { network, generator, base }) {
  const { command, seed } = SERVERS[name];
  const folder = folderFor(base, `${name}-${held}`);
  await seed(folder, held);
  const [program, args, environment = {}] = command(folder);
  const child = spawn('ip', ['netns', 'exec', network.here, program, ...args], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  try {
    // With many leases some take long to read them.
    for (let attempt = 0; attempt < 60 && generator(20, 5, 0.25).acks === 0; attempt++) await sleep(500);
    if (isQuick) {
      const quick = generator(200, held, SECONDS);
      return {
        server: name,
        held,
        perSecond: quick.perSecond,
        byPerfdhcp: perfdhcp(network.there)(200, held, 1).perSecond,
        micros: 0,
        ...quick,
      };
    }
    // All alike: caches are filled, and code that is compiled as it runs has been.
    generator(WARM_UP_RATE, held, SEARCH_SECONDS * 2);
    const found = findMaximum((rate) => generator(rate, held, SEARCH_SECONDS));
    const { perSecond } = confirm((rate) => generator(rate, held, SECONDS), found.perSecond);
    const byPerfdhcp = findMaximum((rate) => perfdhcp(network.there)(rate, held, SEARCH_SECONDS), {
      from: Math.max(10, Math.round(perSecond / 2)),
      precision: 0.15,
    }).perSecond;
    const before = cpuOf(child.pid);
    const steady = [1, 2, 3].map(() => generator(Math.max(4, Math.round(perSecond * 0.8)), held, SECONDS));
    const acks = steady.reduce((sum, each) => sum + each.acks, 0);
    const micros = Math.round(((cpuOf(child.pid) - before) / Math.max(1, acks)) * 1e6);
    return { ...middle(steady), server: name, held, perSecond, byPerfdhcp, micros };
  } finally {
    const ended = new Promise((resolve) => child.on('exit', resolve));
    child.kill('SIGTERM');
    await Promise.race([ended, sleep(3000)]);
    child.kill('SIGKILL');
  }
}

async function measureAll() {
  const base = mkdtempSync(join(tmpdir(), 'pxekit-bench-'));
  const network = makeNetwork();
  const rows = [];
  try {
    const generator = buildGenerator(base, network.there);
    // The servers in turn, so that what else the machine does meets them alike.
    for (const held of HELD)
      for (const name of Object.keys(SERVERS)) {
        if (chosen.length > 0 && !chosen.includes(name)) continue;
        if (SERVERS[name].program !== undefined && !has(SERVERS[name].program)) {
          if (held === HELD[0]) console.log(`left out: ${name} is not installed`);
          continue;
        }
        const row = await measure(name, held, { network, generator, base });
        rows.push(row);
        console.log(`${name}, ${held} held: ${row.perSecond}/s, perfdhcp ${row.byPerfdhcp}/s, ${row.micros} µs, ACK p99 ${row.ack.p99} ms`);
      }
  } finally {
    network.remove();
    rmSync(base, { recursive: true, force: true });
  }
  return rows;
}

const cell = ({ p50, p99 }) => `${p50 ?? '-'} / ${p99 ?? '-'}`;

function table(rows) {
  const lines = [
    `${new Date().toISOString().slice(0, 10)}: ${cpus()[0].model}, ${cpus().length} processors, Linux ${release()}, node ${process.versions.node}, perfdhcp ${versionOf('kea-admin')}; ${SECONDS} s per rate.`,
    '',
    '| server | version | how a lease reaches the disk |',
    '| --- | --- | --- |',
    ...[...new Set(rows.map((row) => row.server))].map((name) => `| ${name} | ${SERVERS[name].version()} | ${SERVERS[name].durability} |`),
    '',
    '| leases held | server | exchanges/s | ratio to pxekit | by perfdhcp | ratio to pxekit | CPU per exchange | OFFER p50 / p99 ms | ACK p50 / p99 ms | loss at 80 % |',
    '| ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |',
  ];
  for (const row of rows) {
    const ours = rows.find((each) => each.server === 'pxekit' && each.held === row.held);
    const ratio = (field) => (ours === undefined || ours[field] === 0 ? '' : (row[field] / ours[field]).toFixed(2));
    const cells = [row.held, row.server, row.perSecond, ratio('perSecond'), row.byPerfdhcp, ratio('byPerfdhcp'), `${row.micros} µs`];
    lines.push(`| ${[...cells, cell(row.offer), cell(row.ack), `${(row.loss * 100).toFixed(2)} %`].join(' | ')} |`);
  }
  return lines;
}

const lines = table(await measureAll());
console.log(`\n${lines.join('\n')}`);
if (process.argv.includes('--write')) {
  const file = fileURLToPath(new URL('../../packages/dhcp-server/bench/README.md', import.meta.url));
  const [head, , tail] = readFileSync(file, 'utf8').split(/<!-- (?:results|end of results) -->\n/);
  writeFileSync(file, `${head}<!-- results -->\n\n${lines.join('\n')}\n\n<!-- end of results -->\n${tail}`);
}
