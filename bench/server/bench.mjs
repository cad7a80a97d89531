// HTTP throughput beside nginx, time until all ports are open, the resolver at 100,000 machines, `check` of 1,000 machines,
// and a hundred clients that boot at once.
//
//   node bench/server/bench.mjs [--quick]
//
// nginx is measured in the same run where it is installed. Everything is on loopback, with files in the page cache.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, get as httpGet } from 'node:http';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkSite, configSchema, createServer, LiveNetwork, prepareSite, resolve, walk } from '@pxekit/server';

const quick = process.argv.includes('--quick');
const folder = mkdtempSync(join(tmpdir(), 'pxekit-bench-'));
const rows = [];
const row = (...cells) => rows.push(cells);

function fetchBytes(url, agent) {
  return new Promise((done, fail) => {
    httpGet(url, { agent }, (response) => {
      let bytes = 0;
      response
        .on('data', (chunk) => (bytes += chunk.length))
        .on('end', () => done(bytes))
        .on('error', fail);
    }).on('error', fail);
  });
}

/** Bytes a second for one large file, with curl, which is no bottleneck. */
function largeFile(url, size) {
  const times = Array.from({ length: quick ? 1 : 3 }, () => {
    const { stdout } = spawnSync('curl', ['-s', '-o', '/dev/null', '-w', '%{time_total} %{size_download}', url], { encoding: 'utf8' });
    const [seconds, bytes] = stdout.split(' ').map(Number);
    if (bytes !== size) throw new Error(`${url} gave ${bytes} bytes, not ${size}`);
    return seconds;
  });
  return size / Math.min(...times);
}

/** Files a second over 32 connections. */
async function smallFiles(base, count) {
  const agent = new Agent({ keepAlive: true, maxSockets: 32 });
  let next = 0;
  const start = performance.now();
  const worker = async () => {
    while (next < count) await fetchBytes(`${base}/small/${next++}`, agent);
  };
  await Promise.all(Array.from({ length: 32 }, worker));
  agent.destroy();
  return (count / (performance.now() - start)) * 1000;
}

function startNginx() {
  if (spawnSync('nginx', ['-v']).error) return undefined;
  const port = 18_080;
  writeFileSync(
    join(folder, 'nginx.conf'),
    `daemon off; pid ${folder}/nginx.pid; error_log ${folder}/nginx.err; worker_processes 1; events { worker_connections 512; }
http { access_log ${folder}/nginx.log; sendfile on; server { listen 127.0.0.1:${port}; root ${folder}/image; } }\n`,
  );
  spawnSync('chmod', ['755', folder]);
  const child = spawn('nginx', ['-c', join(folder, 'nginx.conf')], { stdio: 'ignore' });
  return { url: `http://127.0.0.1:${port}`, stop: () => child.kill('SIGTERM') };
}

