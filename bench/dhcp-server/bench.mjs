// Four-way exchanges per second of this server beside Kea, dnsmasq and ISC dhcpd, in network namespaces of its own.
//   node bench/dhcp-server/bench.mjs [--quick] [server …]
// Needs root, Linux, perfdhcp (kea-admin) and the peers; a peer that is not there is left out with a word about it.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FIRST_CLIENT, folderFor, NETWORK, SERVERS } from './peers.mjs';

const isQuick = process.argv.includes('--quick');
const chosen = process.argv.slice(2).filter((each) => !each.startsWith('--'));
const SECONDS = isQuick ? 1 : 2;
const HELD = isQuick ? [1000] : [1000, 10_000, 60_000];
const FASTER = isQuick ? [500] : [2000, 4000, 6000, 8000, 10_000, 12_000];
const SLOWER = isQuick ? [100] : [1000, 500, 200, 100, 50, 20];

const has = (program) => {
  try {
    execFileSync('sh', ['-c', `command -v ${program}`], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};
if (process.getuid?.() !== 0 || !has('ip') || !has('perfdhcp')) {
  console.log('| skipped: needs root, ip and perfdhcp (Debian package kea-admin) |');
  process.exit(0);
}

const ip = (...args) => execFileSync('ip', args, { stdio: ['ignore', 'pipe', 'pipe'] });
const id = process.pid;
const [here, there] = [`pxekit-bench-server-${id}`, `pxekit-bench-client-${id}`];

function makeNetwork() {
  for (const name of [here, there]) {
    ip('netns', 'add', name);
    ip('-n', name, 'link', 'set', 'lo', 'up');
  }
  ip('-n', here, 'link', 'add', NETWORK.device, 'type', 'veth', 'peer', 'name', 'c0', 'netns', there);
  ip('-n', here, 'address', 'add', `${NETWORK.server}/15`, 'dev', NETWORK.device);
  ip('-n', there, 'address', 'add', `${NETWORK.relay}/15`, 'dev', 'c0');
  ip('-n', here, 'link', 'set', NETWORK.device, 'up');
  ip('-n', there, 'link', 'set', 'c0', 'up');
}

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** User and system time of a process in seconds. */
function cpuOf(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** perfdhcp at a rate: exchanges per second and the share of exchanges that were not finished. */
function perfdhcp(rate, clients, seconds) {
  let text = '';
  try {
    text = execFileSync(
      'ip',
      [
        'netns',
        'exec',
        there,
        'perfdhcp',
        '-4',
        '-r',
        String(rate),
        '-R',
        String(clients),
        '-p',
        String(seconds),
        '-W',
        '1000000',
        // The clients whose leases are held: others would first empty the pool.
        '-b',
        `mac=${FIRST_CLIENT}`,
        NETWORK.server,
      ],
      { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
    );
  } catch (error) {
    // It ends with 3 when some exchanges were not finished.
    text = String(error.stdout);
  }
  const received = [...text.matchAll(/received packets: (\d+)/g)].map((each) => Number(each[1]));
  const sent = [...text.matchAll(/sent packets: (\d+)/g)].map((each) => Number(each[1]));
  const acks = received[1] ?? 0;
  return { perSecond: Math.round(acks / seconds), acks, loss: sent[0] ? 1 - acks / sent[0] : 1 };
}

function generator(rate, clients, seconds, first = 1) {
  const script = fileURLToPath(new URL('generator.mjs', import.meta.url));
  const args = [script, NETWORK.server, NETWORK.relay, rate, seconds, clients, first].map(String);
  return JSON.parse(execFileSync('ip', ['netns', 'exec', there, process.execPath, ...args], { encoding: 'utf8' }));
}

/** Waits until the server answers: with many leases some take long to read them. */
async function answering() {
  for (let attempt = 0; attempt < 60; attempt++) {
    await sleep(500);
    if (generator(20, 5, 0.25).acks > 0) return;
  }
  console.log('it does not answer');
}

/** The fastest run that lost less than 1 %: upwards until two runs in a row lose more, else downwards. */
function findMaximum(run) {
  let best = { perSecond: 0, loss: 1 };
  let failures = 0;
  for (const rate of FASTER) {
    const result = run(rate);
    failures = result.loss < 0.01 ? 0 : failures + 1;
    if (result.loss < 0.01) best = result;
    if (failures === 2) break;
  }
  for (const rate of SLOWER) {
    if (best.perSecond > 0) break;
    const result = run(rate);
    if (result.loss < 0.01) best = result;
  }
  return best;
}

async function measure(name, held, base) {
  const { command, seed } = SERVERS[name];
  const folder = folderFor(base, `${name}-${held}`);
  await seed(folder, held);
  const [program, args, environment = {}] = command(folder);
  const child = spawn('ip', ['netns', 'exec', here, program, ...args], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  try {
    await answering();
    const best = findMaximum((rate) => perfdhcp(rate, held, SECONDS));
    const before = cpuOf(child.pid);
    const steady = generator(Math.max(20, Math.round(best.perSecond * 0.8)), held, SECONDS);
    const cpu = (cpuOf(child.pid) - before) / Math.max(1, steady.acks);
    return { server: name, held, perSecond: best.perSecond, cpuMicros: Math.round(cpu * 1e6), ...steady };
  } finally {
    const ended = new Promise((resolve) => child.on('exit', resolve));
    child.kill('SIGTERM');
    await Promise.race([ended, sleep(3000)]);
    child.kill('SIGKILL');
  }
}

const base = mkdtempSync(join(tmpdir(), 'pxekit-bench-'));
const rows = [];
try {
  makeNetwork();
  for (const name of Object.keys(SERVERS)) {
    if (chosen.length > 0 && !chosen.includes(name)) continue;
    if (SERVERS[name].program !== undefined && !has(SERVERS[name].program)) {
      console.log(`left out: ${name} is not installed`);
      continue;
    }
    for (const held of HELD) {
      const row = await measure(name, held, base);
      rows.push(row);
      console.log(`${name}, ${held} leases held: ${row.perSecond} exchanges/s, ${row.cpuMicros} µs of CPU each, ACK p99 ${row.ack.p99} ms`);
    }
  }
} finally {
  for (const name of [here, there]) {
    try {
      ip('netns', 'del', name);
    } catch {}
  }
  rmSync(base, { recursive: true, force: true });
}

const cell = (quantiles) => `${quantiles.p50 ?? '-'} / ${quantiles.p99 ?? '-'}`;
console.log(`${cpus()[0].model}, ${cpus().length} processors\n`);
for (const name of new Set(rows.map((row) => row.server))) console.log(`- ${name} ${SERVERS[name].version()}: ${SERVERS[name].durability}`);
console.log(
  '\n| server | leases held | exchanges/s at < 1 % loss | ratio to pxekit | CPU per exchange | OFFER p50 / p99 ms | ACK p50 / p99 ms | loss at 80 % |',
);
console.log('| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |');
for (const row of rows) {
  const ours = rows.find((each) => each.server === 'pxekit' && each.held === row.held);
  const ratio = ours === undefined || ours.perSecond === 0 ? '' : (row.perSecond / ours.perSecond).toFixed(2);
  console.log(
    `| ${row.server} | ${row.held} | ${row.perSecond} | ${ratio} | ${row.cpuMicros} µs | ${cell(row.offer)} | ${cell(row.ack)} | ${(row.loss * 100).toFixed(2)} % |`,
  );
}
