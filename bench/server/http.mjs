// Files over HTTP beside nginx: one large file with curl, many small ones with a load client in C, neither of which is the bottleneck.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

const NGINX_PORT = 18_080;
const SMALL = 4096;
const CONNECTIONS = 32;

/** Processor time of a process in milliseconds. */
function processorTime(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/.*\) /, '').split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

async function startOurs(folder) {
  const config = {
    address: '127.0.0.1/8',
    dhcp: false,
    tftp: false,
    http: { port: 0, maxConnectionsPerClient: CONNECTIONS * 2 },
    events: join(folder, 'events.jsonl'),
    images: { b: { folder: join(folder, 'image') } },
  };
  const script = `import { createServer } from '@pxekit/server';
const server = createServer(${JSON.stringify(config)}, { folder: ${JSON.stringify(folder)} });
await server.start(); console.log(server.services.http.port);`;
  const stdio = ['ignore', 'pipe', 'inherit'];
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { cwd: import.meta.dirname, stdio });
  const port = Number(await new Promise((done) => child.stdout.once('data', done)));
  return { port, prefix: '/images/b', pid: child.pid, stop: () => child.kill() };
}

async function startNginx(folder) {
  if (spawnSync('nginx', ['-v']).error) return undefined;
  writeFileSync(
    join(folder, 'nginx.conf'),
    `daemon off; pid ${folder}/nginx.pid; error_log ${folder}/nginx.err; worker_processes 1; events { worker_connections 512; }
http { access_log ${folder}/nginx.log; sendfile on; keepalive_requests 1000000;
server { listen 127.0.0.1:${NGINX_PORT}; root ${folder}/image; } }\n`,
  );
  chmodSync(folder, 0o755);
  const child = spawn('nginx', ['-c', join(folder, 'nginx.conf')], { stdio: 'ignore' });
  await setTimeout(400);
  const worker = Number(execFileSync('pgrep', ['-P', String(child.pid)], { encoding: 'utf8' }).trim());
  return { port: NGINX_PORT, prefix: '', pid: worker, stop: () => child.kill('SIGTERM') };
}

function large({ port, prefix }, size) {
  const url = `http://127.0.0.1:${port}${prefix}/large`;
  const { stdout } = spawnSync('curl', ['-s', '-o', '/dev/null', '-w', '%{time_total} %{size_download}', url], { encoding: 'utf8' });
  const [seconds, bytes] = stdout.split(' ').map(Number);
  if (bytes !== size) throw new Error(`${url} gave ${bytes} bytes, not ${size}`);
  return size / seconds / 1e6;
}

function small(load, { port, prefix, pid }, count) {
  const before = processorTime(pid);
  const args = [port, `${prefix}/small`, count, CONNECTIONS, SMALL].map(String);
  const { seconds, files } = JSON.parse(execFileSync(load, args, { encoding: 'utf8' }));
  return { rate: files / seconds, processor: ((processorTime(pid) - before) / files) * 1000 };
}

/** Rows of the table. Servers take turns, and the best run of each counts. */
export async function http(folder, { quick }) {
  const size = (quick ? 16 : 1024) * 1024 * 1024;
  const count = quick ? 500 : 10_000;
  const rounds = quick ? 1 : 4;
  mkdirSync(join(folder, 'image/small'), { recursive: true });
  writeFileSync(join(folder, 'image/large'), Buffer.alloc(size, 'pxekit'));
  for (let at = 0; at < count; at++) writeFileSync(join(folder, `image/small/${at}`), Buffer.alloc(SMALL, 'x'));
  const load = join(folder, 'load');
  execFileSync('cc', ['-O2', '-o', load, join(import.meta.dirname, 'load.c')]);
  const ours = await startOurs(folder);
  const nginx = await startNginx(folder);
  try {
    const best = { large: [0, 0], small: [{ rate: 0 }, { rate: 0 }] };
    for (let round = 0; round < rounds; round++) {
      for (const [at, server] of [ours, nginx].entries()) {
        if (!server) continue;
        best.large[at] = Math.max(best.large[at], large(server, size));
        const run = small(load, server, count);
        if (run.rate > best.small[at].rate) best.small[at] = run;
      }
    }
    const ratio = ([a, b]) => (b > 0 ? `${(a / b).toFixed(2)} of nginx` : '');
    const cell = (value, unit) => (value > 0 ? `${Math.round(value)} ${unit}` : 'not installed');
    const rates = best.small.map(({ rate }) => rate);
    const processor = best.small.map(({ processor = 0 }) => (processor > 0 ? `${processor.toFixed(0)} µs` : ''));
    return [
      [`one file of ${size / 1024 / 1024} MiB`, cell(best.large[0], 'MB/s'), cell(best.large[1], 'MB/s'), ratio(best.large)],
      [`${count} files of 4 KiB, ${CONNECTIONS} connections`, cell(rates[0], 'files/s'), cell(rates[1], 'files/s'), ratio(rates)],
      ['processor time of the server for such a file', ...processor, ''],
    ];
  } finally {
    ours.stop();
    nginx?.stop();
  }
}
