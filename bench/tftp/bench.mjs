// TFTP servers side by side, on loopback and over a link with delay and losses. `--quick` for a smoke run, `--write` to put the
// tables into packages/tftp/bench/README.md, `--only=requests|throughput|apart|memory|link` for one part.
import { execFile, execFileSync, fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, release, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { makeLink } from './link.mjs';
import { goal, number, print, printGoals, ratio, table, write } from './report.mjs';
import { cpu, OWN, PEERS, rss, startAll, stopAll, versions } from './servers.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const quick = process.argv.includes('--quick');
const REPEATS = quick ? 1 : 3;
const SECONDS = quick ? 0.1 : 0.35;
const WARM_UP = quick ? 0.05 : 0.1;
/** Over the link: a transfer is some hundred round trips of half a millisecond. */
const LINK_SECONDS = quick ? 0.1 : 1;
/** Losses come by chance: some hundred of them are met by a server that goes on at once, */
const LOSS_SECONDS = quick ? 0.5 : 5;
/** and few by one that waits for a second or more after each. */
const WAITING_SECONDS = quick ? 0.5 : 20;
const MIB = 1024 * 1024;
const ALL = [...OWN, ...PEERS];
/** tftpd-hpa works in children that nobody waits for: their time is not told. */
const TIMED = ALL.filter((name) => name !== 'tftpd-hpa');

const folder = mkdtempSync(join(tmpdir(), 'pxekit-bench-tftp-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
chmodSync(folder, 0o755);
const root = join(folder, 'root');
mkdirSync(root);
const SIZES = { 'big.bin': 64 * MIB, 'mid.bin': 8 * MIB, 'small.bin': 1000 };
for (const [name, size] of Object.entries(SIZES)) writeFileSync(join(root, name), randomBytes(size));
const load = join(folder, 'load');
execFileSync('cc', ['-O2', '-o', load, join(here, 'load.c')]);

/** How the load client is started against a server. */
function command(server, { file, blksize = 1468, windowsize = 1, clients = 1, transfers = 1e9, gro = true, delay = 0 }, seconds, prefix) {
  const args = [server.host, server.port, file, blksize, windowsize, clients, transfers, SIZES[file]].map(String);
  const env = { ...process.env, LOAD_LIMIT: String(seconds), LOAD_DELAY: String(delay), ...(gro ? { LOAD_GRO: '1' } : {}) };
  const [program, ...rest] = [...prefix, load, ...args];
  return [program, rest, { encoding: 'utf8', env }];
}

function run(server, scenario, seconds, prefix = []) {
  return JSON.parse(execFileSync(...command(server, scenario, seconds, prefix)));
}

function measure(server, scenario, seconds, prefix) {
  run(server, scenario, Math.min(WARM_UP, seconds), prefix);
  const before = cpu(server.pid);
  const out = run(server, scenario, seconds, prefix);
  const mib = out.bytes / MIB;
  return {
    rate: mib / out.seconds,
    requests: out.transfers / out.seconds,
    perCpu: mib / (cpu(server.pid) - before),
    client: (100 * out.cpu) / out.seconds,
    bad: out.errors + out.wrong,
  };
}

const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];

/** Every server in turn, several times; the median of each. */
function compare(running, scenario, { seconds = SECONDS, repeats = REPEATS, prefix = [] } = {}) {
  const runs = Object.fromEntries(ALL.map((name) => [name, []]));
  for (let repeat = 0; repeat < repeats; repeat += 1)
    for (const name of ALL) runs[name].push(measure(running[name], scenario, seconds, prefix));
  const middle = (name, key) => median(runs[name].map((one) => one[key]));
  return Object.fromEntries(
    ALL.map((name) => [
      name,
      {
        rate: middle(name, 'rate'),
        requests: middle(name, 'requests'),
        perCpu: middle(name, 'perCpu'),
        client: middle(name, 'client'),
        bad: runs[name].reduce((sum, { bad }) => sum + bad, 0),
      },
    ]),
  );
}

/** Our own in turn; the others all at once, since with losses they wait for their timers nearly all the time. */
async function compareWithLosses(running, scenario, prefix) {
  const own = OWN.map((name) => [name, measure(running[name], scenario, LOSS_SECONDS, prefix)]);
  const others = PEERS.map(async (name) => {
    const { stdout } = await promisify(execFile)(...command(running[name], scenario, WAITING_SECONDS, prefix));
    const { bytes, seconds, errors, wrong } = JSON.parse(stdout);
    return [name, { rate: bytes / MIB / seconds, bad: errors + wrong }];
  });
  return Object.fromEntries([...own, ...(await Promise.all(others))]);
}

async function onLoopback(work) {
  const running = await startAll(ALL, root);
  try {
    for (const server of Object.values(running))
      for (const scenario of [{ file: 'small.bin' }, { file: 'mid.bin', windowsize: 8 }]) run(server, { ...scenario, clients: 8 }, SECONDS);
    work(running);
  } finally {
    await stopAll(running);
  }
}

const rate = (one) => one.rate;
const perCpu = (one) => one.perCpu;
const requestsOf = (one) => one.requests;
const counts = quick ? [8] : [1, 8, 64];

function requests() {
  return onLoopback((running) => {
    const rows = counts.map((clients) => [`${clients} clients`, compare(running, { file: 'small.bin', clients })]);
    table('Files of 1000 bytes per second', rows, ALL, requestsOf);
    goal(
      'small files, a port per transfer',
      1,
      rows.map(([, result]) => ratio(result, 'pxekit, fast', requestsOf)),
    );
    goal(
      'small files, one port',
      1,
      rows.map(([, result]) => ratio(result, 'pxekit, fast, one port', requestsOf)),
    );
  });
}

function matrix(running, blksizes, windows, gro) {
  const rows = [];
  for (const blksize of blksizes) {
    for (const windowsize of windows) {
      for (const clients of counts) {
        const label = `${blksize} bytes, window ${windowsize}, ${clients} clients`;
        rows.push([label, compare(running, { file: 'mid.bin', blksize, windowsize, clients, gro }), { windowsize, clients }]);
        console.error(`  ${label}`);
      }
    }
  }
  return rows;
}

/** How near the load client itself was to its limit. */
function printClient(rows) {
  const share = (names) => {
    const shares = rows.flatMap(([, result]) => names.map((name) => result[name].client));
    return `${number(Math.min(...shares))} to ${number(Math.max(...shares))} %`;
  };
  print(`The load client took ${share(OWN)} of a core with our servers, ${share(PEERS)} with the others.`);
  print();
}

function throughput() {
  return onLoopback((running) => {
    const rows = matrix(running, quick ? [1468] : [512, 1468], quick ? [1, 8] : [1, 8, 16, 64], true);
    table('Throughput in MiB/s', rows, ALL, rate);
    printClient(rows);
    table('MiB per ms of the CPU of the server (more is better)', rows, TIMED, perCpu);
    const of = (wanted, own, cell, names) =>
      rows.filter(([, , shape]) => wanted(shape)).map(([, result]) => ratio(result, own, cell, names));
    const wide = ({ windowsize, clients }) => windowsize >= 8 && clients >= 8;
    goal('window 8 and more, 8 and 64 clients: throughput', 4, of(wide, 'pxekit, fast', rate));
    goal('window 8 and more, 8 and 64 clients: bytes per CPU time', 4, of(wide, 'pxekit, fast', perCpu, TIMED));
    goal(
      'window 1, one client',
      1,
      of(({ windowsize, clients }) => windowsize === 1 && clients === 1, 'pxekit, fast', rate),
    );
    const narrow = ({ windowsize, clients }) => windowsize === 1 && clients >= 8;
    goal('window 1, 8 and 64 clients, a port per transfer', 0.8, of(narrow, 'pxekit, fast', rate));
    goal('window 1, 8 and 64 clients, one port', 1, of(narrow, 'pxekit, fast, one port', rate));
  });
}

/** The same windows to a client that takes every datagram by itself. */
function apart() {
  return onLoopback((running) => {
    const rows = matrix(running, [1468], quick ? [8] : [8, 64], false);
    table('MiB/s to a client that takes every datagram by itself', rows, ALL, rate);
    table('MiB per ms of the CPU of the server, to such a client', rows, TIMED, perCpu);
  });
}

async function memory() {
  const bare = await new Promise((resolve) => {
    const child = fork(join(here, 'idle.mjs'), { stdio: 'ignore' });
    child.once('message', () => {
      resolve(rss(child.pid));
      child.kill();
    });
  });
  const clients = quick ? 50 : 1000;
  print(`### Memory at ${clients} transfers of one file of 64 MiB at a time`);
  print();
  print('| | MiB above a bare Node process |');
  print('|---|---:|');
  const used = [];
  for (const name of OWN) {
    const running = await startAll([name], root);
    const { errors, wrong } = run(running[name], { file: 'big.bin', windowsize: 8, clients }, quick ? 1 : 6);
    used.push(rss(running[name].pid) - bare);
    print(`| ${name}${errors + wrong > 0 ? ` (${errors + wrong} failed)` : ''} | ${number(used.at(-1))} |`);
    await stopAll(running);
  }
  print();
  goal(
    'memory at 1000 transfers: 64 MiB to the MiB used',
    1,
    used.map((mib) => 64 / mib),
  );
}

/** 1 Gbit/s, 0.2 ms away, without and with losses. */
async function link() {
  if (process.getuid() !== 0) {
    console.error('No link with delay and losses: that needs root.');
    return;
  }
  for (const loss of [0, 1]) {
    const { host, prefix, remove } = makeLink(loss);
    const running = await startAll(ALL, root, host);
    try {
      const rows = [];
      for (const windowsize of quick ? [8] : [1, 8, 64]) {
        console.error(`  loss ${loss} %, window ${windowsize}`);
        const scenario = { file: 'mid.bin', windowsize, gro: false, delay: 400 };
        const result =
          loss > 0 ? await compareWithLosses(running, scenario, prefix) : compare(running, scenario, { prefix, seconds: LINK_SECONDS });
        rows.push([`window ${windowsize}`, result]);
      }
      table(
        `MiB/s over a link of 1 Gbit/s, 0.2 ms delay each way${loss > 0 ? `, ${loss} % loss each way` : ''}, one client`,
        rows,
        ALL,
        rate,
      );
      const ratios = rows.map(([, result]) => ratio(result, 'pxekit, fast', rate));
      if (loss === 0) goal('a link without losses: near the best', 0.95, ratios);
      else goal('a link with 1 % loss', 20, ratios);
    } finally {
      await stopAll(running);
      remove();
    }
  }
}

const only = process.argv.find((argument) => argument.startsWith('--only='))?.slice('--only='.length);
const load1 = () => loadavg()[0].toFixed(1);
const [date, loadBefore] = [new Date().toISOString().slice(0, 10), load1()];
for (const section of [requests, throughput, apart, memory, link]) if (only === undefined || only === section.name) await section();
printGoals();
print(
  `Measured on ${date}: ${cpus()[0].model}, ${cpus().length} cores, load average ${loadBefore} before and ${load1()} after, Linux ${release()}, Node ${process.versions.node}; ${versions}. Each figure is the median of ${REPEATS} runs of ${SECONDS} s (over the link ${LINK_SECONDS} s), the servers in turn; with losses it is one run, of ${LOSS_SECONDS} s for our servers and of ${WAITING_SECONDS} s for the others.`,
);
if (process.argv.includes('--write')) write();
