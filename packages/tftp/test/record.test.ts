import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMemoryNetwork, createTftpServer, get, type Recording, record, VirtualClock } from '@pxekit/tftp';
import { describe, expect, it } from 'vitest';
import { pattern } from './rig.js';

async function recorded(server: string, client: string): Promise<Recording> {
  const clock = new VirtualClock();
  const network = createMemoryNetwork({ clock, latency: 1 });
  const recording = record(network.host(client), clock);
  const serving = createTftpServer({ files: { f: pattern(1500) }, clock, host: server, transport: network.host(server) });
  await serving.listen();
  await clock.run(get({ host: server, filename: 'f' }, { clock, transport: recording.transport, blockSize: 1024, windowSize: 2 }));
  await serving.close();
  return recording;
}

describe('a recording', () => {
  it('is a line of text for each packet', async () => {
    const recording = await recorded('10.0.0.1', '10.0.0.2');
    const [request, , , first] = recording.text().split('\n');
    expect(request).toMatch(/^ +0\.0 ms {2}10\.0\.0\.2:\d+ > 10\.0\.0\.1:69 {2}RRQ "f" octet blksize=1024 tsize=0 windowsize=2$/);
    expect(first).toMatch(/^ +4\.0 ms {2}10\.0\.0\.1:\d+ > 10\.0\.0\.2:\d+ {2}DATA 1 \(1024 bytes\)$/);
    expect(recording.datagrams).toHaveLength(6);
  });

  it.each([
    ['10.0.0.1', '10.0.0.2', 'ip'],
    ['fd00::1', 'fd00::2', 'ipv6'],
  ])('is a capture that tshark reads, between %s and %s', async (server, client, layer) => {
    const recording = await recorded(server, client);
    const pcap = recording.pcap();
    expect(Buffer.from(pcap.subarray(0, 4)).readUInt32LE()).toBe(0xa1b2c3d4);
    if (spawnSync('tshark', ['-v']).error) {
      console.log('the capture is not shown to tshark: it is not installed');
      return;
    }
    const folder = mkdtempSync(join(tmpdir(), 'pxekit-record-'));
    try {
      const file = join(folder, 'exchange.pcap');
      writeFileSync(file, pcap);
      const fields = ['tftp.opcode', `${layer}.src`, '_ws.malformed'].flatMap((field) => ['-e', field]);
      const read = execFileSync('tshark', ['-r', file, '-T', 'fields', ...fields], { encoding: 'utf8' })
        .trimEnd()
        .split('\n');
      expect(read.map((line) => line.split('\t').slice(0, 2))).toEqual([
        ['1', client],
        ['6', server],
        ['4', client],
        ['3', server],
        ['3', server],
        ['4', client],
      ]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