async function http() {
  const size = quick ? 16 * 1024 * 1024 : 1024 * 1024 * 1024;
  const count = quick ? 500 : 10_000;
  mkdirSync(join(folder, 'image/small'), { recursive: true });
  writeFileSync(join(folder, 'image/large'), Buffer.alloc(size, 'pxekit'));
  for (let at = 0; at < count; at++) writeFileSync(join(folder, `image/small/${at}`), Buffer.alloc(4096, 'x'));
  // The server in a process of its own, as it runs: this one is the client.
  const script = `import { createServer } from '@pxekit/server';
const server = createServer({ address: '127.0.0.1/8', dhcp: false, tftp: false, http: { port: 0 }, events: ${JSON.stringify(join(folder, 'events.jsonl'))}, images: { b: { folder: ${JSON.stringify(join(folder, 'image'))} } } }, { folder: ${JSON.stringify(folder)} });
await server.start(); console.log(server.site.httpUrl);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    cwd: import.meta.dirname,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = `${await new Promise((done) => child.stdout.once('data', (chunk) => done(String(chunk).trim())))}/images/b`;
  const nginx = startNginx();
  if (nginx) await new Promise((done) => setTimeout(done, 300));
  const [ours, theirs] = [largeFile(`${url}/large`, size), nginx && largeFile(`${nginx.url}/large`, size)];
  const mb = (rate) => (rate === undefined ? 'not installed' : `${Math.round(rate / 1e6)} MB/s`);
  row(`one file of ${size / 1024 / 1024} MiB over HTTP`, mb(ours), mb(theirs), theirs ? `${(ours / theirs).toFixed(2)} of nginx` : '');
  await smallFiles(url, Math.min(500, count));
  const [oursSmall, theirsSmall] = [await smallFiles(url, count), nginx && (await smallFiles(nginx.url, count))];
  const files = (rate) => (rate === undefined ? 'not installed' : `${Math.round(rate)} files/s`);
  row(
    `${count} files of 4 KiB, 32 connections`,
    files(oursSmall),
    files(theirsSmall),
    theirsSmall ? `${(oursSmall / theirsSmall).toFixed(2)} of nginx` : '',
  );
  child.kill();
  nginx?.stop();
}

async function startTime() {
  const config = {
    address: '127.0.0.1/8',
    dhcp: { port: 0, subnets: [{ subnet: '127.0.0.0/8', pools: ['127.9.0.1-127.9.0.99'] }] },
    tftp: { port: 0 },
    http: { port: 0 },
    ftp: { port: 0 },
    admin: { port: 0 },
  };
  const script = `const began = performance.timeOrigin; const { createServer } = await import('@pxekit/server');
const server = createServer(${JSON.stringify(config)}, { folder: ${JSON.stringify(join(folder, 'start'))} });
await server.start(); console.log(Date.now() - began); process.exit(0);`;
  mkdirSync(join(folder, 'start'), { recursive: true });
  const times = Array.from({ length: quick ? 1 : 5 }, () =>
    Number(spawnSync(process.execPath, ['--input-type=module', '-e', script], { cwd: import.meta.dirname, encoding: 'utf8' }).stdout),
  );
  row(
    'from process start to all ports open (DHCP, TFTP, HTTP, FTP, admin)',
    `${Math.round(Math.min(...times))} ms`,
    '',
    'goal: under 500 ms',
  );
}

function machinesOf(count) {
  const hex = (value) => value.toString(16).padStart(2, '0');
  return Array.from({ length: count }, (_, at) => ({
    name: `m${at}`,
    mac: `52:54:${hex(at >>> 24)}:${hex((at >>> 16) & 255)}:${hex((at >>> 8) & 255)}:${hex(at & 255)}`,
    address: `10.${1 + (at >>> 16)}.${(at >>> 8) & 255}.${at & 255}`,
    profile: 'p',
  }));
}

function resolver() {
  const count = quick ? 1000 : 100_000;
  global.gc?.();
  const before = process.memoryUsage().heapUsed;
  const config = configSchema.parse({
    address: '10.0.0.1/8',
    dhcp: { subnets: [{ subnet: '10.0.0.0/8' }] },
    images: { d: { folder: '.', kernel: 'k', initrd: 'i' } },
    profiles: { p: { image: 'd', kickstart: 'ks' } },
    machines: machinesOf(count),
  });
  const site = prepareSite(config, { folder, address: '10.0.0.1/8', httpUrl: 'http://10.0.0.1' });
  global.gc?.();
  const memory = (process.memoryUsage().heapUsed - before) / count;
  const rounds = quick ? 1000 : 100_000;
  const start = performance.now();
  for (let at = 0; at < rounds; at++) {
    const { mac } = config.machines[(at * 7919) % count];
    if (resolve(site, { mac: mac[0], architecture: 0 }, 'kickstart', { now: 0 }).action !== 'install') throw new Error('wrong decision');
  }
  const each = ((performance.now() - start) / rounds) * 1000;
  row(`resolve, all stages, ${count} machines`, `${each.toFixed(1)} µs`, '', 'goal: under 50 µs');
  row('memory per machine', `${Math.round(memory)} bytes${global.gc ? '' : ' (without --expose-gc: rough)'}`, '', '');
}

async function check() {
  const count = quick ? 50 : 1000;
  mkdirSync(join(folder, 'check/image'), { recursive: true });
  for (const name of ['k', 'i']) writeFileSync(join(folder, 'check/image', name), name);
  writeFileSync(
    join(folder, 'check/ks'),
    'text\nlang en_US.UTF-8\nnetwork --hostname={{ machine.hostname }}\nreboot\n%packages\n@core\n%end\n',
  );
  const file = join(folder, 'check/pxekit.yaml');
  const config = {
    address: '10.0.0.1/8',
    dhcp: { subnets: [{ subnet: '10.0.0.0/8', pools: ['10.200.0.1-10.200.0.99'] }] },
    images: { d: { folder: 'image', kernel: 'k', initrd: 'i', release: 'RHEL9' } },
    profiles: { p: { image: 'd', kickstart: 'ks' } },
    machines: machinesOf(count),
  };
  writeFileSync(file, JSON.stringify(config, null, 1));
  const start = performance.now();
  const { findings } = await checkSite(file);
  const errors = findings.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) throw new Error(errors[0].message);
  row(`check of ${count} machines`, `${((performance.now() - start) / 1000).toFixed(1)} s`, '', 'goal: under 5 s');
}

/** Clients that boot at once, over real sockets; every kernel and initrd is compared with the file. */
async function fleet() {
  const count = quick ? 5 : 100;
  const initrd = quick ? 256 * 1024 : 4 * 1024 * 1024;
  const bytes = { k: Buffer.alloc(512 * 1024, 'kernel'), i: Buffer.alloc(initrd, 'initrd') };
  mkdirSync(join(folder, 'fleet/image'), { recursive: true });
  mkdirSync(join(folder, 'fleet/tftp'), { recursive: true });
  for (const [name, content] of Object.entries(bytes)) writeFileSync(join(folder, 'fleet/image', name), content);
  for (const [name, size] of [
    ['pxelinux.0', 42_430],
    ['ldlinux.c32', 119_524],
  ])
    writeFileSync(join(folder, 'fleet/tftp', name), Buffer.alloc(size, name));
  writeFileSync(join(folder, 'fleet/ks'), 'text\nreboot\n%packages\n@core\n%end\n');
  const expected = new Set(Object.values(bytes).map((content) => createHash('sha256').update(content).digest('hex')));
  const clientPort = 16_868;
  const networks = [];
  const config = {
    address: '127.0.0.1/8',
    dhcp: { port: 0, clientPort, subnets: [{ subnet: '127.0.0.0/8', pools: ['127.9.0.1-127.9.3.200'] }] },
    tftp: { port: 0, root: 'tftp' },
    http: { port: 0 },
    images: { d: { folder: 'image', kernel: 'k', initrd: 'i' } },
    profiles: { p: { image: 'd', kickstart: 'ks' } },
    unknown: { policy: 'allow', profile: 'p' },
  };
  const server = createServer(config, { folder: join(folder, 'fleet') });
  await server.start();
  const portOf = (service) => Number(/:(\d+)$/.exec(server.listens[service][0])[1]);
  // One port for all clients, as one network has: transactions keep them apart.
  const shared = await LiveNetwork.open({
    server: '127.0.0.1',
    dhcpPort: portOf('dhcp'),
    tftpPort: portOf('tftp'),
    clientPort,
    timeout: 20_000,
  });
  networks.push(shared);
  let checked = 0;
  const verified = {
    dhcp: (...parts) => shared.dhcp(...parts),
    async tftp(...parts) {
      const answer = await shared.tftp(...parts);
      if (answer && /images\/d\//.test(parts[1])) {
        if (!expected.has(createHash('sha256').update(answer.data).digest('hex'))) throw new Error(`${parts[1]} came damaged`);
        checked += answer.data.length;
      }
      return answer;
    },
    http: (...parts) => shared.http(...parts),
    use() {},
    packets: () => [],
    close: async () => {},
  };
  const boot = async (at) => {
    const start = performance.now();
    const mac = `52:54:00:ff:00:${at.toString(16).padStart(2, '0')}`;
    const run = walk({
      client: 'bios',
      mac,
      network: verified,
      clock: () => performance.now(),
      random: () => at * 1000 + Math.floor(Math.random() * 1000),
    });
    let step = await run.next();
    while (!step.done) step = await run.next();
    if (step.value.outcome !== 'kernel' || step.value.kickstart === undefined) throw new Error(`client ${at} did not boot`);
    return performance.now() - start;
  };
  const start = performance.now();
  const times = await Promise.all(Array.from({ length: count }, (_, at) => boot(at)));
  const total = performance.now() - start;
  await shared.close();
  await server.stop();
  row(
    `${count} clients boot at once (server and clients in one process)`,
    `${(total / 1000).toFixed(1)} s`,
    '',
    `slowest client ${(Math.max(...times) / 1000).toFixed(1)} s, ${Math.round(checked / 1e6)} MB checked`,
  );
}

try {
  await http();
  await startTime();
  resolver();
  await check();
  await fleet();
  console.log(
    `${cpus()[0]?.model} x ${cpus().length}, Node.js ${process.version}, ${spawnSync('nginx', ['-v'], { encoding: 'utf8' }).stderr?.trim() || 'no nginx'}\n`,
  );
  console.log('| what | pxekit | nginx | |\n| --- | --- | --- | --- |');
  for (const cells of rows) console.log(`| ${cells.join(' | ')} |`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exit(0);
