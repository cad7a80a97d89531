// The servers that are compared, each in a process of its own, and what the system says about them.
import { fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { peers } from './peers.mjs';

const others = peers();
const TICK = 10; // ms per clock tick in /proc

export const PEERS = Object.keys(others.found);
export const OWN = ['pxekit, fast', 'pxekit, fast, one port', 'pxekit, plain'];
export const versions = PEERS.map((name) => `${name} ${others.found[name].version}`).join(', ');

const MODES = { 'pxekit, fast': ['fast', 'multi'], 'pxekit, fast, one port': ['fast', 'single'], 'pxekit, plain': ['plain', 'multi'] };

async function startOwn(name, port, root, host) {
  const script = fileURLToPath(new URL('serve.mjs', import.meta.url));
  const [path, mode] = MODES[name];
  const child = fork(script, [root, String(port), path, mode, host], { stdio: 'ignore' });
  const { plainReason } = await new Promise((resolve, reject) => child.once('message', resolve).once('exit', reject));
  if (path === 'fast' && plainReason) console.error(`the fast path is not used: ${plainReason}`);
  return { host, port, pid: child.pid, stop: () => new Promise((resolve) => child.once('exit', resolve) && child.kill('SIGKILL')) };
}

/** Starts servers by name, all on one folder and address. */
export async function startAll(names, root, host = '127.0.0.1') {
  const running = {};
  let port = 40201;
  for (const name of names) {
    running[name] = name in MODES ? await startOwn(name, port, root, host) : await others.start(name, port, root, host);
    port += 1;
  }
  return running;
}

export async function stopAll(running) {
  for (const server of Object.values(running)) await server.stop();
}

/** CPU of a process and its children, in ms. */
export function cpu(pid) {
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
export function rss(pid) {
  return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;
}
