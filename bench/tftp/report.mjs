// Tables in Markdown, and which goals the figures reach.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { PEERS } from './servers.mjs';

const MARK = '<!-- results -->';
const lines = [];

export function print(line = '') {
  console.log(line);
  lines.push(line);
}

export const number = (value) =>
  !Number.isFinite(value) ? '-' : value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);

/** How one of our servers stands to the best of the others among `names` in a row. */
export function ratio(result, own, cell, names = PEERS) {
  const peers = PEERS.filter((name) => names.includes(name));
  const best = Math.max(...peers.map((name) => cell(result[name])).filter(Number.isFinite));
  return cell(result[own]) / best;
}

export function table(title, rows, names, cell) {
  print(`### ${title}`);
  print();
  print(`| | ${names.join(' | ')} | fast : best peer | one port : best peer |`);
  print(`|---|${names.map(() => '---:').join('|')}|---:|---:|`);
  for (const [label, result] of rows) {
    const cells = names.map((name) => `${number(cell(result[name]))}${result[name].bad > 0 ? ` (${result[name].bad} failed)` : ''}`);
    const ratios = ['pxekit, fast', 'pxekit, fast, one port'].map((own) => ratio(result, own, cell, names).toFixed(2));
    print(`| ${[label, ...cells, ...ratios].join(' | ')} |`);
  }
  print();
}

const goals = [];

/** @param values one figure per row that the goal is about; all of them must reach it */
export function goal(text, least, values) {
  if (values.length > 0) goals.push({ text, least, values });
}

export function printGoals() {
  print('### Goals');
  print();
  print('Ratios to the best of the other servers in the same run, the worst and the best row of each goal.');
  print();
  print('| goal | at least | measured | |');
  print('|---|---:|---:|---|');
  for (const { text, least, values } of goals) {
    const [worst, best] = [Math.min(...values), Math.max(...values)];
    const reached = values.filter((value) => value >= least).length;
    const verdict =
      reached === values.length ? 'reached' : reached === 0 ? 'not reached' : `reached in ${reached} of ${values.length} rows`;
    print(`| ${text} | ${least} | ${worst === best ? number(worst) : `${number(worst)} to ${number(best)}`} | ${verdict} |`);
  }
  print();
}

/** Puts everything printed in the place of the old results. */
export function write() {
  const file = fileURLToPath(new URL('../../packages/tftp/bench/README.md', import.meta.url));
  const old = readFileSync(file, 'utf8');
  writeFileSync(file, `${old.slice(0, old.indexOf(MARK))}${MARK}\n\n${lines.join('\n').trimEnd()}\n`);
}
