import { BOOTREPLY, BROADCAST_FLAG, FqdnFlag, type Message, MessageType, type Option, STANDARD, text } from '@pxekit/dhcp';
import type { RequestFacts } from './facts.js';
import type { Ipv4 } from './ipv4.js';
import { layOut, type Spare } from './layout.js';
import type { CompiledOptions } from './options.js';
import type { LeaseTimes, Plan, Pool, Subnet } from './plan.js';

const encoder = new TextEncoder();

export function u8(value: number): Uint8Array {
  const bytes = new Uint8Array(1);
  bytes[0] = value;
  return bytes;
}

export function u32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  bytes[0] = value >>> 24;
  bytes[1] = value >>> 16;
  bytes[2] = value >>> 8;
  bytes[3] = value;
  return bytes;
}

/** An option of the option area. */
export function raw(code: number, data: Uint8Array): Option {
  return { code, region: 'options', data };
}

export function ascii(text: string): Uint8Array {
  return encoder.encode(text);
}

/** Header of an answer: what RFC 2131 table 3 copies from the request. */
export function replyHeader(facts: RequestFacts, fields: Partial<Message> = {}): Message {
  const { htype, hlen, xid, flags, giaddr, chaddr } = facts.message;
  return {
    op: BOOTREPLY,
    htype,
    hlen,
    hops: 0,
    xid,
    secs: 0,
    flags: fields.flags ?? flags,
    ciaddr: fields.ciaddr ?? '0.0.0.0',
    yiaddr: fields.yiaddr ?? '0.0.0.0',
    siaddr: fields.siaddr ?? '0.0.0.0',
    giaddr,
    chaddr,
    sname: fields.sname ?? '',
    file: fields.file ?? '',
    options: fields.options ?? [],
  };
}

/** Option values of one reply by layers; later layers win. */
export function mergeOptions(...layers: (CompiledOptions | undefined)[]): Map<number, Uint8Array> {
  const merged = new Map<number, Uint8Array>();
  for (const layer of layers) {
    if (layer === undefined) continue;
    for (const [code, data] of layer)
      if (data === null) merged.delete(code);
      else merged.set(code, data);
  }
  return merged;
}

/** Option values of general table, subnet, pool and narrower scopes, with netmask and broadcast address where none is set. */
export function networkValues(
  plan: Plan,
  subnet: Subnet,
  pool: Pool | undefined,
  narrower: readonly (CompiledOptions | undefined)[],
): Map<number, Uint8Array> {
  const values = mergeOptions(plan.options, subnet.options, pool?.options, ...narrower);
  if (!values.has(1)) values.set(1, u32(subnet.mask));
  if (!values.has(28) && subnet.prefix < 31) values.set(28, u32((subnet.first | ~subnet.mask) >>> 0));
  return values;
}

// A plan never changes: what has no narrower scope is the same for every request.
const common = new WeakMap<Pool | Subnet, Map<number, Uint8Array>>();

/** `networkValues` without narrower scopes, merged once. Not to be changed. */
export function commonValues(plan: Plan, subnet: Subnet, pool: Pool | undefined): Map<number, Uint8Array> {
  const scope = pool ?? subnet;
  let values = common.get(scope);
  if (values === undefined) {
    values = networkValues(plan, subnet, pool, []);
    common.set(scope, values);
  }
  return values;
}

/** What goes into the options of a reply. */
export interface ReplyOptions {
  /** Always first, in this order. */
  head: readonly Option[];
  /** Sent if the client asks for them, or if it sends no list. */
  values: ReadonlyMap<number, Uint8Array>;
  /** Sent in any case. */
  always?: ReadonlyMap<number, Uint8Array> | undefined;
  /** What comes back where the client sent it: client identifier (61), UUID (97), an answer about its name (81). Default: none. */
  echoes?: { clientId?: boolean; uuid?: boolean; fqdn?: boolean };
  /** Header fields that are empty and may take options (RFC 2131 section 4.1). Default: none. */
  spare?: Spare;
}

/**
 * The option list of a reply within the client's size: message type, server identifier and times first; then what the
 * client asked for in its order; then what is sent unasked (boot); client identifier, UUID and relay agent option last.
 * Where it does not all fit, the end of the client's list goes first.
 */
