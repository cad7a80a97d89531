import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { sqliteLeaseStore } from '@pxekit/dhcp-server';
import { describe, expect, it } from 'vitest';
import { createLan } from '../lib/netns.js';
import { missing } from '../lib/requirements.js';
import { serveIn } from './serving.js';

const skip = missing('load from perfdhcp', { programs: ['ip', 'perfdhcp'] });
const run = promisify(execFile);

describe.skipIf(skip)('perfdhcp', () => {
  it('finishes its exchanges, with an address of its own for every client, all of them stored', async () => {
    const lan = createLan({ address: '10.0.0.1/15' });
    const folder = mkdtempSync(join(tmpdir(), 'pxekit-perfdhcp-'));
    const leases = join(folder, 'leases.db');
    try {
      const host = lan.addHost('perfdhcp', { address: '10.0.0.2/15' });
      const server = await serveIn(lan.server, { subnets: [{ subnet: '10.0.0.0/15', pools: ['10.1.0.0/16'] }], leases });
      const args = ['-4', '-r', '200', '-R', '1000', '-p', '5', '-u', '-W', '2000000', '10.0.0.1'];
      const { stdout } = await run('ip', ['netns', 'exec', host.name, 'perfdhcp', ...args]).catch((error: { stdout: string }) => error);
      await server.stop();
      const [offers = 0, acks = 0] = [...stdout.matchAll(/received packets: (\d+)/g)].map((each) => Number(each[1]));
      expect(stdout).toContain('rejected leases: 0');
      expect(offers).toBeGreaterThan(900);
      expect(acks).toBeGreaterThan(900);
      const store = await sqliteLeaseStore({ path: leases });
      const stored = await store.load();
      await store.close();
      expect(new Set(stored.map((lease) => lease.hardware)).size).toBe(stored.length);
      expect(stored.length).toBeGreaterThan(900);
    } finally {
      lan.remove();
      rmSync(folder, { recursive: true });
    }
  });
});
