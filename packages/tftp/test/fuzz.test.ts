import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createMemoryNetwork, createTftpServer, get, record, VirtualClock } from '@pxekit/tftp';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../src/testing/random.js';
import { CLIENT, pattern, SERVER } from './rig.js';

/** Milliseconds of noise; a minute and more with PXEKIT_FUZZ_MS=60000. */
const DURATION = Number(process.env.PXEKIT_FUZZ_MS ?? 1500);

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

describe('a server under noise', () => {
  it('keeps its transfers, its memory and its ports', { timeout: DURATION + 30_000 }, async () => {
    const clock = new VirtualClock();
    const network = createMemoryNetwork({ clock, latency: 0.1 });
    const host = network.host(SERVER);
    const content = pattern(200_000);
    const server = createTftpServer({
      files: { f: content },
      writeHandler: () => ({ write() {}, commit() {}, abort() {} }),
      clock,
      host: SERVER,
      transport: host,
      retransmission: { giveUp: 2000 },
    });
    await server.listen();
    const recording = record(network.host(CLIENT), clock);
    await clock.run(get(`tftp://${SERVER}/f`, { clock, transport: recording.transport, windowSize: 4 }));
    const seeds = recording.datagrams.map(({ data }) => data).filter((data) => data.length < 600);
    const random = seededRandom(7);
    const noise = await network.host('10.0.0.99').bind(
      { address: '10.0.0.99', port: 5 },
      () => {},
      () => {},
    );
    let rounds = 0;
    const round = async (): Promise<void> => {
      const running = clock.run(get(`tftp://${SERVER}/f`, { clock, transport: network.host(CLIENT), windowSize: 4 }));
      for (let count = 0; count < 200; count += 1) {
        const datagram = mutate(seeds[Math.floor(random() * seeds.length)]!, random);
        const ports = [69, 49152 + Math.floor(random() * 200)];
        for (const port of ports) noise.send(datagram, { address: SERVER, port, family: 'IPv4' });
      }
      const { data } = await running;
      expect(Buffer.compare(data, content)).toBe(0);
      rounds += 1;
    };
    const until = performance.now() + DURATION;
    while (performance.now() < until - 0.8 * DURATION) await round();
    const before = await memoryAtRest(clock);
    while (performance.now() < until) await round();
    const growth = ((await memoryAtRest(clock)) - before) / (1 << 20);
    console.log(`${rounds} transfers beside ${rounds * 400} damaged datagrams, memory grew by ${growth.toFixed(1)} MiB`);
    expect(growth).toBeLessThan(8);
    noise.close();
    await server.close();
    expect({ ports: network.openPorts, timers: clock.pending }).toEqual({ ports: 0, timers: 0 });
  });
});

/** Bytes in use after a collection, when all that was begun has ended. */
async function memoryAtRest(clock: VirtualClock): Promise<number> {
  await clock.advance(600_000);
  // What the first collection frees outside the heap is counted after a turn of the event loop.
  for (let turn = 0; turn < 2; turn += 1) {
    collect();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

function mutate(data: Uint8Array, random: () => number): Uint8Array {
  const pick = (most: number): number => Math.floor(random() * most);
  if (random() < 0.2) return Uint8Array.from({ length: pick(100) }, () => pick(256));
  const bytes = [...data];
  for (let count = 1 + pick(4); count > 0; count -= 1) {
    const at = pick(bytes.length + 1);
    const kind = pick(4);
    if (kind === 0) bytes[at] = pick(256);
    else if (kind === 1) bytes.splice(at, pick(6));
    else if (kind === 2) bytes.splice(at, 0, ...Array.from({ length: pick(6) }, () => pick(256)));
    else bytes.length = at;
  }
  return Uint8Array.from(bytes, (byte) => byte ?? 0);
}
