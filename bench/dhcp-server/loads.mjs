// What drives the servers: perfdhcp, and a generator of our own that costs less and tells latencies.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FIRST_CLIENT, NETWORK } from './peers.mjs';

/** Builds the generator into a folder; the result runs it in a namespace: exchanges, loss, latencies, its own CPU. */
export function buildGenerator(folder, namespace) {
  const program = join(folder, 'load');
  execFileSync('cc', ['-O2', '-o', program, fileURLToPath(new URL('load.c', import.meta.url))]);
  return (rate, clients, seconds) => {
    const args = [program, NETWORK.server, NETWORK.relay, rate, seconds, clients, 1].map(String);
    return JSON.parse(execFileSync('ip', ['netns', 'exec', namespace, ...args], { encoding: 'utf8' }));
  };
}

/** perfdhcp in a namespace: exchanges per second, and the share of the exchanges it began that were not finished. */
export function perfdhcp(namespace) {
  return (rate, clients, seconds) => {
    // `-b`: the clients whose leases are held; others would first empty the pool. `-W`: microseconds for the last replies.
    const options = ['-4', '-r', rate, '-R', clients, '-p', Math.ceil(seconds), '-W', 500_000, '-b', `mac=${FIRST_CLIENT}`, NETWORK.server];
    const text = output('ip', ['netns', 'exec', namespace, 'perfdhcp', ...options.map(String)]);
    const [, acks = 0] = [...text.matchAll(/received packets: (\d+)/g)].map((each) => Number(each[1]));
    const [sent = 0] = [...text.matchAll(/sent packets: (\d+)/g)].map((each) => Number(each[1]));
    return { perSecond: Math.round(acks / Math.ceil(seconds)), acks, loss: sent === 0 ? 1 : 1 - acks / sent };
  };
}

/** What a program printed, also when it ends with an error: perfdhcp does so when some exchanges were not finished. */
function output(program, args) {
  try {
    return execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  } catch (error) {
    return String(error.stdout);
  }
}

const MOST = 1 << 17;
const HOPELESS = 0.3;
const LOWEST = 4;
/** A run fails when it loses 1 % or more; perfdhcp that does not reach its rate (it sends some 80 %) is not held against the server. */
const holds = ({ loss }) => loss < 0.01;

/**
 * The highest rate that holds, to `precision`: doubled until it fails, then halved between the last two. A rate that fails is
 * tried once more unless it was hopeless, so that one pause of the machine does not end the search.
 *
 * @param run (rate) => the result of a load at that rate
 */
export function findMaximum(run, { from = 2000, precision = 0.08 } = {}) {
  const attempt = (rate) => {
    const first = run(rate);
    if (holds(first)) return first;
    const second = first.loss < HOPELESS ? run(rate) : first;
    return holds(second) ? second : undefined;
  };
  let best;
  let good = 0;
  let bad = from;
  while (bad <= MOST) {
    const result = attempt(bad);
    if (result === undefined) break;
    best = result;
    good = bad;
    bad *= 2;
  }
  // Nothing held yet: downwards first.
  while (best === undefined && bad > 10) {
    const rate = Math.round(bad / 2);
    best = attempt(rate);
    if (best === undefined) bad = rate;
    else good = rate;
  }
  while (bad - good > good * precision && bad - good > 1) {
    const rate = Math.round((good + bad) / 2);
    const result = attempt(rate);
    if (result === undefined) bad = rate;
    else {
      best = result;
      good = rate;
    }
  }
  return best ?? { perSecond: 0, loss: 1 };
}

/**
 * The first of falling rates that holds in longer runs, one of two: a short run can be kept up with by filling a queue.
 *
 * @param run (rate) => the result of a load at that rate
 */
export function confirm(run, rate) {
  for (;;) {
    const results = [run(rate)];
    if (!holds(results[0])) results.push(run(rate));
    const result = results.find(holds);
    if (result !== undefined) return result;
    const loss = Math.min(...results.map((each) => each.loss));
    rate = Math.floor(rate * Math.min(0.95, 1 - loss));
    if (rate < LOWEST) return { perSecond: 0, loss: 1 };
  }
}
