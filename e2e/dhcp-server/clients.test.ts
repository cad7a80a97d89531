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
      // T1 after 15 s at the latest.
      reservations: [
        { mac: '52:54:00:07:00:03', address: '192.168.7.50', leaseTime: 30 },
        { mac: '52:54:00:07:00:04', address: '192.168.7.51', leaseTime: 30 },
        { mac: '52:54:00:07:00:05', address: '192.168.7.52' },
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

  it('dhclient renews by unicast when half of its time is over', async () => {
    const mac = '52:54:00:07:00:03';
    const host = lan.addHost('renewing', { mac });
    const config = join(folder, 'renewing.conf');
    writeFileSync(config, 'timeout 20;\n');
    const args = ['-cf', config, '-lf', join(folder, 'renewing.leases'), '-pf', join(folder, 'renewing.pid'), '-sf', '/bin/true'];
    host.run('dhclient', ['-1', ...args, 'eth0']);
    const { address } = await server.wait({ event: 'lease', client: `mac/${mac}` });
    host.ip('address', 'add', `${address}/24`, 'dev', 'eth0');
    await server.wait({ event: 'reply', client: `mac/${mac}`, yiaddr: address, to: address }, 'state/renewing', 40_000);
    host.run('dhclient', ['-x', ...args]);
  });

  it('udhcpc that finds its reserved address in use declines it and gets another', async () => {
    const mac = '52:54:00:07:00:05';
    const host = lan.addHost('declining', { mac });
    lan.addHost('squatter', { address: '192.168.7.52/24' });
    const script = join(folder, 'udhcpc.sh');
    const client = host.spawn('udhcpc', ['-f', '-i', 'eth0', '-s', script, '-a', '-A', '1'], { stdio: 'ignore' });
    await server.wait({ event: 'decline', client: `mac/${mac}`, address: '192.168.7.52', state: 'declined' });
    const offer = await server.wait({ event: 'reply', client: `mac/${mac}`, asked: 1 }, 'address/reserved-refused');
    await server.wait({ event: 'lease', client: `mac/${mac}`, address: offer.yiaddr });
    expect(offer.yiaddr).toMatch(/^192\.168\.7\.(1\d\d|200)$/);
    client.kill('SIGTERM');
  });

  it('udhcpc whose renewals are lost is answered at its address when it rebinds by broadcast', async () => {
    const mac = '52:54:00:07:00:04';
    const host = lan.addHost('rebinding', { mac });
    const script = join(folder, 'udhcpc.sh');
    const client = host.spawn('udhcpc', ['-f', '-i', 'eth0', '-s', script], { stdio: 'ignore' });
    const { address } = await server.wait({ event: 'lease', client: `mac/${mac}` });
    // Unicasts go astray: the server has another hardware address.
    host.ip('neigh', 'replace', '192.168.7.1', 'lladdr', '52:54:00:07:00:ff', 'dev', 'eth0', 'nud', 'permanent');
    await server.wait({ event: 'reply', client: `mac/${mac}`, yiaddr: address, to: address }, 'state/rebinding', 40_000);
    client.kill('SIGTERM');
  });
});
