import { createMemoryNetwork, createTftpServer, get, VirtualClock, withFaults } from '@pxekit/tftp';
import { describe, expect, it } from 'vitest';
import { EDK2, FirmwareClient, IPXE, U_BOOT } from './firmware-client.js';
import { CLIENT, pattern, SERVER } from './rig.js';

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

const FIRMWARE = [
  ['a ROM in lock-step', 1, EDK2],
  ['a ROM that repeats its ACK soon', 1, IPXE],
  ['UEFI with window 4', 4, EDK2],
  ['UEFI with window 16', 16, EDK2],
  ['U-Boot with window 8', 8, U_BOOT],
  ['U-Boot with window 2', 2, U_BOOT],
] as const;

describe('8 % loss each way, 0.5 ms away', () => {
  it.each(FIRMWARE)('costs %s less than 3 s, whatever was lost', async (_name, windowSize, firmware) => {
    const content = pattern(246_000);
    for (let seed = 1; seed <= 100; seed += 1) {
      const clock = new VirtualClock();
      const network = createMemoryNetwork({ clock, latency: 0.5 });
      const server = createTftpServer({ files: { f: content }, clock, host: SERVER, transport: network.host(SERVER) });
      await server.listen();
      const transport = withFaults(network.host(CLIENT), { seed, drop: 0.08 }, clock);
      const client = await new FirmwareClient(clock, firmware, windowSize).fetch(transport, 'f');
      expect(Buffer.compare(client.content, content)).toBe(0);
      expect(client.duration, `seed ${seed}`).toBeLessThan(3000);
      await server.close();
    }
  });
});
