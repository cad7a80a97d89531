// TFTP servers side by side on loopback and over a link with delay and losses. `--quick` for a smoke run, `--full` for the whole
// matrix and the median of three runs, `--write` to put the tables into packages/tftp/bench/README.md,
// `--only=requests|throughput|memory|overLink` for one part.
import { execFileSync, fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, release, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { peers } from './peers.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const quick = process.argv.includes('--quick');
const MIB = 1024 * 1024;
const BIG = (quick ? 8 : 64) * MIB;
const full = process.argv.includes('--full');
const REPEATS = full ? 3 : 1;
const TICK = 10; // ms per clock tick in /proc

const folder = mkdtempSync(join(tmpdir(), 'pxekit-bench-tftp-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
chmodSync(folder, 0o755);
const root = join(folder, 'root');
mkdirSync(root);
writeFileSync(join(root, 'big.bin'), randomBytes(BIG));
writeFileSync(join(root, 'mid.bin'), randomBytes(8 * MIB));
writeFileSync(join(root, 'one.bin'), randomBytes(MIB));
writeFileSync(join(root, 'small.bin'), randomBytes(1000));
const load = join(folder, 'load');
execFileSync('cc', ['-O2', '-o', load, join(here, 'load.c')]);

const others = peers();

/** Our server in a process of its own. */
async function startOwn(path, mode, port, host) {
  const child = fork(join(here, 'serve.mjs'), [root, String(port), path, mode, host], { stdio: 'ignore' });
  const { plainReason } = await new Promise((resolve, reject) => child.once('message', resolve).once('exit', reject));
  if (path === 'fast' && plainReason) console.error(`the fast path is not used: ${plainReason}`);
  return { host, port, pid: child.pid, stop: () => new Promise((resolve) => child.once('exit', resolve) && child.kill('SIGKILL')) };
}

const SERVERS = {
  'pxekit, fast': (host) => startOwn('fast', 'multi', 40201, host),
  'pxekit, fast, one port': (host) => startOwn('fast', 'single', 40202, host),
  'pxekit, plain': (host) => startOwn('plain', 'multi', 40203, host),
  ...Object.fromEntries(Object.keys(others.found).map((name, index) => [name, (host) => others.start(name, 40210 + index, root, host)])),
};
/** dnsmasq 2.90 and tftpd-hpa 5.2 know no windows: they answer such requests in lock-step. */
const OWN = Object.keys(SERVERS).filter((name) => name.startsWith('pxekit'));
const PEERS = Object.keys(SERVERS).filter((name) => !name.startsWith('pxekit'));

/** CPU of a process and its children, in ms. */
function cpu(pid) {
  const of = (one) => {
    const fields = readFileSync(`/proc/${one}/stat`, 'utf8')
      .replace(/^.*\) /, '')
      .split(' ')
      .map(Number);
    return (fields[11] + fields[12] + fields[13] + fields[14]) * TICK;
  };
  let total = of(pid);
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  for (const child of children === '' ? [] : children.split(' ')) {
    try {
      total += of(child);
    } catch {
      // It has ended; its time is its parent's now.
    }
  }
  return total;
}

/** The most memory a process ever had, in MiB. */
function rss(pid) {
  return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;
}

/** One run of the load client against a server: result, CPU of the server and its memory. */
function measure(server, { file, bytes, blksize, windowsize, clients, transfers, limit = 60 }, prefix = []) {
  const before = cpu(server.pid);
  const args = [server.host, server.port, file, blksize, windowsize, clients, transfers, bytes].map(String);
  const [program, ...rest] = [...prefix, load, ...args];
  const out = JSON.parse(execFileSync(program, rest, { encoding: 'utf8', env: { ...process.env, LOAD_LIMIT: String(limit) } }));
  return {
    ...out,
    mibPerSecond: out.bytes / MIB / out.seconds,
    perSecond: out.transfers / out.seconds,
    cpuMs: cpu(server.pid) - before,
    rss: rss(server.pid),
  };
}

const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];

/** The servers in turn, several times; the median of each. */
async function compare(names, scenario, { host = '127.0.0.1', prefix = [], repeats = REPEATS } = {}) {
  const runs = Object.fromEntries(names.map((name) => [name, []]));
  for (let repeat = 0; repeat < repeats; repeat += 1) {
    for (const name of names) {
      const server = await SERVERS[name](host);
      try {
        measure(server, { ...scenario, transfers: 20, clients: 4, file: 'small.bin', bytes: 1000, limit: 5 }, prefix);
        runs[name].push(measure(server, scenario, prefix));
      } finally {
        await server.stop();
      }
    }
  }
  return Object.fromEntries(
    names.map((name) => [
      name,
      {
        rate: median(runs[name].map(({ mibPerSecond }) => mibPerSecond)),
        requests: median(runs[name].map(({ perSecond }) => perSecond)),
        cpu: median(runs[name].map(({ cpuMs, bytes }) => cpuMs / (bytes / MIB))),
        bad: runs[name].reduce((sum, { errors, wrong }) => sum + errors + wrong, 0),
      },
    ]),
  );
}

const lines = [];
function print(line = '') {
  console.log(line);
  lines.push(line);
}

const number = (value) =>
  !Number.isFinite(value) ? '-' : value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);

