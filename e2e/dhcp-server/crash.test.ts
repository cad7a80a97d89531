import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sqliteLeaseStore } from '@pxekit/dhcp-server';
import { afterAll, describe, expect, it } from 'vitest';
import { serveOnLoopback } from './local-server.js';
import { LoopbackClients } from './loopback-client.js';

const KILLS = Number(process.env.PXEKIT_KILLS ?? 5);
const CLIENTS = 60;

describe('a server that is killed at any moment', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pxekit-crash-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it(`has every lease it acknowledged and gives no address twice, ${KILLS} times`, { timeout: 20_000 * KILLS }, async () => {
    const path = join(folder, 'leases.db');
    const clients = await LoopbackClients.open();
    let next = 0;
    for (let kill = 0; kill < KILLS; kill++) {
      const server = await serveOnLoopback({
        subnets: [{ subnet: '10.0.0.0/14', pools: ['10.0.0.0/14'] }],
        leases: path,
        leaseTime: 86_400,
      });
      clients.port = server.port;
      let isRunning = true;
      const before = clients.acknowledged.size;
      // Each of them brings new clients and lets old ones renew by asking again.
      const load = Array.from({ length: CLIENTS }, async (_, n) => {
        while (isRunning) await clients.lease(n % 3 === 0 ? n : next++, 300);
      });
      const ended = new Promise((resolve) => server.process.on('exit', resolve));
      while (clients.acknowledged.size < before + 50) await new Promise((resolve) => setTimeout(resolve, 5));
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 200));
      server.process.kill('SIGKILL');
      await ended;
      isRunning = false;
      await Promise.all(load);

      const store = await sqliteLeaseStore({ path });
      const leases = await store.load();
      await store.close();
      const byAddress = new Map(leases.map((lease) => [lease.address, lease]));
      const lost = [...clients.acknowledged].filter(
        ([mac, address]) => byAddress.get(address)?.hardware !== mac || byAddress.get(address)?.state !== 'active',
      );
      expect(lost, `after kill ${kill + 1}`).toEqual([]);
      expect(new Set(clients.acknowledged.values()).size).toBe(clients.acknowledged.size);
    }
    clients.close();
    console.log(`${KILLS} kills, ${clients.acknowledged.size} leases acknowledged and found`);
  });
});
