import {
  BOOTREPLY,
  createMessage,
  DhcpError,
  decline,
  decode,
  discover,
  encode,
  type Message,
  rawOption,
  release,
  renew,
  request,
} from '@pxekit/dhcp';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { basic, get, Lab, mac, SERVER } from './support.js';

const config = basic(
  {
    boot: {
      bios: 'pxelinux.0',
      'uefi-x64': {
        menu: {
          items: [
            { label: 'a', filename: 'a' },
            { label: 'b', filename: 'b' },
          ],
        },
      },
      ipxe: 'x.ipxe',
    },
    reservations: [{ mac: mac(1), address: '192.168.7.50' }],
    leasequery: ['0.0.0.0/0'],
    bootp: 'dynamic',
  },
  { exclude: ['192.168.7.120-192.168.7.130'] },
);

const anyOption = fc.tuple(fc.integer({ min: 1, max: 254 }), fc.uint8Array({ maxLength: 40 })).map(([code, data]) => rawOption(code, data));
const someAddress = fc.constantFrom('0.0.0.0', SERVER, '192.168.7.50', '192.168.7.125', '192.168.7.150', '10.1.1.1', '255.255.255.255');
const anyMessage: fc.Arbitrary<Message> = fc
  .record({
    op: fc.constantFrom(1, 1, 1, 2),
    htype: fc.constantFrom(1, 6, 32),
    xid: fc.nat(),
    flags: fc.constantFrom(0, 0x8000),
    ciaddr: someAddress,
    giaddr: someAddress,
    chaddr: fc.constantFrom('', mac(1), mac(2)),
    type: fc.nat(20),
    options: fc.array(anyOption, { maxLength: 12 }),
    wishes: fc.uint8Array({ maxLength: 30 }),
  })
  .map(({ type, options, wishes, ...header }) =>
    createMessage({ ...header, options: [rawOption(53, Uint8Array.of(type)), rawOption(55, wishes), ...options] }),
  );

test('whatever is asked, an answer is a valid reply of the size the client takes, or there is a reason for silence', () => {
  fc.assert(
    fc.property(fc.array(anyMessage, { minLength: 1, maxLength: 6 }), fc.constantFrom(67, 4011), (messages, port) => {
      const lab = new Lab(config);
      for (const message of messages) {
        const outcome = lab.ask(message, { local: { address: SERVER, addresses: [SERVER], port } });
        expect(outcome.trace.length).toBeGreaterThan(0);
        const { reply } = outcome;
        if (reply === undefined) {
          if (outcome.effects.length === 0) expect(outcome.drop).toBeDefined();
          continue;
        }
        const { message: again, issues } = decode(encode(reply.message));
        expect(issues).toEqual([]);
        expect([again.op, again.xid]).toEqual([BOOTREPLY, message.xid]);
        const agent = message.options.filter((each) => each.code === 82);
        const size = encode(reply.message).length;
        // A relay agent option is echoed whole even where that alone is too much.
        if (agent.length === 0 && message.options.every((each) => each.code !== 57)) expect(size).toBeLessThanOrEqual(548);
      }
    }),
    { numRuns: 400 },
  );
});

test('any bytes that decode are answered or dropped, never a crash', () => {
  const seeds = [discover({ xid: 1, chaddr: mac(1), options: { clientArchitecture: [7], vendorClassIdentifier: 'PXEClient' } })].map(
    encode,
  );
  const mutated = fc
    .tuple(fc.constantFrom(...seeds), fc.array(fc.tuple(fc.nat(299), fc.nat(255)), { maxLength: 30 }), fc.nat(300))
    .map(([seed, changes, length]) => {
      const bytes = Uint8Array.from(seed);
      for (const [at, value] of changes) bytes[at] = value;
      return bytes.subarray(0, length);
    });
  fc.assert(
    fc.property(fc.oneof(mutated, fc.uint8Array({ minLength: 230, maxLength: 700 })), (bytes) => {
      let message: Message;
      try {
        message = decode(bytes).message;
      } catch (error) {
        expect(error).toBeInstanceOf(DhcpError);
        return;
      }
      const { reply } = new Lab(config).ask(message);
      if (reply !== undefined) encode(reply.message);
    }),
    { numRuns: 1000 },
  );
});

type Step = { kind: 'lease' | 'renew' | 'release' | 'decline' | 'wait' | 'steal'; client: number; seconds: number };

test('no address is two clients’ at a time, whatever they do', () => {
  const step: fc.Arbitrary<Step> = fc.record({
    kind: fc.constantFrom('lease', 'lease', 'renew', 'release', 'decline', 'wait', 'steal'),
    client: fc.nat(7),
    seconds: fc.nat(4000),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
      const lab = new Lab(basic({}, { pools: ['192.168.7.100-192.168.7.104'] }));
      /** What each client holds and until when, as it knows it itself. */
      const held = new Map<number, { ack: Message; until: number }>();
      for (const { kind, client, seconds } of steps) {
        const mine = held.get(client);
        const take = (ack: Message | undefined) => {
          if (ack === undefined || get(ack, 'messageType') !== 5) held.delete(client);
          else held.set(client, { ack, until: lab.now + get(ack, 'leaseTime')! * 1000 });
        };
        if (kind === 'wait') lab.now += seconds * 1000;
        else if (kind === 'lease') {
          const offer = lab.ask(discover({ xid: 1, chaddr: mac(client) })).reply?.message;
          if (offer !== undefined) take(lab.ask(request(offer)).reply?.message);
        } else if (mine !== undefined) {
          if (kind === 'renew') take(lab.ask(renew(mine.ack, { xid: 2 }), { broadcast: false }).reply?.message);
          else if (kind === 'steal') lab.ask({ ...renew(mine.ack, { xid: 3 }), chaddr: mac(client + 100) }, { broadcast: false });
          else {
            lab.ask(kind === 'release' ? release(mine.ack, { xid: 4 }) : decline(mine.ack, { xid: 4 }));
            held.delete(client);
          }
        }
        const live = [...held.values()].filter((each) => each.until > lab.now).map((each) => each.ack.yiaddr);
        expect(new Set(live).size).toBe(live.length);
      }
    }),
    { numRuns: 500 },
  );
});
