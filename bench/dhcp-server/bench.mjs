// Four-way exchanges per second of this server beside Kea, dnsmasq and ISC dhcpd, in network namespaces of its own.
//   node bench/dhcp-server/bench.mjs [--quick] [--write] [--seconds=N] [--held=N,N] [server …]
// `--write` puts the table into packages/dhcp-server/bench/README.md, row by row. Needs root, Linux, cc, perfdhcp (kea-admin) and the
// peers; a peer that is not there is left out with a word about it.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildGenerator, confirm, findMaximum, perfdhcp } from './loads.mjs';
import { makeNetwork } from './network.mjs';
import { folderFor, SERVERS } from './peers.mjs';
import { EQUAL_RATE, table, write } from './report.mjs';

const isQuick = process.argv.includes('--quick');
const option = (name) => process.argv.find((each) => each.startsWith(`--${name}=`))?.slice(name.length + 3);
const chosen = process.argv.slice(2).filter((each) => !each.startsWith('--'));
const SECONDS = Number(option('seconds') ?? (isQuick ? 1 : 3));
/** Runs of the search; what it finds is confirmed by longer ones. */
const SEARCH_SECONDS = 1;
/** Each of the three runs at 80 %, of those at one rate, and the one before all others. */
const STEADY_SECONDS = 2;
/** perfdhcp cannot send more, whatever the server. */
const PERFDHCP_MOST = 9000;
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

/** Results of loads, and what the server took for each of their exchanges, in microseconds. */
function withCpu(pid, run) {
  const before = cpuOf(pid);
  const results = run();
  const acks = results.reduce((sum, each) => sum + each.acks, 0);
  return { results, micros: Math.round(((cpuOf(pid) - before) / Math.max(1, acks)) * 1e6) };
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
    // A load that was too much leaves a queue: the next one begins when that is worked off.
    const settled = (result) => {
      for (let attempt = 0; result.loss >= 0.01 && attempt < 40 && generator(4, held, 0.5).loss > 0; attempt++);
      return result;
    };
    const atRate = (rate, seconds = SECONDS) => settled(generator(Math.max(4, Math.round(rate)), held, seconds));
    // All alike: caches are filled, and code that is compiled as it runs has been.
    const from = SERVERS[name].near(held);
    atRate(from / 2, STEADY_SECONDS);
    const found = findMaximum((rate) => atRate(rate, SEARCH_SECONDS), { from });
    const { perSecond } = confirm(atRate, found.perSecond);
    const byPerfdhcp = findMaximum((rate) => settled(perfdhcp(network.there)(rate, held, SEARCH_SECONDS)), {
      // It comes in bursts: a server takes less of it.
      from: Math.min(PERFDHCP_MOST, perSecond * 0.6),
      precision: 0.15,
      runs: 3,
    }).perSecond;
    const steady = withCpu(child.pid, () => [1, 2, 3].map(() => atRate(perSecond * 0.8, STEADY_SECONDS)));
    const equal = () => withCpu(child.pid, () => [atRate(EQUAL_RATE, STEADY_SECONDS)]).micros;
    const equalMicros = perSecond < EQUAL_RATE ? undefined : [equal(), equal(), equal()].sort((a, b) => a - b)[1];
    return { ...middle(steady.results), server: name, held, perSecond, byPerfdhcp, micros: steady.micros, equalMicros };
  } finally {
    const ended = new Promise((resolve) => child.on('exit', resolve));
    child.kill('SIGTERM');
    await Promise.race([ended, sleep(3000)]);
    child.kill('SIGKILL');
  }
}

/** @param report given all rows so far, after each */
async function measureAll(report) {
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
        report(rows);
      }
  } finally {
    network.remove();
    rmSync(base, { recursive: true, force: true });
  }
  return rows;
}

const isWritten = process.argv.includes('--write');
const rows = await measureAll((rows) => isWritten && write(rows, SECONDS, false));
console.log(`\n${table(rows, SECONDS, true).join('\n')}`);
if (isWritten) write(rows, SECONDS, true);
