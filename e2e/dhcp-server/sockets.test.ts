import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Namespace } from '../lib/netns.js';
import { missing } from '../lib/requirements.js';
import { type Serving, serveIn } from './serving.js';

const skip = missing('several interfaces and sockets from outside', { programs: ['ip', 'udhcpc', 'python3'] });

/** What systemd does for a socket unit with BindToDevice= and FileDescriptorName=, and for User=nobody. */
const LAUNCHER = `
import os, socket, sys
devices = [each.split('@') for each in sys.argv[1].split(',')]
for n, (device, *address) in enumerate(devices):
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, device.encode())
    s.bind((address[0] if address else '0.0.0.0', 67))
    os.dup2(s.fileno(), 100 + n, inheritable=True)
for n in range(len(devices)):
    os.dup2(100 + n, 3 + n, inheritable=True)
os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS=str(len(devices)), LISTEN_FDNAMES=':'.join(device for device, *_ in devices))
if sys.argv[2] == 'unprivileged':
    os.setgroups([]); os.setgid(65534); os.setuid(65534)
    os.environ['HOME'] = '/tmp'
os.execvp(sys.argv[3], sys.argv[3:])
`;

describe.skipIf(skip)('a server with two directly attached networks', () => {
  let server: Namespace;
  const clients: Namespace[] = [];
  const folder = mkdtempSync(join(tmpdir(), 'pxekit-sockets-'));
  const launcher = join(folder, 'launcher.py');
  const subnets = [1, 2].map((n) => ({ subnet: `10.${n}.0.0/24`, pools: [`10.${n}.0.50-10.${n}.0.60`] }));

  beforeAll(() => {
    writeFileSync(launcher, LAUNCHER);
    server = new Namespace('server');
    for (const n of [1, 2]) {
      const client = new Namespace(`client${n}`);
      clients.push(client);
      server.ip('link', 'add', `lan${n}`, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', client.name);
      server.ip('address', 'add', `10.${n}.0.1/24`, 'dev', `lan${n}`);
      server.ip('link', 'set', `lan${n}`, 'up');
      client.ip('link', 'set', 'eth0', 'address', `52:54:00:07:03:0${n}`);
      client.ip('link', 'set', 'eth0', 'up');
    }
  });
  afterAll(() => {
    for (const namespace of [...clients, server]) namespace?.remove();
    rmSync(folder, { recursive: true });
  });

  const lease = async (client: Namespace) => {
    const udhcpc = client.spawn('udhcpc', ['-f', '-q', '-n', '-i', 'eth0', '-s', '/bin/true', '-t', '10', '-T', '1'], { stdio: 'ignore' });
    expect(await new Promise((resolve) => udhcpc.on('exit', resolve))).toBe(0);
  };

  it('refuses to guess from which of them a broadcast came', async () => {
    await expect(serveIn(server, { subnets })).rejects.toThrow(/DHCP_SERVER_SEVERAL_INTERFACES: lan1 and lan2/);
  });

  it('does not share port 4011 with another boot service', async () => {
    const hold = `import socket, time
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind(('0.0.0.0', 4011))
print('held', flush=True)
time.sleep(60)`;
    const other = server.spawn('python3', ['-c', hold], { stdio: ['ignore', 'pipe', 'inherit'] });
    await new Promise((resolve) => other.stdout!.once('data', resolve));
    await expect(serveIn(server, { subnets, listen: { interfaces: ['lan1'] } })).rejects.toThrow(/DHCP_SERVER_PORT_IN_USE: UDP port 4011/);
    other.kill();
    await new Promise((resolve) => other.once('exit', resolve));
  });

  it('serves both by sockets passed in, each from its own device', async () => {
    const serving: Serving = await serveIn(server, { subnets }, ['python3', launcher, 'lan1,lan2', 'privileged']);
    for (const [n, client] of clients.entries()) {
      await lease(client);
      const event = await serving.wait({ event: 'lease', hardware: `52:54:00:07:03:0${n + 1}` });
      expect(event.address).toMatch(new RegExp(`^10\\.${n + 1}\\.0\\.`));
    }
    await serving.stop();
  });

  it('knows a renewal from a rebinding by a second socket on the address', async () => {
    const client = clients[0]!;
    const script = join(folder, 'udhcpc.sh');
    writeFileSync(script, '#!/bin/sh\n[ "$1" = bound ] && ip address replace "$ip/24" dev "$interface"\nexit 0\n', { mode: 0o755 });
    for (const [sockets, state] of [
      ['lan1', 'state/rebinding'],
      ['lan1,lan1@10.1.0.1', 'state/renewing'],
    ] as const) {
      const serving = await serveIn(server, { subnets }, ['python3', launcher, sockets, 'privileged']);
      const udhcpc = client.spawn('udhcpc', ['-f', '-i', 'eth0', '-s', script], { stdio: 'ignore' });
      const { address } = await serving.wait({ event: 'lease', hardware: '52:54:00:07:03:01' });
      await new Promise((resolve) => setTimeout(resolve, 500));
      udhcpc.kill('SIGUSR1');
      await serving.wait({ event: 'reply', yiaddr: address, to: address }, state);
      udhcpc.kill('SIGTERM');
      await serving.stop();
    }
    client.ip('address', 'flush', 'dev', 'eth0');
  });

  it('serves one of them when it is told which', async () => {
    const serving = await serveIn(server, { subnets, listen: { interfaces: ['lan2'] } });
    await lease(clients[1]!);
    await serving.wait({ event: 'lease', hardware: '52:54:00:07:03:02' });
    await serving.stop();
  });

  it('reaches a client without an address by unicast, through a neighbour entry', async () => {
    const serving = await serveIn(server, { subnets, listen: { interfaces: ['lan1'] }, neighbours: true });
    await lease(clients[0]!);
    const replies = serving.events.filter((event) => event.event === 'reply');
    await serving.wait({ event: 'reply', asked: 3 });
    expect(replies.length).toBeGreaterThan(0);
    for (const reply of serving.events.filter((event) => event.event === 'reply')) expect(reply.to).toBe(reply.yiaddr);
    await serving.stop();
  });

  it('needs no privilege with sockets passed in', async () => {
    const node = process.execPath;
    const readable = execFileSync(
      'sh',
      ['-c', `su -s /bin/sh nobody -c 'test -x ${node} && test -r ${import.meta.filename}' && echo yes || echo no`],
      { encoding: 'utf8' },
    );
    if (readable.trim() !== 'yes') {
      console.warn('skipped: this checkout or node is not readable for the user nobody');
      return;
    }
    const serving = await serveIn(server, { subnets }, ['python3', launcher, 'lan1,lan2', 'unprivileged']);
    await lease(clients[0]!);
    await serving.wait({ event: 'lease', hardware: '52:54:00:07:03:01' });
    await serving.stop();
  });
});
