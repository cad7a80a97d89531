import { createMemoryNetwork, createTftpServer, type Faults, get, put, VirtualClock, withFaults } from '@pxekit/tftp';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CLIENT, pattern, SERVER } from './rig.js';

const rate = fc.constantFrom(0, 0, 0.02, 0.1, 0.25);
const faults: fc.Arbitrary<Faults> = fc.record({
  seed: fc.integer({ min: 1, max: 1e6 }),
  drop: rate,
  duplicate: rate,
  reorder: rate,
  // A real network loses what is damaged: of the cut packets only ACKs are tried, which are too short then.
  truncate: fc.constantFrom(0, {
    rate: 0.05,
    when: ({ packet }: { packet: { type: string } }) => packet.type === 'ack',
  }),
  delay: fc.record({ ms: fc.constantFrom(1, 7, 40), rule: rate }),
});

const scenario = fc.record({
  size: fc.oneof(fc.integer({ min: 0, max: 3000 }), fc.integer({ min: 3000, max: 60_000 })),
  blockSize: fc.constantFrom(false as const, 8, 100, 511, 512, 513, 1428),
  windowSize: fc.constantFrom(false as const, 2, 3, 8, 64),
  rollover: fc.constantFrom(undefined, 0 as const, 1 as const),
  latency: fc.constantFrom(0, 0.2, 5),
  singlePort: fc.boolean(),
  tsize: fc.boolean(),
  faults,
});

function setup({
  latency,
  singlePort,
  faults: misbehaviour,
  ...rest
}: ReturnType<typeof scenario.generate>['value'] & Record<string, unknown>) {
  const clock = new VirtualClock();
  const network = createMemoryNetwork({ clock, latency });
  const transport = withFaults(network.host(CLIENT), misbehaviour, clock);
  const patient = { giveUp: 600_000, unconfirmed: 40, max: 500 };
  return { clock, network, singlePort, patient, client: { ...rest, clock, transport, retransmission: patient } };
}

/** What the record of a random run is: 200 here, more with PXEKIT_RUNS. */
const numRuns = Number(process.env.PXEKIT_RUNS ?? 150);

describe('transfers under random faults', () => {
  it('read the same bytes', async () => {
    await fc.assert(
      fc.asyncProperty(scenario, async ({ size, ...given }) => {
        const { clock, network, singlePort, patient, client } = setup({ size, ...given } as never);
        const content = pattern(size);
        const server = createTftpServer({
          files: { f: content },
          clock,
          singlePort,
          host: SERVER,
          transport: network.host(SERVER),
          retransmission: patient,
        });
        await server.listen();
        const { data } = await clock.run(get(`tftp://${SERVER}/f`, client as never));
        expect(Buffer.compare(data, content)).toBe(0);
        await clock.advance(700_000);
        await server.close();
        expect({ ports: network.openPorts, timers: clock.pending }).toEqual({ ports: 0, timers: 0 });
      }),
      { numRuns },
    );
  });

  it('write the same bytes, committed before success is told', async () => {
    await fc.assert(
      fc.asyncProperty(scenario, async ({ size, ...given }) => {
        const { clock, network, singlePort, patient, client } = setup({ size, ...given } as never);
        const content = pattern(size);
        const chunks: Uint8Array[] = [];
        const whole: Buffer[] = [];
        const server = createTftpServer({
          clock,
          singlePort,
          host: SERVER,
          transport: network.host(SERVER),
          retransmission: patient,
          writeHandler: () => {
            chunks.length = 0;
            return { write: (chunk) => void chunks.push(chunk.slice()), commit: () => void whole.push(Buffer.concat(chunks)), abort() {} };
          },
        });
        await server.listen();
        const record = await clock.run(put(`tftp://${SERVER}/f`, content, client as never));
        expect(record.outcome === 'complete' || record.outcome === 'unconfirmed').toBe(true);
        expect(whole.some((bytes) => Buffer.compare(bytes, content) === 0)).toBe(true);
        await clock.advance(700_000);
        await server.close();
        expect({ ports: network.openPorts, timers: clock.pending }).toEqual({ ports: 0, timers: 0 });
      }),
      { numRuns },
    );
  });
});
