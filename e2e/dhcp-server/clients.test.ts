import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLan, type Lan } from '../lib/netns.js';
import { missing } from '../lib/requirements.js';
import { type Serving, serveIn } from './serving.js';

const skip = missing('DHCP clients udhcpc and dhclient', { programs: ['ip', 'udhcpc', 'dhclient'] });

describe.skipIf(skip)('real DHCP clients', () => {
  let lan: Lan;
  let server: Serving;
  const folder = mkdtempSync(join(tmpdir(), 'pxekit-dhcp-'));

  beforeAll(async () => {
    lan = createLan({ address: '192.168.7.1/24' });
    server = await serveIn(lan.server, {
      subnets: [
        {
          subnet: '192.168.7.0/24',
          pools: ['192.168.7.100-192.168.7.200'],
          options: { routers: ['192.168.7.1'], domainName: 'lab.example' },
        },
      ],
      leases: join(folder, 'leases.db'),
    });
  });
  afterAll(async () => {
    await server?.stop();
    lan?.remove();
    rmSync(folder, { recursive: true });
  });

  it('udhcpc leases, renews and releases', async () => {
    const mac = '52:54:00:07:00:01';
    const host = lan.addHost('udhcpc', { mac });
    const script = join(folder, 'udhcpc.sh');
    writeFileSync(script, '#!/bin/sh\n[ "$1" = bound ] && ip address add "$ip/$mask" dev "$interface"\nexit 0\n', { mode: 0o755 });
    const client = host.spawn('udhcpc', ['-f', '-i', 'eth0', '-s', script, '-R', '-x', 'hostname:box'], { stdio: 'ignore' });
    const lease = await server.wait({ event: 'lease', client: `mac/${mac}` });
    expect(lease.hostname).toBe('box');
    await new Promise((resolve) => setTimeout(resolve, 500));
    client.kill('SIGUSR1');
    await server.wait({ event: 'reply', client: `mac/${mac}`, to: lease.address }, 'state/renewing');
    client.kill('SIGTERM');
    await server.wait({ event: 'release', client: `mac/${mac}`, address: lease.address });
  });

  it('dhclient leases, comes back by INIT-REBOOT and releases', async () => {
    const mac = '52:54:00:07:00:02';
    const host = lan.addHost('dhclient', { mac });
    const config = join(folder, 'dhclient.conf');
    const leases = join(folder, 'dhclient.leases');
    writeFileSync(config, 'timeout 20;\nrequest subnet-mask, routers, domain-name;\n');
    const args = ['-cf', config, '-lf', leases, '-pf', join(folder, 'dhclient.pid'), '-sf', '/bin/true', '-v'];
    host.run('dhclient', ['-1', ...args, 'eth0']);
    const lease = await server.wait({ event: 'lease', client: `mac/${mac}` });
    const stored = readFileSync(leases, 'utf8');
    expect(stored).toContain(`fixed-address ${lease.address};`);
    expect(stored).toContain('option domain-name "lab.example";');
    expect(stored).toContain('option routers 192.168.7.1;');

    host.run('dhclient', ['-x', ...args]);
    host.run('dhclient', ['-1', ...args, 'eth0']);
    const again = await server.wait({ event: 'reply', client: `mac/${mac}` }, 'state/init-reboot');
    expect(again.yiaddr).toBe(lease.address);

    host.ip('address', 'add', `${lease.address}/24`, 'dev', 'eth0');
    host.run('dhclient', ['-r', ...args, 'eth0']);
    await server.wait({ event: 'release', client: `mac/${mac}` });
  });
});