export function assembleOptions(
  facts: RequestFacts,
  plan: Plan,
  maxSize: number,
  { head, values, always, echoes = {}, spare }: ReplyOptions,
): Option[] {
  const asked: Option[] = [];
  const firm: Option[] = [];
  // Microsoft clients that end their host name with NUL read the texts they are sent by their NUL, too.
  const isNulClient = facts.option(12)?.at(-1) === 0;
  const isTaken = (code: number) => PLACED_BY_PROTOCOL[code] === 1 || asked.some((each) => each.code === code);
  const ask = (code: number, data: Uint8Array | undefined) => {
    if (data === undefined || isTaken(code)) return;
    asked.push(raw(code, isNulClient && data.at(-1) !== 0 && STANDARD.byCode(code)?.shape === text ? Uint8Array.of(...data, 0) : data));
  };
  const list = facts.parameterList;
  if (list !== undefined) for (const code of list) ask(code, always?.get(code) ?? values.get(code));
  else for (const [code, data] of values) if (!always?.has(code)) ask(code, data);
  if (always !== undefined) for (const [code, data] of always) if (!isTaken(code)) firm.push(raw(code, data));

  const { clientId } = facts;
  if (echoes.clientId && plan.echoClientId && clientId !== undefined) firm.push(raw(61, clientId));
  if (echoes.uuid && facts.uuid !== undefined) firm.push(raw(97, facts.option(97)!));
  const fqdn = echoes.fqdn ? facts.option(81) : undefined;
  if (fqdn !== undefined && fqdn.length >= 3 && !isTaken(81) && !always?.has(81)) firm.push(raw(81, fqdnAnswer(fqdn)));
  const agent = facts.message.options.filter((each) => each.code === 82).map((each) => raw(82, each.data));
  return layOut({ head, asked, firm, agent, isNeeded: (code) => always?.has(code) === true }, maxSize, spare);
}

/**
 * Option 81 of a server that updates no DNS (RFC 4702 section 4): N is set and S is not, O says so to a client that wanted S;
 * both result codes are 255; the name comes back in the client's encoding.
 */
function fqdnAnswer(asked: Uint8Array): Uint8Array {
  const { S, O, E, N } = FqdnFlag;
  const flags = asked[0]!;
  return Uint8Array.of(N | (flags & E) | (flags & S ? O : 0), 255, 255, ...asked.subarray(3));
}

/** Options that the protocol itself places; configured values for them are ignored. */
const PLACED_BY_PROTOCOL = new Uint8Array(256);
for (const code of [0, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 61, 82, 255]) PLACED_BY_PROTOCOL[code] = 1;

/** Option 51 of a lease without end (RFC 2131 section 3.3). */
export const NO_END = 0xffffffff;

/** Lease time, T1 and T2 as RFC 2131 section 4.4.5, T1 up to 1/16 earlier by the client's hash: machines that booted together renew apart. */
export function pushLeaseTimes(options: Option[], seconds: number, hash: number): void {
  if (seconds === Number.POSITIVE_INFINITY) {
    options.push(raw(51, u32(NO_END)));
    return;
  }
  const spread = Math.floor(seconds / 16);
  const t1 = Math.floor(seconds / 2) - (spread === 0 ? 0 : hash % spread);
  options.push(raw(51, u32(seconds)), raw(58, u32(t1)), raw(59, u32(Math.floor(seconds * 0.875))));
}

/** The lease time for a client that asked for `requested` seconds (`NO_END`: without end). */
export function clampLeaseTime(times: LeaseTimes, requested: number | undefined): number {
  if (requested === undefined) return times.default;
  return Math.min(times.max, Math.max(times.min, requested === NO_END ? Number.POSITIVE_INFINITY : requested));
}

/** DHCPNAK (RFC 2131 table 3): broadcast, through a relay too (section 4.3.2). */
export function nak(facts: RequestFacts, plan: Plan, serverId: Ipv4, why: string): Message {
  const options = assembleOptions(facts, plan, facts.maxReplySize, {
    head: [raw(53, u8(MessageType.NAK)), raw(54, u32(serverId)), raw(56, ascii(why.slice(0, 200)))],
    values: new Map(),
    echoes: { clientId: true },
  });
  return replyHeader(facts, { flags: facts.message.flags | BROADCAST_FLAG, options });
}
