import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BootServer, createServer, LiveNetwork, loadConfig, walk, writeSample } from '@pxekit/server';
import { Command } from 'commander';
import type { Io } from '../io.js';
import { printStep } from '../server/step-line.js';

export function demoCommand(io: Io): Command {
  return new Command('demo')
    .option('--once', 'end when the boot is done')
    .option('--json', 'print each step as a JSON line')
    .addHelpText(
      'after',
      '\nExamples:\n  pxekit demo          # keeps the server open until Ctrl-C\n  pxekit demo --once   # ends with 0 when every step worked',
    )
    .action((options: { once?: boolean; json?: boolean }) => demo(io, options));
}

async function demo(io: Io, { once = false, json = false }: { once?: boolean; json?: boolean }): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'pxekit-demo-'));
  const network = await LiveNetwork.open({ server: '127.0.0.1', clientPort: 0 });
  const server = createServer(loadConfig(writeSample(folder, { clientPort: network.clientPort })));
  try {
    const began = performance.now();
    await server.start();
    if (!json) {
      io.out(`Sample boot tree and lease database in ${folder}`);
      io.out(`Server ready after ${Math.round(performance.now() - began)} ms: ${placesOf(server).join(', ')}`);
      io.out('');
    }
    network.connect({ dhcpPort: portOf(server, 'dhcp'), tftpPort: portOf(server, 'tftp') });
    const random = () => Math.floor(Math.random() * 2 ** 32);
    const boot = walk({ client: 'bios', network, clock: () => performance.now(), random, release: 'RHEL9' });
    let step = await boot.next();
    for (; !step.done; step = await boot.next()) {
      if (json) io.out(JSON.stringify(step.value));
      else printStep(io, step.value);
    }
    if (!json) io.out(`\nThe machine ${step.value.address} has its kernel, initrd and kickstart. Every byte came over real sockets.`);
    if (once) return;
    if (!json) invite(io, server);
    await new Promise<void>((done) => {
      process.once('SIGINT', () => done());
      process.once('SIGTERM', () => done());
    });
  } finally {
    await network.close();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function placesOf(server: BootServer): string[] {
  return Object.entries(server.listens).map(([name, places]) => `${name.toUpperCase()} on ${places.join(' and ')}`);
}

function portOf(server: BootServer, service: string): number {
  return Number(/:(\d+)$/.exec(server.listens[service]?.[0] ?? '')?.[1]);
}

function invite(io: Io, server: BootServer): void {
  io.out(`
Still open: ${placesOf(server).join(', ')}
Look at ${server.site.httpUrl}/ and ${server.site.httpUrl}/ks/sample

To boot a real machine:
  1. pxekit init                  writes pxekit.yaml for your network interface
  2. pxekit check                 says what is missing before the first boot
  3. sudo pxekit serve            opens the ports 67, 69 and 80
  4. choose "network boot" in the machine's firmware

Ctrl-C ends.`);
}
