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

const LOWEST = 4;
const HOPELESS = 0.3;
/** A run fails when it loses 1 % or more; perfdhcp that does not reach its rate (it sends some 80 %) is not held against the server. */
const holds = ({ loss }) => loss < 0.01;
const NOTHING = { perSecond: 0, loss: 1 };

/**
 * The highest rate that holds: from a plausible one upwards, in growing steps, or downwards until one holds and one fails, then
 * halved between them, to `precision` or until `runs` are made and one held. A rate that fails is tried once more unless it was
 * hopeless, so that one pause of the machine does not end the search.
 *
 * @param run (rate) => the result of a load at that rate
 */
export function findMaximum(run, { from, precision = 0.08, runs = 7 }) {
  let best = NOTHING;
  let [good, bad] = [0, Number.POSITIVE_INFINITY];
  let growth = 1;
  for (let rate = Math.max(LOWEST, Math.round(from)), left = runs; (left > 0 || good === 0) && bad - good > good * precision; ) {
    let result = run(rate);
    left--;
    if (!holds(result) && result.loss < HOPELESS && left > 0) {
      result = run(rate);
      left--;
    }
    if (holds(result)) {
      best = result;
      good = rate;
    } else bad = rate;
    if (bad <= LOWEST) break;
    growth *= 1.4;
    if (bad === Number.POSITIVE_INFINITY) rate = Math.round(good * growth);
    else if (good > 0) rate = Math.round((good + bad) / 2);
    // What came in time of a load that was too much is a guess at what would not be.
    else rate = Math.max(LOWEST, Math.round(Math.min(bad / 1.3, Math.max(bad / 4, result.perSecond))));
  }
  return best;
}

/**
 * The first of ever faster falling rates that holds in a longer run: a short run can be kept up with by filling a queue. The first
 * rate is tried twice.
 *
 * @param run (rate) => the result of a load at that rate
 */
export function confirm(run, rate) {
  const first = run(rate);
  if (holds(first)) return first;
  for (let step = 1; rate >= LOWEST; step *= 0.9) {
    const result = run(rate);
    if (holds(result)) return result;
    rate = Math.floor(rate * Math.min(step * 0.92, 1 - result.loss));
  }
  return NOTHING;
}
