import { createMemoryNetwork, createTftpServer, get, VirtualClock, withFaults } from '@pxekit/tftp';
import { describe, expect, it } from 'vitest';
import { CLIENT, SERVER } from './rig.js';

const MIB = 1 << 20;

describe('1 % loss each way, 0.2 ms away', () => {
  it.each([
    [1, MIB],
    [8, 8 * MIB],
    [64, 8 * MIB],
  ])('costs a transfer with window %i not more than 2.5 s, whatever was lost', async (windowSize, size) => {
    for (let seed = 1; seed <= 5; seed += 1) {
      const clock = new VirtualClock();
      const network = createMemoryNetwork({ clock, latency: 0.2 });
      const server = createTftpServer({ files: { f: new Uint8Array(size) }, clock, host: SERVER, transport: network.host(SERVER) });
      await server.listen();
      const transport = withFaults(network.host(CLIENT), { seed, drop: 0.01 }, clock);
      const { record } = await clock.run(get(`tftp://${SERVER}/f`, { clock, transport, windowSize, blockSize: 1468 }));
      expect(record.duration).toBeLessThan(2500);
      await server.close();
    }
  });
});
