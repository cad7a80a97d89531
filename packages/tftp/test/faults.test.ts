import { createMemoryNetwork, createTftpServer, type Faults, type GetResult, get, record, VirtualClock } from '@pxekit/tftp';
import { describe, expect, it } from 'vitest';
import { CLIENT, pattern, SERVER } from './rig.js';

const content = pattern(4000);

/** Fetches eight blocks of 512 bytes, window 1, from a server with faults; `wire` is what its network card sees. */
async function fetch(faults: Faults): Promise<{ result: Promise<GetResult>; wire: () => string[]; duration: () => number }> {
  const clock = new VirtualClock();
  const network = createMemoryNetwork({ clock, latency: 1 });
  const recording = record(network.host(SERVER), clock);
  const server = createTftpServer({ files: { f: content }, clock, host: SERVER, transport: recording.transport, faults });
  await server.listen();
  const options = { clock, transport: network.host(CLIENT), blockSize: 512, windowSize: 1, tsize: false } as const;
  const result = clock.run(get(`tftp://${SERVER}/f`, options));
  await result.catch(() => {});
  return {
    result,
    wire: () =>
      recording
        .text()
        .split('\n')
        .map((line) => line.replace(/^.*?> \S+ {2}/, '')),
    duration: () => clock.now(),
  };
}

const sent = (wire: readonly string[], packet: string): number => wire.filter((line) => line.startsWith(packet)).length;

describe('faults', () => {
  it('hit blocks by number, so often', async () => {
    const { result, wire } = await fetch({ direction: 'out', drop: { blocks: [3], times: 2 } });
    expect(Buffer.compare((await result).data, content)).toBe(0);
    expect([2, 3, 4].map((block) => sent(wire(), `DATA ${block} `))).toEqual([1, 1, 1]);
    expect(sent(wire(), 'ACK 2')).toBeGreaterThan(1);
  });

  it('hit what a predicate says', async () => {
    const { result, wire } = await fetch({
      drop: { when: ({ packet, direction }) => direction === 'in' && packet.type === 'ack', times: 1 },
    });
    expect(Buffer.compare((await result).data, content)).toBe(0);
    expect(['ACK 1', 'ACK 2', 'ACK 3'].map((packet) => sent(wire(), packet))).toEqual([2, 1, 1]);
  });

  it('hit at a rate, the same ones for the same seed', async () => {
    const faults = { drop: 0.1, duplicate: 0.1, reorder: 0.1, delay: { ms: 5, rule: 0.1 } } as const;
    const [one, same, other] = [
      await fetch({ seed: 5, ...faults }),
      await fetch({ seed: 5, ...faults }),
      await fetch({ seed: 6, ...faults }),
    ];
    for (const { result } of [one, same, other]) expect(Buffer.compare((await result).data, content)).toBe(0);
    expect(same.wire()).toEqual(one.wire());
    expect(other.wire()).not.toEqual(one.wire());
  });

  it('send a block twice, late or behind the next', async () => {
    const twice = await fetch({ direction: 'out', duplicate: { blocks: [2] } });
    expect((await twice.result).record.retransmissions).toBe(1);
    expect(sent(twice.wire(), 'DATA 2 ')).toBe(2);
    const late = await fetch({ direction: 'out', delay: { ms: 700, rule: { blocks: [2] } } });
    await late.result;
    expect(late.duration()).toBeGreaterThan(700);
    const behind = await fetch({ direction: 'out', reorder: { blocks: [2], times: 1 } });
    expect(Buffer.compare((await behind.result).data, content)).toBe(0);
  });

  it('damage and cut packets', async () => {
    const damaged = await fetch({ direction: 'out', corrupt: { blocks: [2] } });
    const got = await damaged.result.then(
      ({ data }) => Buffer.compare(data, content),
      ({ code }) => code,
    );
    expect(got).not.toBe(0);
    const cut = await fetch({ direction: 'out', truncate: { blocks: [2], times: 1 } });
    expect(cut.wire().some((line) => /^DATA 2 \((?!512 )/.test(line) || line.startsWith('MALFORMED'))).toBe(true);
    await cut.result.catch(() => {});
  });

  it('fall silent, or fail, after a block', async () => {
    const stalled = await fetch({ stallAfter: 2 });
    await expect(stalled.result).rejects.toMatchObject({ code: 'TFTP_TIMEOUT' });
    expect(sent(stalled.wire(), 'DATA 3 ')).toBe(0);
    const failing = await fetch({ errorAfter: { block: 2, code: 3, message: 'Full' } });
    await expect(failing.result).rejects.toMatchObject({ code: 'TFTP_DISK_FULL', message: 'Full', fromPeer: true });
    expect(sent(failing.wire(), 'DATA 2 ')).toBe(1);
  });
});
