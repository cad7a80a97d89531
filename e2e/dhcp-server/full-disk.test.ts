import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { get, MessageType } from '@pxekit/dhcp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { missing } from '../lib/requirements.js';
import { serveOnLoopback } from './local-server.js';
import { LoopbackClients, mac } from './loopback-client.js';

const skip = missing('a full disk', { programs: ['mount'] });

describe.skipIf(skip)('when the disk is full', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pxekit-full-'));
  beforeAll(() => execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder]));
  afterAll(() => {
    execFileSync('umount', [folder]);
    rmSync(folder, { recursive: true });
  });

  it('nothing is acknowledged that is not stored, known leases go on, and free space is enough to recover', async () => {
    const server = await serveOnLoopback({
      subnets: [
        { subnet: '192.168.7.0/24', pools: ['192.168.7.100-192.168.7.200'], reservations: [{ mac: mac(9), address: '192.168.7.9' }] },
      ],
      leases: join(folder, 'leases.db'),
    });
    const clients = await LoopbackClients.open();
    clients.port = server.port;
    const known = await clients.lease(1);
    expect(get(known!, 'messageType')).toBe(MessageType.ACK);

    const ballast = join(folder, 'ballast');
    const { bavail, bsize } = statfsSync(folder);
    writeFileSync(ballast, new Uint8Array(bavail * bsize));
    expect(await clients.lease(2, 500)).toBeUndefined();
    const error = await server.wait({ event: 'error', code: 'DHCP_SERVER_STORE' });
    expect(error.message).toMatch(/full/);
    const again = await clients.lease(1);
    expect(again?.yiaddr).toBe(known!.yiaddr);
    expect(get(again!, 'leaseTime')).toBeLessThanOrEqual(3600);
    expect((await clients.lease(9))?.yiaddr).toBe('192.168.7.9');

    rmSync(ballast);
    expect(get((await clients.lease(2))!, 'messageType')).toBe(MessageType.ACK);
    await server.stop();
    clients.close();
  });
});
