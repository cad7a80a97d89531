import { OPTIONS_START } from './decode.js';
import { encode, MIN_SIZE, optionSize } from './encode.js';
import { FILE, HEADER_SIZE, SNAME } from './header.js';
import { DhcpError } from './issue.js';
import type { Message, Option, Region } from './message.js';
import { STANDARD } from './options/standard.js';
import { concat, get, getBytes, valuesByCode } from './values.js';

export interface NormalizeOptions {
  /** Most octets of UDP payload. Default 548, which every client takes (RFC 2131, section 2); see `maxSizeFor`. BOOTP: always 300. */
  maxSize?: number;
  /** Let options into `file` and `sname` when the option area is full and the fields are empty. Default true; never for BOOTP. */
  overload?: boolean;
  /**
   * Called with each option that is left out because the message would not fit, least wanted first: those that `wanted` does not name,
   * then from its end. Without it such a message is refused.
   */
  drop?: (option: Option) => void;
  /** Codes in order of preference: option 55 of the request. */
  wanted?: readonly number[];
}

const IP_AND_UDP = 28;
/** An option area of 312 octets in a UDP payload of 548 (RFC 2131, section 2). */
const EVERY_CLIENT_TAKES = 576 - IP_AND_UDP;
/** Larger replies would be cut into IP fragments, which boot ROMs do not put together. */
const ETHERNET_TAKES = 1500 - IP_AND_UDP;
const END_SIZE = 1;
const OVERLOAD_SIZE = 3;

/** Options that have no place in a BOOTP message: they belong to DHCP. */
const DHCP_ONLY = new Set([50, 51, 52, 53, 54, 55, 57, 58, 59, 61]);
/** Without these a reply means something else. */
const KEPT = new Set([53, 54, 51, 61, 82]);

/**
 * Most octets of UDP payload a client takes: its option 57 counts the IP and UDP headers and is never under 576 (RFC 2132, 9.10;
 * clients drop what is longer). EDK2 says 65280; nothing over an Ethernet frame is given.
 */
export function maxSizeFor(request: Message): number {
  const said = get(request, 'maxMessageSize') ?? 0;
  return Math.min(Math.max(said - IP_AND_UDP, EVERY_CLIENT_TAKES), ETHERNET_TAKES);
}

/**
 * Writes a message the way real firmware likes it, whatever it was made from: option 53 first, 52 where it is needed, 82 last and never in
 * `file` or `sname`; parts of an option joined and split anew (RFC 3396); option 43 of PXE ended by 255; at least 300 octets and at most
 * `maxSize`. A message without option 53 is BOOTP: 64 octets of vendor area and no DHCP options.
 * Throws `DhcpError` `DHCP_TOO_LARGE` and the codes of `encode`.
 */
export function encodeNormalized(message: Message, settings: NormalizeOptions = {}): Uint8Array {
  const bootp = getBytes(message, 53) === undefined;
  const maxSize = bootp ? MIN_SIZE : (settings.maxSize ?? EVERY_CLIENT_TAKES);
  const options = inOrder(message).filter(({ code }) => !(bootp && DHCP_ONLY.has(code)));
  const canOverload = !bootp && settings.overload !== false;
  const room = {
    options: maxSize - OPTIONS_START - END_SIZE,
    file: canOverload && message.file === '' ? HEADER_SIZE - FILE - END_SIZE : 0,
    sname: canOverload && message.sname === '' ? FILE - SNAME - END_SIZE : 0,
  };
  let placed = place(options, room);
  if (!placed && settings.drop) {
    for (const option of leastWanted(options, settings.wanted ?? [])) {
      options.splice(options.indexOf(option), 1);
      settings.drop(option);
      if ((placed = place(options, room))) break;
    }
  }
  if (!placed) throw new DhcpError('DHCP_TOO_LARGE', `The options do not fit a message of ${maxSize} octets.`);
  const { wire: _wire, ...rest } = message;
  return encode({ ...rest, options: placed });
}

