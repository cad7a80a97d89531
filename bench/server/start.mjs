// How long a person waits for the command: until all ports are open, and for small jobs.
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const COMMAND = join(import.meta.dirname, '../../packages/cli/dist/main.js');

const median = (times) => times.sort((a, b) => a - b)[times.length >> 1];

/** Milliseconds from the start of the process to the event that all ports are open. */
async function untilReady(folder) {
  const start = performance.now();
  const child = spawn(process.execPath, [COMMAND, 'serve', '--json'], { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  const ready = await new Promise((done) => {
    child.stdout.on('data', (chunk) => {
      text += chunk;
      if (text.includes('"server.ready"')) done(performance.now() - start);
    });
    child.once('close', () => done(Number.NaN));
  });
  child.kill('SIGKILL');
  if (Number.isNaN(ready)) throw new Error(`the server did not start: ${text}`);
  return ready;
}

function run(folder, ...args) {
  const start = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${args.join(' ')} failed: ${stderr}`);
  return performance.now() - start;
}

export async function start(folder, { quick }) {
  const runs = quick ? 1 : 9;
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, 'pxekit.yaml'),
    `address: 127.0.0.1/8
dhcp: { port: 0, subnets: [{ subnet: 127.0.0.0/8, pools: [127.9.0.1-127.9.0.99] }] }
tftp: { port: 0 }
http: { port: 0 }
ftp: { port: 0 }
admin: { port: 0 }
`,
  );
  writeFileSync(
    join(folder, 'one.ks'),
    'text\nlang en_US.UTF-8\nkeyboard us\ntimezone UTC\nrootpw --lock\nuser --name=admin --lock\nreboot\n%packages\n@core\n%end\n',
  );
  const ready = [];
  for (let at = 0; at < runs; at++) ready.push(await untilReady(folder));
  const of = (...args) => `${Math.round(median(Array.from({ length: runs }, () => run(folder, ...args))))} ms`;
  return [
    [
      '`pxekit serve`: process start to all ports open (DHCP, TFTP, HTTP, FTP, admin)',
      `${Math.round(median(ready))} ms`,
      '',
      'goal: under 500 ms',
    ],
    ['`pxekit --help`', of(COMMAND, '--help'), '', ''],
    ['`pxekit ks show` of one file', of(COMMAND, 'ks', 'show', 'one.ks'), '', ''],
    ['`node -e 0`, the part of the three that is not ours', of('-e', '0'), '', ''],
  ];
}