function table(title, rows, names, cell) {
  print(`### ${title}`);
  print();
  print(`| | ${names.join(' | ')} | fast : best peer |`);
  print(`|---|${names.map(() => '---:').join('|')}|---:|`);
  for (const [label, result] of rows) {
    const best = Math.max(
      ...PEERS.filter((name) => names.includes(name))
        .map((name) => cell(result[name]))
        .filter(Number.isFinite),
    );
    print(
      `| ${label} | ${names.map((name) => number(cell(result[name]))).join(' | ')} | ${(cell(result['pxekit, fast']) / best).toFixed(2)} |`,
    );
  }
  print();
}

async function throughput() {
  const names = [...OWN, ...PEERS];
  const rows = [];
  for (const blksize of [512, 1468]) {
    for (const windowsize of [1, 8, 16, 64]) {
      for (const clients of [1, 8, 64]) {
        if (quick && (blksize === 512 || windowsize === 16 || clients === 64)) continue;
        if (!full && ((blksize === 512 && (clients !== 8 || windowsize > 8)) || (windowsize === 16 && clients !== 8))) continue;
        const transfers = clients === 1 ? 2 : 8;
        const file = windowsize === 1 && !quick ? 'mid.bin' : 'big.bin';
        const bytes = file === 'mid.bin' ? 8 * MIB : BIG;
        const count = clients === 64 ? 64 : file === 'mid.bin' ? transfers * 2 : transfers;
        const size = clients === 64 ? { file: 'mid.bin', bytes: 8 * MIB } : { file, bytes };
        rows.push([
          `${blksize} bytes, window ${windowsize}, ${clients} clients`,
          await compare(names, { ...size, blksize, windowsize, clients, transfers: count }),
        ]);
        console.error(`  ${rows.at(-1)[0]}`);
      }
    }
  }
  table('Throughput in MiB/s', rows, names, ({ rate }) => rate);
  // tftpd-hpa works in children that nobody waits for: their time is not told.
  const inverse = names.filter((name) => name !== 'tftpd-hpa');
  table('MiB per ms of the CPU of the server (more is better)', rows, inverse, ({ cpu: used }) => 1 / used);
}

async function requests() {
  const rows = [];
  for (const clients of quick ? [8] : [1, 8, 64]) {
    const scenario = { file: 'small.bin', bytes: 1000, blksize: 1468, windowsize: 1, clients, transfers: quick ? 2000 : 20_000, limit: 20 };
    rows.push([`${clients} clients`, await compare([...OWN, ...PEERS], scenario)]);
  }
  table('Files of 1000 bytes per second', rows, [...OWN, ...PEERS], ({ requests: perSecond }) => perSecond);
}

async function memory() {
  const bare = await new Promise((resolve) => {
    const child = fork(join(here, 'idle.mjs'), { stdio: 'ignore' });
    child.once('message', () => {
      resolve(rss(child.pid));
      child.kill();
    });
  });
  print('### Memory at 1000 transfers of one file at a time');
  print();
  print('| | MiB above a bare Node process |');
  print('|---|---:|');
  for (const name of OWN) {
    const server = await SERVERS[name]('127.0.0.1');
    const clients = quick ? 50 : 1000;
    const {
      rss: used,
      errors,
      wrong,
    } = measure(server, {
      file: quick ? 'one.bin' : 'big.bin',
      bytes: quick ? MIB : BIG,
      blksize: 1468,
      windowsize: 8,
      clients,
      transfers: clients,
      limit: 15,
    });
    print(`| ${name}${errors + wrong > 0 ? ` (${errors + wrong} failed)` : ''} | ${number(used - bare)} |`);
    await server.stop();
  }
  print();
}

