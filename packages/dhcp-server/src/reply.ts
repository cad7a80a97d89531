import { BOOTREPLY, BROADCAST_FLAG, type Message, type Option } from '@pxekit/dhcp';
import type { RequestFacts } from './facts.js';
import { formatIpv4, type Ipv4 } from './ipv4.js';
import type { CompiledOptions } from './options.js';
import type { LeaseTimes, Plan } from './plan.js';

const encoder = new TextEncoder();

export function u32(value: number): Uint8Array {
  return Uint8Array.of(value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255);
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
    flags,
    ciaddr: '0.0.0.0',
    yiaddr: '0.0.0.0',
    siaddr: '0.0.0.0',
    giaddr,
    chaddr,
    sname: '',
    file: '',
    options: [],
    ...fields,
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

/**
 * The option list of a reply within the client's size: message type, server identifier and times first; then what the
 * client asked for in its order; then what is sent unasked (boot); client identifier, UUID and relay agent option last.
 * Where it does not all fit, the end of the client's list goes first.
 */
export function assembleOptions(
  facts: RequestFacts,
  plan: Plan,
  maxSize: number,
  parts: {
    /** Always first, in this order. */
    head: readonly (readonly [number, Uint8Array])[];
    /** Sent if the client asks for them, or if it sends no list. */
    values: ReadonlyMap<number, Uint8Array>;
    /** Sent in any case. */
    always?: ReadonlyMap<number, Uint8Array> | undefined;
    echoUuid?: boolean;
  },
): Option[] {
  const { head, values, always } = parts;
  const taken = new Set<number>(PROTOCOL_OPTIONS);
  const asked: [number, Uint8Array][] = [];
  const list = facts.parameterList;
  if (list !== undefined) {
    for (const code of list) {
      const data = always?.get(code) ?? values.get(code);
      if (data === undefined || taken.has(code)) continue;
      taken.add(code);
      asked.push([code, data]);
    }
  } else
    for (const [code, data] of values) {
      if (taken.has(code) || always?.has(code)) continue;
      taken.add(code);
      asked.push([code, data]);
    }
  const unasked: [number, Uint8Array][] = [];
  if (always !== undefined) for (const [code, data] of always) if (!taken.has(code)) unasked.push([code, data]);

  const tail: [number, Uint8Array][] = [];
  const { clientId } = facts;
  if (plan.echoClientId && clientId !== undefined) tail.push([61, clientId]);
  if (parts.echoUuid && facts.uuid !== undefined) tail.push([97, facts.option(97)!]);

  // 240 bytes of header and cookie, the End option, the relay agent option as it came.
  let room = maxSize - 241;
  for (const option of facts.message.options) if (option.code === 82) room -= 2 + option.data.length;
  const fitting: Option[] = [];
  const put = ([code, data]: readonly [number, Uint8Array]): boolean => {
    const size = data.length + 2 * Math.max(1, Math.ceil(data.length / 255));
    if (size > room) return false;
    room -= size;
    fitting.push({ code, region: 'options', data });
    return true;
  };
  for (const each of head) put(each);
  // Their place in the reply is behind the client's list, but their room is set aside before it.
  const kept = fitting.length;
  for (const each of [...unasked, ...tail]) put(each);
  const behind = fitting.splice(kept);
  // What firmware needs to boot goes before what it merely asked for, whatever the order of its list.
  for (const each of asked) if (always?.has(each[0])) room -= each[1].length + 2;
  for (const each of asked) {
    if (always?.has(each[0])) room += each[1].length + 2;
    put(each);
  }
  fitting.push(...behind);
  for (const option of facts.message.options) if (option.code === 82) fitting.push({ code: 82, region: 'options', data: option.data });
  return fitting;
}

/** Options that the protocol itself places; configured values for them are ignored. */
const PROTOCOL_OPTIONS = [0, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 61, 82, 255];

/** T1 and T2 as RFC 2131 section 4.4.5, T1 up to 1/16 earlier by the client's hash: machines that booted together renew apart. */
export function leaseTimeOptions(seconds: number, hash: number): [number, Uint8Array][] {
  if (seconds === Number.POSITIVE_INFINITY) return [[51, u32(0xffffffff)]];
  const spread = Math.floor(seconds / 16);
  const t1 = Math.floor(seconds / 2) - (spread === 0 ? 0 : hash % spread);
  return [
    [51, u32(seconds)],
    [58, u32(t1)],
    [59, u32(Math.floor(seconds * 0.875))],
  ];
}

/** The lease time for a client that asked for `requested` seconds (0xffffffff: without end). */
export function clampLeaseTime(times: LeaseTimes, requested: number | undefined): number {
  if (requested === undefined) return times.default;
  return Math.min(times.max, Math.max(times.min, requested === 0xffffffff ? Number.POSITIVE_INFINITY : requested));
}

/** DHCPNAK (RFC 2131 table 3): broadcast, through a relay too (section 4.3.2). */
export function nak(facts: RequestFacts, plan: Plan, serverId: Ipv4, text: string): Message {
  const options = assembleOptions(facts, plan, facts.maxReplySize, {
    head: [
      [53, Uint8Array.of(6)],
      [54, u32(serverId)],
      [56, ascii(text.slice(0, 200))],
    ],
    values: new Map(),
  });
  return replyHeader(facts, { flags: facts.message.flags | BROADCAST_FLAG, options });
}

export function addressOrZero(address: Ipv4 | undefined): string {
  return address === undefined ? '0.0.0.0' : formatIpv4(address);
}
