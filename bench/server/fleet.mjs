// Clients that boot at once: the server in one process, all clients in another.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createServer } from '@pxekit/server';

const CLIENT_PORT = 16_868;

function runClients(setup) {
  const program = join(import.meta.dirname, 'fleet-clients.mjs');
  const child = spawn(process.execPath, [program, JSON.stringify(setup)], { stdio: ['ignore', 'pipe', 'inherit'] });
  return new Promise((done, fail) => {
    let text = '';
    child.stdout.on('data', (chunk) => (text += chunk));
    child.once('close', (code) => (code === 0 ? done(JSON.parse(text)) : fail(new Error(`the clients ended with ${code}`))));
  });
}

export async function fleet(folder, { quick }) {
  const count = quick ? 5 : 100;
  const files = { k: Buffer.alloc(512 * 1024, 'kernel'), i: Buffer.alloc(quick ? 256 * 1024 : 4 * 1024 * 1024, 'initrd') };
  for (const each of ['image', 'tftp']) mkdirSync(join(folder, each), { recursive: true });
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, 'image', name), content);
  writeFileSync(join(folder, 'tftp/pxelinux.0'), Buffer.alloc(42_430, 'pxelinux.0'));
  writeFileSync(join(folder, 'tftp/ldlinux.c32'), Buffer.alloc(119_524, 'ldlinux.c32'));
  writeFileSync(join(folder, 'ks'), 'text\nrootpw --lock\nuser --name=admin --lock\nreboot\n%packages\n@core\n%end\n');
  const config = {
    address: '127.0.0.1/8',
    dhcp: { port: 0, clientPort: CLIENT_PORT, subnets: [{ subnet: '127.0.0.0/8', pools: ['127.9.0.1-127.9.3.200'] }] },
    // All clients have one address here, and one at a time per machine is what firmware asks for.
    tftp: { port: 0, root: 'tftp', maxTransfersPerClient: count },
    http: { port: 0, maxConnectionsPerClient: count },
    images: { d: { folder: 'image', kernel: 'k', initrd: 'i' } },
    profiles: { p: { image: 'd', kickstart: 'ks' } },
    unknown: { policy: 'allow', profile: 'p' },
  };
  const server = createServer(config, { folder });
  await server.start();
  const portOf = (service) => Number(/:(\d+)$/.exec(server.listens[service][0])[1]);
  const digests = Object.values(files).map((content) => createHash('sha256').update(content).digest('hex'));
  const before = process.cpuUsage();
  const result = await runClients({ count, dhcpPort: portOf('dhcp'), tftpPort: portOf('tftp'), clientPort: CLIENT_PORT, digests });
  const { user, system } = process.cpuUsage(before);
  await server.stop();
  const seconds = (ms) => `${(ms / 1000).toFixed(1)} s`;
  return [
    [
      `${count} BIOS clients boot at once, one block of TFTP at a time: the slowest`,
      seconds(result.slowest),
      '',
      `${Math.round(result.checked / 1e6)} MB, every byte checked`,
    ],
    ['processor time of that: server, and all clients', `${seconds((user + system) / 1000)}, ${seconds(result.cpu)}`, '', ''],
  ];
}