/** A veth pair into a namespace of our own, with losses in percent each way; with delay where the kernel has netem. */
function link(delay, loss) {
  const name = `tftp-bench-${process.pid}`;
  const run = (program, ...args) => execFileSync(program, args, { stdio: 'pipe' });
  const prefix = ['ip', 'netns', 'exec', name];
  run('ip', 'netns', 'add', name);
  const remove = () => {
    run('ip', 'netns', 'del', name);
    if (!delayed && loss) run('nft', 'delete', 'table', 'netdev', name.replaceAll('-', '_'));
  };
  let delayed = true;
  run('ip', 'link', 'add', 'tb0', 'type', 'veth', 'peer', 'name', 'tb1', 'netns', name);
  run('ip', 'address', 'add', '10.254.77.1/30', 'dev', 'tb0');
  run('ip', 'link', 'set', 'tb0', 'up');
  run('ip', '-n', name, 'address', 'add', '10.254.77.2/30', 'dev', 'tb1');
  run('ip', '-n', name, 'link', 'set', 'tb1', 'up');
  const shape = ['root', 'netem', 'delay', `${delay}ms`, 'rate', '1gbit', 'limit', '10000', ...(loss ? ['loss', `${loss}%`] : [])];
  try {
    run('tc', 'qdisc', 'add', 'dev', 'tb0', ...shape);
    run(...prefix, 'tc', 'qdisc', 'add', 'dev', 'tb1', ...shape);
  } catch {
    delayed = false;
    const table = name.replaceAll('-', '_');
    for (const [device, inside] of loss
      ? [
          ['tb0', []],
          ['tb1', prefix],
        ]
      : []) {
      run(...inside, 'nft', 'add', 'table', 'netdev', table);
      run(
        ...inside,
        'nft',
        'add',
        'chain',
        'netdev',
        table,
        device,
        '{',
        'type',
        'filter',
        'hook',
        'ingress',
        'device',
        device,
        'priority',
        '0',
        ';',
        '}',
      );
      run(...inside, 'nft', 'add', 'rule', 'netdev', table, device, 'numgen', 'random', 'mod', '100', '<', String(loss), 'drop');
    }
  }
  return { host: '10.254.77.1', prefix, remove, delayed };
}

/** Over a link of 1 Gbit/s with 0.2 ms each way, without and with losses. */
async function overLink() {
  if (process.getuid() !== 0) {
    console.error('No link with delay and losses: that needs root.');
    return;
  }
  for (const loss of quick ? [1] : [0, 1]) {
    const rows = [];
    const { host, prefix, remove, delayed } = link(0.2, loss);
    if (!delayed && !loss) {
      remove();
      print('This kernel has no netem: the link without losses is not measured, the one with losses has no delay.');
      print();
      continue;
    }
    try {
      for (const windowsize of quick ? [8] : [1, 8, 64]) {
        const [file, bytes] = windowsize === 1 ? ['one.bin', MIB] : ['mid.bin', 8 * MIB];
        const scenario = { file, bytes, blksize: 1468, windowsize, clients: 1, transfers: loss || quick ? 1 : 4, limit: quick ? 5 : 20 };
        rows.push([`window ${windowsize}`, await compare([...OWN, ...PEERS], scenario, { host, prefix, repeats: full ? 3 : 1 })]);
        console.error(`  loss ${loss} %, ${rows.at(-1)[0]}`);
      }
    } finally {
      remove();
    }
    table(
      `MiB/s over a link with ${delayed ? '1 Gbit/s, 0.2 ms delay each way and ' : ''}${loss} % loss`,
      rows,
      [...OWN, ...PEERS],
      ({ rate }) => rate,
    );
  }
}

const started = new Date();
print(
  `Measured on ${started.toISOString().slice(0, 10)}: ${cpus()[0].model}, ${cpus().length} cores shared with other work, Linux ${release()}, Node ${process.versions.node}; ${Object.entries(
    others.found,
  )
    .map(([name, { version }]) => `${name} ${version}`)
    .join(', ')}. Median of ${REPEATS}, servers in turn.`,
);
print();
const only = process.argv.find((argument) => argument.startsWith('--only='))?.slice('--only='.length);
for (const section of [requests, throughput, memory, overLink]) if (only === undefined || only === section.name) await section();
if (process.argv.includes('--write')) {
  const file = fileURLToPath(new URL('../../packages/tftp/bench/README.md', import.meta.url));
  const old = existsSync(file) ? readFileSync(file, 'utf8') : '# Benchmarks of @pxekit/tftp\n\n<!-- results -->\n';
  writeFileSync(file, `${old.slice(0, old.indexOf('<!-- results -->'))}<!-- results -->\n\n${lines.join('\n').trimEnd()}\n`);
}
