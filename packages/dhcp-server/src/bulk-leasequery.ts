import { createServer, type Server, type Socket } from 'node:net';
import { DhcpError, decode, encode, type Message, MessageType, rawOption } from '@pxekit/dhcp';
import { RequestFacts } from './facts.js';
import { fromHex, toHex } from './identity.js';
import { type Ipv4, parseIpv4 } from './ipv4.js';
import { setHardware } from './leasequery.js';
import type { LeasesView } from './leases/book.js';
import type { Lease } from './leases/store.js';
import type { Plan } from './plan.js';
import { ascii, replyHeader, u32 } from './reply.js';

/** Status codes of RFC 6926 section 6.2.2. */
const UNSPECIFIED_FAILURE = 1;
const MALFORMED_QUERY = 3;
const NOT_ALLOWED = 4;

/** Option 156, RFC 6926 section 6.2.7. */
const STATE = { active: 2, expired: 3, released: 4, declined: 5 } as const;

/**
 * The answers to one DHCPBULKLEASEQUERY (RFC 6926): every lease that fits, then DHCPLEASEQUERYDONE. The query goes by
 * address, hardware address, client identifier, relay identifier (82.12), remote identifier (82.2), or for all; options
 * 154 and 155 (seconds since 1970) bound the time of the last transaction.
 */
export function* answerBulkLeaseQuery(
  message: Message,
  { plan, leases, now }: { plan: Plan; leases: LeasesView; now: number },
): Generator<Message> {
  const facts = new RequestFacts(
    { message, source: { address: '0.0.0.0', port: 0 }, local: { address: '0.0.0.0', port: 67 }, broadcast: false },
    plan.identity,
  );
  if (facts.type !== MessageType.BULKLEASEQUERY) {
    yield done(facts, MALFORMED_QUERY, `option 53 is ${facts.type}`);
    return;
  }
  const since = (facts.address(154) ?? 0) * 1000;
  const until = (facts.address(155) ?? Number.POSITIVE_INFINITY) * 1000 + 999;
  for (const lease of candidates(facts, leases)) {
    if (lease.renewed < since || lease.renewed > until || !fits(facts, lease)) continue;
    const subnet = plan.subnetOf(parseIpv4(lease.address)!);
    if (subnet !== undefined) yield describe(facts, lease, now);
  }
  yield done(facts);
}

function candidates(facts: RequestFacts, leases: LeasesView): Iterable<Lease> {
  if (facts.ciaddr === 0) return leases.all();
  const lease = leases.at(facts.ciaddr);
  return lease === undefined ? [] : [lease];
}

function fits(facts: RequestFacts, lease: Lease): boolean {
  const { clientId, hardware } = facts;
  if (hardware !== '' && lease.hardware !== hardware) return false;
  if (clientId !== undefined && lease.clientId !== toHex(clientId)) return false;
  for (const code of [2, 12]) {
    const wanted = facts.relayOption(code);
    if (wanted !== undefined && !hasSubOption(lease, code, toHex(wanted))) return false;
  }
  return true;
}

function hasSubOption({ relayAgent = '' }: Lease, code: number, value: string): boolean {
  for (let at = 0; at + 4 <= relayAgent.length; ) {
    const length = 2 * Number.parseInt(relayAgent.slice(at + 2, at + 4), 16);
    if (Number.parseInt(relayAgent.slice(at, at + 2), 16) === code && relayAgent.slice(at + 4, at + 4 + length) === value) return true;
    at += 4 + length;
  }
  return false;
}

function describe(facts: RequestFacts, lease: Lease, now: number): Message {
  const isActive = lease.state === 'active' && lease.expires > now;
  const seconds = (milliseconds: number) => u32(Math.max(0, Math.floor(milliseconds / 1000)));
  const message = replyHeader(facts, { ciaddr: lease.address });
  setHardware(message, lease);
  message.options = [
    rawOption(53, Uint8Array.of(isActive ? MessageType.LEASEACTIVE : MessageType.LEASEUNASSIGNED)),
    rawOption(152, seconds(now)),
    rawOption(156, Uint8Array.of(lease.state === 'active' && !isActive ? STATE.expired : STATE[lease.state])),
    rawOption(153, seconds(now - lease.renewed)),
    rawOption(91, seconds(now - lease.renewed)),
  ];
  if (isActive)
    message.options.push(rawOption(51, lease.expires === Number.POSITIVE_INFINITY ? u32(0xffffffff) : seconds(lease.expires - now)));
  if (lease.clientId !== undefined) message.options.push(rawOption(61, fromHex(lease.clientId)));
  if (lease.relayAgent !== undefined) message.options.push(rawOption(82, fromHex(lease.relayAgent)));
  return message;
}

function done(facts: RequestFacts, status?: number, text = ''): Message {
  const message = replyHeader(facts);
  message.options = [rawOption(53, Uint8Array.of(MessageType.LEASEQUERYDONE))];
  if (status !== undefined) message.options.push(rawOption(151, Uint8Array.of(status, ...ascii(text))));
  return message;
}

/** A message with its length in front of it (RFC 6926 section 6.1). */
function frame(message: Message): Uint8Array {
  const bytes = encode(message);
  return Uint8Array.of(bytes.length >>> 8, bytes.length & 255, ...bytes);
}

const IDLE = 30_000;
const CONNECTIONS = 10;
const LARGEST = 4096;

/** Listens for bulk leasequery on TCP; only the addresses that may ask are answered. */
export async function listenForBulkLeaseQuery(
  address: string,
  port: number,
  view: () => { plan: Plan; leases: LeasesView; now: number },
): Promise<Server> {
  const server = createServer((socket) => {
    socket.setTimeout(IDLE, () => socket.destroy());
    socket.on('error', () => socket.destroy());
    const asker = parseIpv4(socket.remoteAddress ?? '') ?? 0;
    serve(socket, () => mayAsk(view().plan, asker), view).catch(() => socket.destroy());
  });
  server.maxConnections = CONNECTIONS;
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, address, resolve));
  return server;
}

function mayAsk(plan: Plan, asker: Ipv4): boolean {
  return plan.leasequery.some(({ network, mask }) => (asker & mask) >>> 0 === network);
}

async function serve(socket: Socket, allowed: () => boolean, view: () => { plan: Plan; leases: LeasesView; now: number }): Promise<void> {
  let buffered = Buffer.alloc(0);
  for await (const chunk of socket as AsyncIterable<Buffer>) {
    buffered = Buffer.concat([buffered, chunk]);
    while (buffered.length >= 2) {
      const length = buffered.readUInt16BE(0);
      if (length > LARGEST) throw new Error('longer than any query');
      if (buffered.length < 2 + length) break;
      const message = readQuery(buffered.subarray(2, 2 + length));
      buffered = buffered.subarray(2 + length);
      if (message === undefined) throw new Error('no DHCP message');
      const facts = () =>
        new RequestFacts({ message, source: { address: '', port: 0 }, local: { address: '', port: 0 }, broadcast: false }, 'mac');
      const answers = allowed() ? answerBulkLeaseQuery(message, view()) : [done(facts(), NOT_ALLOWED, 'not allowed to ask')];
      try {
        for (const answer of answers) if (!socket.write(frame(answer))) await new Promise((resolve) => socket.once('drain', resolve));
      } catch (error) {
        if (!(error instanceof DhcpError)) throw error;
        socket.write(frame(done(facts(), UNSPECIFIED_FAILURE, error.message)));
      }
    }
  }
}

function readQuery(bytes: Uint8Array): Message | undefined {
  try {
    return decode(bytes).message;
  } catch {
    return undefined;
  }
}
