import { randomBytes } from 'node:crypto';
import { discover, encode } from '@pxekit/dhcp';
import { describe, expect, it } from 'vitest';
import { serveOnLoopback } from './local-server.js';
import { LoopbackClients } from './loopback-client.js';

const SECONDS = Number(process.env.PXEKIT_STORM_SECONDS ?? 5);
/** What docs/dhcp-server.md promises for a small network, code and runtime included (from sources: with the compiler). */
const MEMORY = 400 << 20;

/** Broken in one of the ways that datagrams are broken: random, cut, with random bytes in it, or a DISCOVER from nobody in particular. */
function hostile(n: number): Uint8Array {
  const message = encode(
    discover({ xid: n, chaddr: randomBytes(6).toString('hex').match(/../g)!.join(':'), options: { hostName: 'storm' } }),
  );
  switch (n % 4) {
    case 0:
      return randomBytes(n % 700);
    case 1:
      return message.subarray(0, n % message.length);
    case 2:
      for (let change = 0; change < 8; change++) message[randomBytes(2).readUInt16BE() % message.length] = randomBytes(1)[0]!;
      return message;
    default:
      return message;
  }
}

describe('under a storm of hostile datagrams', () => {
  it(`a well-behaved client gets its lease, again and again for ${SECONDS} s`, { timeout: (SECONDS + 60) * 1000 }, async () => {
    const server = await serveOnLoopback({ subnets: [{ subnet: '192.168.7.0/24', pools: ['192.168.7.100-192.168.7.200'] }] });
    const [storm, clients] = [await LoopbackClients.open(), await LoopbackClients.open()];
    storm.port = clients.port = server.port;
    let isStorming = true;
    let sent = 0;
    const raging = (async () => {
      while (isStorming) {
        await Promise.all(Array.from({ length: 50 }, () => storm.send(hostile(sent++))));
        await new Promise(setImmediate);
      }
    })();
    const end = Date.now() + SECONDS * 1000;
    let leases = 0;
    for (let n = 0; Date.now() < end; n++) {
      // A real client asks again when nothing comes: so does this one.
      for (let attempt = 0; attempt < 20; attempt++) {
        const ack = await clients.lease(n % 20, 1000);
        if (ack === undefined || ack.yiaddr === '0.0.0.0') continue;
        leases++;
        break;
      }
    }
    isStorming = false;
    await raging;
    server.process.kill('SIGUSR2');
    const state = await server.wait({ event: 'state' });
    await server.stop();
    storm.close();
    clients.close();
    console.log(
      `${sent} hostile datagrams, ${leases} leases, ${Math.round((state.memory as number) / 2 ** 20)} MiB, ${JSON.stringify((state.counters as { drops: object }).drops)}`,
    );
    expect(leases).toBeGreaterThan(0);
    expect(clients.acknowledged.size).toBe(Math.min(20, leases));
    expect(state.memory).toBeLessThan(MEMORY);
    expect(server.events.filter((event) => event.event === 'error')).toEqual([]);
  });
});
