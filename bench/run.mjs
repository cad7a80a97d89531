// Runs benchmarks on the built packages: `pnpm bench` for all, `pnpm bench dhcp` for one. Each stands in a folder of its own.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';

const root = new URL('./', import.meta.url);
const all = readdirSync(root, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== 'node_modules')
  .map((entry) => entry.name);
const [name, ...args] = process.argv.slice(2);
if (name !== undefined && !all.includes(name)) {
  console.error(`No benchmark "${name}"; there are: ${all.join(', ')}`);
  process.exit(2);
}
for (const each of name === undefined ? all : [name]) {
  const { status } = spawnSync(process.execPath, [new URL(`${each}/bench.mjs`, root).pathname, ...args], { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
