import { BOOTREPLY, createMessage, DhcpError, decode, discover, encode, type Message, rawOption, renew, request } from '@pxekit/dhcp';
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

const KINDS = ['lease', 'lease', 'look', 'renew', 'rebind', 'reboot', 'release', 'decline', 'bootp', 'wait', 'steal', 'restart'] as const;
type Step = { kind: (typeof KINDS)[number]; client: number; seconds: number };

/** Client 1 has a reservation within the second pool; 6 addresses for 8 clients. */
const crowded = {
  bootp: 'dynamic' as const,
  quarantine: 1000,
  reservations: [{ mac: mac(1), address: '192.168.7.111' }],
  subnets: [
    { subnet: '192.168.7.0/24', pools: ['192.168.7.100-192.168.7.102', '192.168.7.110-192.168.7.111'], sharedNetwork: 'lan' },
    { subnet: '192.168.8.0/24', pools: ['192.168.8.100'], sharedNetwork: 'lan' },
  ],
};

test('no address is two clients’ at a time, a reservation is its machine’s, and nobody is sent away while there is room', () => {
  const step: fc.Arbitrary<Step> = fc.record({ kind: fc.constantFrom(...KINDS), client: fc.nat(7), seconds: fc.nat(2000) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
      let lab = new Lab(crowded);
      /** What each client holds and until when, as it knows it itself. */
      const held = new Map<number, { ack: Message; until: number }>();
      for (const { kind, client, seconds } of steps) {
        const mine = held.get(client);
        const take = (ack: Message | undefined, isKept = false) => {
          const type = ack && (get(ack, 'messageType') ?? 5);
          if (type === 5) held.set(client, { ack: ack!, until: lab.now + (get(ack!, 'leaseTime') ?? Number.POSITIVE_INFINITY) * 1000 });
          else if (type === 6 || !isKept) held.delete(client);
        };
        if (kind === 'wait') lab.now += seconds * 1000;
        else if (kind === 'restart') {
          const { now } = lab;
          lab = new Lab(crowded, lab.book.all());
          lab.now = now;
        } else if (kind === 'lease' || kind === 'look') {
          const outcome = lab.ask(discover({ xid: 1, chaddr: mac(client) }));
          if (outcome.drop !== undefined) {
            const taken = [...lab.book.all()].filter(
              (each) => each.expires > lab.now && (each.state === 'active' || each.state === 'declined'),
            );
            expect([outcome.drop, taken.length >= 5]).toEqual(['no-free-address', true]);
          }
          const offer = outcome.reply?.message;
          if (kind === 'lease' && offer !== undefined) take(lab.ask(request(offer)).reply?.message);
        } else if (kind === 'bootp') take(lab.ask(createMessage({ xid: 5, chaddr: mac(client) })).reply?.message, true);
        else if (mine !== undefined) {
          const { ack } = mine;
          const header = { xid: 6, chaddr: mac(client), options: { messageType: 3 as const } };
          if (kind === 'renew') take(lab.ask(renew(ack, { xid: 2 }), { broadcast: false }).reply?.message, true);
          else if (kind === 'rebind')
            take(lab.ask(createMessage({ ...header, ciaddr: ack.yiaddr }), { broadcast: true }).reply?.message, true);
          else if (kind === 'reboot')
            take(lab.ask(createMessage({ ...header, options: { messageType: 3, requestedAddress: ack.yiaddr } })).reply?.message, true);
          else if (kind === 'steal') lab.ask({ ...renew(ack, { xid: 3 }), chaddr: mac(client + 100) }, { broadcast: false });
          else {
            const { yiaddr } = ack;
            const options = kind === 'release' ? ({ messageType: 7 } as const) : ({ messageType: 4, requestedAddress: yiaddr } as const);
            lab.ask(createMessage({ xid: 4, chaddr: mac(client), ciaddr: kind === 'release' ? yiaddr : '0.0.0.0', options }));
            held.delete(client);
          }
        }
        const live = [...held].filter(([, each]) => each.until > lab.now).map(([n, { ack }]) => [ack.yiaddr, n] as const);
        expect(new Map(live).size).toBe(live.length);
        for (const [address, n] of live) expect(address !== '192.168.7.111' || n === 1).toBe(true);
      }
    }),
    { numRuns: 600 },
  );
});
