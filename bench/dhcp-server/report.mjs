// The table of the results, and its place in packages/dhcp-server/bench/README.md.
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, release } from 'node:os';
import { SERVERS, versionOf } from './peers.mjs';

/** Exchanges per second at which the CPU of all servers that reach them is compared. */
export const EQUAL_RATE = 10_000;

const README = new URL('../../packages/dhcp-server/bench/README.md', import.meta.url);

const cell = ({ p50, p99 }) => `${p50 ?? '-'} / ${p99 ?? '-'}`;

export function table(rows, seconds, isComplete) {
  const lines = [
    `${new Date().toISOString().slice(0, 10)}: ${cpus()[0].model}, ${cpus().length} processors, Linux ${release()}, node ${process.versions.node}, perfdhcp ${versionOf('kea-admin')}; rates confirmed for ${seconds} s.`,
    ...(isComplete ? [] : ['', '**Not complete:** the run was ended before its last row.']),
    '',
    '| server | version | how a lease reaches the disk |',
    '| --- | --- | --- |',
    ...[...new Set(rows.map((row) => row.server))].map((name) => `| ${name} | ${SERVERS[name].version()} | ${SERVERS[name].durability} |`),
    '',
    `| leases held | server | exchanges/s | ratio to pxekit | by perfdhcp | ratio to pxekit | CPU per exchange | CPU at ${EQUAL_RATE}/s | OFFER p50 / p99 ms | ACK p50 / p99 ms | loss at 80 % |`,
    '| ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |',
  ];
  for (const row of rows) {
    const ours = rows.find((each) => each.server === 'pxekit' && each.held === row.held);
    const ratio = (field) => (ours === undefined || ours[field] === 0 ? '' : (row[field] / ours[field]).toFixed(2));
    const rates = [row.perSecond, ratio('perSecond'), row.byPerfdhcp, ratio('byPerfdhcp')];
    const cpu = [`${row.micros} µs`, row.equalMicros === undefined ? '-' : `${row.equalMicros} µs`];
    const cells = [row.held, row.server, ...rates, ...cpu, cell(row.offer), cell(row.ack), `${(row.loss * 100).toFixed(2)} %`];
    lines.push(`| ${cells.join(' | ')} |`);
  }
  return lines;
}

/** Writes the rows in place of what stands in the README. */
export function write(rows, seconds, isComplete) {
  const [head, , tail] = readFileSync(README, 'utf8').split(/<!-- (?:results|end of results) -->\n/);
  writeFileSync(README, `${head}<!-- results -->\n\n${table(rows, seconds, isComplete).join('\n')}\n\n<!-- end of results -->\n${tail}`);
}