/** One option per code, parts joined: 53 first, 82 last, 52 left out. */
function inOrder(message: Message): Option[] {
  const values = valuesByCode(message, STANDARD);
  const codes = new Set(values.keys());
  codes.delete(52);
  const last = codes.delete(82) ? [82] : [];
  const first = codes.delete(53) ? [53] : [];
  return [...first, ...codes, ...last].map((code) => {
    const parts = values.get(code)!;
    const data = parts.length === 1 ? parts[0]!.data : concat(parts);
    return { code, region: 'options', data: code === 43 ? ended(message, data) : data };
  });
}

/** PXE's option 43 with an End: old ROMs read on without. */
function ended(message: Message, data: Uint8Array): Uint8Array {
  const vendorClass = get(message, 'vendorClassIdentifier');
  if (!/^(PXE|HTTP)Client/.test(vendorClass ?? '')) return data;
  let at = 0;
  while (at < data.length && data[at] !== 255) at += data[at] === 0 ? 1 : 2 + (data[at + 1] ?? 0);
  if (at !== data.length) return data;
  const out = new Uint8Array(data.length + 1);
  out.set(data);
  out[data.length] = 255;
  return out;
}

function leastWanted(options: readonly Option[], wanted: readonly number[]): Option[] {
  const rank = ({ code }: Option) => (wanted.includes(code) ? wanted.indexOf(code) : wanted.length);
  return options
    .filter(({ code }) => !KEPT.has(code))
    .map((option, index) => ({ option, index }))
    .sort((a, b) => rank(b.option) - rank(a.option) || b.index - a.index)
    .map(({ option }) => option);
}

/** The options with the region each stands in and option 52 where needed; undefined when they do not fit. */
function place(options: readonly Option[], room: Readonly<Record<Region, number>>): Option[] | undefined {
  const total = options.reduce((sum, option) => sum + optionSize(option), 0);
  if (total <= room.options) return [...options];
  if (room.file === 0 && room.sname === 0) return undefined;

  const relay = options.at(-1)?.code === 82 ? options.at(-1) : undefined;
  const left: Record<Region, number> = { ...room, options: room.options - OVERLOAD_SIZE - (relay ? optionSize(relay) : 0) };
  if (left.options < 0) return undefined;
  const placed: Option[] = [];
  const long: Option[] = [];
  for (const option of options) {
    if (option === relay) continue;
    const size = optionSize(option);
    // 53 is told apart by standing in the option area: many clients look for it there only.
    const region = regionsOf(option).find((candidate) => size <= left[candidate]);
    if (region === undefined) long.push(option);
    else {
      placed.push({ ...option, region });
      left[region] -= size;
    }
  }
  for (const option of long) {
    const parts = split(option, left);
    if (!parts) return undefined;
    placed.push(...parts);
  }
  const value = (placed.some(({ region }) => region === 'file') ? 1 : 0) + (placed.some(({ region }) => region === 'sname') ? 2 : 0);
  const overload: Option = { code: 52, region: 'options', data: Uint8Array.of(value) };
  const at = placed[0]?.code === 53 ? 1 : 0;
  return [...placed.slice(0, at), overload, ...placed.slice(at), ...(relay ? [relay] : [])];
}

const REGIONS: readonly Region[] = ['options', 'file', 'sname'];

function regionsOf({ code }: Option): readonly Region[] {
  return code === 53 || code === 54 ? ['options'] : REGIONS;
}

/** An option in parts over what is left of the regions, in the order that readers join them. */
function split(option: Option, left: Record<Region, number>): Option[] | undefined {
  const parts: Option[] = [];
  let from = 0;
  for (const region of regionsOf(option)) {
    while (from < option.data.length && left[region] >= 3) {
      const size = Math.min(255, left[region] - 2, option.data.length - from);
      parts.push({ code: option.code, region, data: option.data.subarray(from, from + size) });
      from += size;
      left[region] -= 2 + size;
    }
  }
  return from === option.data.length ? parts : undefined;
}
