import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Namespace } from '../lib/netns.js';
import { missing } from '../lib/requirements.js';
import { type Serving, serveIn } from './serving.js';

const skip = missing('a relay (dhcrelay) between client and server', { programs: ['ip', 'udhcpc', 'dhcrelay'] });

describe.skipIf(skip)('requests through dhcrelay', () => {
  let server: Namespace;
  let relay: Namespace;
  let client: Namespace;
  let serving: Serving;
  const mac = '52:54:00:07:01:01';
  const folder = mkdtempSync(join(tmpdir(), 'pxekit-relay-'));

  beforeAll(async () => {
    server = new Namespace('server');
    relay = new Namespace('relay');
    client = new Namespace('client');
    server.ip('link', 'add', 'up0', 'type', 'veth', 'peer', 'name', 'up1', 'netns', relay.name);
    relay.ip('link', 'add', 'down0', 'type', 'veth', 'peer', 'name', 'eth0', 'netns', client.name);
    client.ip('link', 'set', 'eth0', 'address', mac);
    server.ip('address', 'add', '10.0.0.1/24', 'dev', 'up0');
    relay.ip('address', 'add', '10.0.0.2/24', 'dev', 'up1');
    relay.ip('address', 'add', '10.1.0.1/24', 'dev', 'down0');
    for (const [namespace, device] of [
      [server, 'up0'],
      [relay, 'up1'],
      [relay, 'down0'],
      [client, 'eth0'],
    ] as const)
      namespace.ip('link', 'set', device, 'up');
    server.ip('route', 'add', '10.1.0.0/24', 'via', '10.0.0.2');
    relay.run('sysctl', ['-qw', 'net.ipv4.ip_forward=1']);
    serving = await serveIn(server, {
      subnets: [{ subnet: '10.1.0.0/24', pools: ['10.1.0.50-10.1.0.60'], options: { routers: ['10.1.0.1'] } }],
      reservations: [{ circuitId: 'down0', address: '10.1.0.55' }],
    });
  });
  afterAll(async () => {
    await serving?.stop();
    for (const namespace of [client, relay, server]) namespace?.remove();
    rmSync(folder, { recursive: true });
  });

  /** -a appends the relay agent information; the relay drops replies that do not bring it back as it was. */
  const startRelay = async () => {
    const agent = relay.spawn('dhcrelay', ['-4', '-d', '-a', '-m', 'append', '-i', 'down0', '-i', 'up1', '10.0.0.1'], { stdio: 'ignore' });
    await new Promise((resolve) => setTimeout(resolve, 1000));
    return agent;
  };

  it('reach the subnet of the relay, option 82 and all', async () => {
    const agent = await startRelay();
    const udhcpc = client.spawn('udhcpc', ['-f', '-q', '-n', '-i', 'eth0', '-s', '/bin/true', '-t', '10', '-T', '1'], { stdio: 'ignore' });
    const code = await new Promise<number | null>((resolve) => udhcpc.on('exit', resolve));
    agent.kill();
    expect(code).toBe(0);
    const lease = await serving.wait({ event: 'lease', client: `mac/${mac}` });
    expect(lease.address).toBe('10.1.0.55');
    expect(Buffer.from(lease.relayAgent as string, 'hex').toString('latin1')).toContain('down0');
    await serving.wait({ event: 'reply', giaddr: '10.1.0.1', to: '10.1.0.1', port: 67 }, 'subnet/relay');
  });

  it('a machine with the address of its relay port renews past the relay', async () => {
    const agent = await startRelay();
    const script = join(folder, 'udhcpc.sh');
    const configure = 'ip address replace "$ip/24" dev "$interface" && ip route replace default via "$router" dev "$interface"';
    writeFileSync(script, `#!/bin/sh\n[ "$1" = bound ] && ${configure}\nexit 0\n`, { mode: 0o755 });
    const before = serving.events.length;
    const udhcpc = client.spawn('udhcpc', ['-f', '-i', 'eth0', '-s', script], { stdio: 'ignore' });
    await expect.poll(() => serving.events.slice(before).map((event) => event.event), { timeout: 10_000 }).toContain('lease');
    await new Promise((resolve) => setTimeout(resolve, 500));
    agent.kill();
    udhcpc.kill('SIGUSR1');
    const ack = await serving.wait({ event: 'reply', giaddr: '0.0.0.0', type: 5, to: '10.1.0.55', yiaddr: '10.1.0.55' }, 'state/renewing');
    expect(ack.rules).toContain('host');
    udhcpc.kill('SIGTERM');
  });
});
