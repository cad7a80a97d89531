// Many machines in one configuration: the resolver, its memory, and `pxekit check`.
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { configSchema, prepareSite, resolve } from '@pxekit/server';

const COMMAND = join(import.meta.dirname, '../../packages/cli/dist/main.js');

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc');

function machinesOf(count) {
  const hex = (value) => value.toString(16).padStart(2, '0');
  return Array.from({ length: count }, (_, at) => ({
    name: `m${at}`,
    mac: `52:54:${hex(at >>> 24)}:${hex((at >>> 16) & 255)}:${hex((at >>> 8) & 255)}:${hex(at & 255)}`,
    address: `10.${1 + (at >>> 16)}.${(at >>> 8) & 255}.${at & 255}`,
    profile: 'p',
  }));
}

export function resolver(folder, { quick }) {
  const count = quick ? 1000 : 100_000;
  collect();
  const before = process.memoryUsage().heapUsed;
  const config = configSchema.parse({
    address: '10.0.0.1/8',
    dhcp: { subnets: [{ subnet: '10.0.0.0/8' }] },
    images: { d: { folder: '.', kernel: 'k', initrd: 'i' } },
    profiles: { p: { image: 'd', kickstart: 'ks' } },
    machines: machinesOf(count),
  });
  const site = prepareSite(config, { folder, address: '10.0.0.1/8', httpUrl: 'http://10.0.0.1' });
  collect();
  const memory = (process.memoryUsage().heapUsed - before) / count;
  const start = performance.now();
  for (let at = 0; at < count; at++) {
    const { mac } = config.machines[(at * 7919) % count];
    if (resolve(site, { mac: mac[0], architecture: 0 }, 'kickstart', { now: 0 }).action !== 'install') throw new Error('wrong decision');
  }
  const each = ((performance.now() - start) / count) * 1000;
  return [
    [`resolve, all stages, ${count} machines`, `${each.toFixed(1)} µs`, '', 'goal: under 50 µs'],
    ['memory for each of them', `${Math.round(memory)} bytes`, '', ''],
  ];
}

export function check(folder, { quick }) {
  const count = quick ? 50 : 1000;
  mkdirSync(join(folder, 'image'), { recursive: true });
  mkdirSync(join(folder, 'tftp'), { recursive: true });
  for (const name of ['image/k', 'image/i', 'tftp/pxelinux.0', 'tftp/ldlinux.c32']) writeFileSync(join(folder, name), name);
  writeFileSync(
    join(folder, 'ks'),
    'text\nlang en_US.UTF-8\nnetwork --hostname={{ machine.hostname }}\nrootpw --lock\nuser --name=admin --lock\nreboot\n%packages\n@core\n%end\n',
  );
  const machines = machinesOf(count).map(
    ({ name, mac, address, profile }) => `  - name: ${name}\n    mac: ${mac}\n    address: ${address}\n    profile: ${profile}\n`,
  );
  writeFileSync(
    join(folder, 'pxekit.yaml'),
    `address: 10.0.0.1/8
dhcp: { subnets: [{ subnet: 10.0.0.0/8, pools: [10.200.0.1-10.200.0.99] }] }
tftp: { root: tftp }
images: { d: { folder: image, kernel: k, initrd: i, release: RHEL9 } }
profiles: { p: { image: d, kickstart: ks } }
machines:
${machines.join('')}`,
  );
  const start = performance.now();
  const { stdout } = spawnSync(process.execPath, [COMMAND, 'check', '--json'], { cwd: folder, encoding: 'utf8' });
  const seconds = (performance.now() - start) / 1000;
  const { errors, machines: seen, findings } = JSON.parse(stdout);
  if (errors > 0 || seen !== count) throw new Error(findings.find(({ severity }) => severity === 'error')?.message ?? `${seen} machines`);
  return [[`\`pxekit check\`, cold: ${count} machines, each as every kind of client`, `${seconds.toFixed(1)} s`, '', 'goal: under 5 s']];
}
