import type { Rollover } from './block-number.js';
import { TftpError } from './error.js';
import { DEFAULT_BLOCK_SIZE, encodeOack, HEADER_LENGTH, MAX_BLOCK_SIZE, MAX_WINDOW_SIZE, MIN_BLOCK_SIZE, type Option } from './packet.js';
import type { OptionPolicy } from './types.js';

/** What both sides agreed on. */
export interface Agreement {
  readonly blockSize: number;
  readonly windowSize: number;
  readonly rollover: Rollover;
  /** The longest retransmission interval in ms; Infinity when none was agreed. */
  readonly cap: number;
  /** What the OACK says, in the order of the request; empty: no OACK. */
  readonly granted: readonly Option[];
}

export interface NegotiationContext {
  readonly type: 'read' | 'write';
  readonly policy: OptionPolicy;
  readonly family: 'IPv4' | 'IPv6';
  /** Of the interface that heard the request. */
  readonly mtu: number | undefined;
  /** The size of the file on the wire in bytes, for reads; `undefined` when it is not known. */
  readonly size: number | undefined;
}

/** Windows beyond this make wire numbers ambiguous: 16 bits hold two of them. */
const MAX_SAFE_WINDOW = 32767;
const DEFAULT_MAX_WINDOW = 64;
const DEFAULT_MAX_WINDOW_BYTES = 1 << 20;
const UDP_HEADER = 8;
const IP_HEADER = { IPv4: 20, IPv6: 40 } as const;

/** A strict decimal number; anything else is -1. */
function decimal(value: string): number {
  if (value.length === 0 || value.length > 20) return -1;
  let number = 0;
  for (let at = 0; at < value.length; at += 1) {
    const digit = value.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) return -1;
    number = number * 10 + digit;
  }
  return number;
}

/** Options by lower-case name; the first of a repeated option counts (RFC 2347: "may only be specified once"). */
export function optionMap(options: readonly Option[]): Map<string, string> {
  const map = new Map<string, string>();
  for (const [name, value] of options) {
    const key = name.toLowerCase();
    if (!map.has(key)) map.set(key, value);
  }
  return map;
}

/** The largest payload of a DATA packet that is not fragmented at this MTU. */
function blockSizeForMtu(mtu: number, family: 'IPv4' | 'IPv6'): number {
  return Math.max(MIN_BLOCK_SIZE, mtu - IP_HEADER[family] - UDP_HEADER - HEADER_LENGTH);
}

/**
 * The server's answer to the options of a request (RFC 2347). Options unknown, refused or out of range are left out.
 *
 * @throws TftpError `TFTP_OPTION_REFUSED` with `policy.strict` for values out of range.
 */
export function negotiate(asked: ReadonlyMap<string, string>, context: NegotiationContext): Agreement {
  const { policy } = context;
  const granted: Option[] = [];
  const state: Granted = {
    blockSize: DEFAULT_BLOCK_SIZE,
    windowSize: 1,
    rollover: policy.rollover === 1 ? 1 : 0,
    cap: Number.POSITIVE_INFINITY,
  };
  for (const [name, value] of asked) {
    if (policy.refuse?.includes(name)) continue;
    const answer = grant(name, value, asked, context, state);
    if (answer !== undefined) granted.push([name, answer]);
  }
  const byBytes = Math.max(1, Math.floor((policy.maxWindowBytes ?? DEFAULT_MAX_WINDOW_BYTES) / state.blockSize));
  if (state.windowSize > byBytes) {
    state.windowSize = byBytes;
    const at = granted.findIndex(([name]) => name === 'windowsize');
    granted[at] = ['windowsize', String(byBytes)];
  }
  const { blockSize, windowSize, rollover, cap } = state;
  return { blockSize, windowSize, rollover, cap, granted };
}

type Granted = { -readonly [Key in Exclude<keyof Agreement, 'granted'>]: Agreement[Key] };

/** What the OACK says to one option, `undefined` for nothing; notes it in `state`. */
function grant(
  name: string,
  value: string,
  asked: ReadonlyMap<string, string>,
  context: NegotiationContext,
  state: Granted,
): string | undefined {
  const { policy } = context;
  const number = decimal(value);
  switch (name) {
    case 'blksize':
      if (number < MIN_BLOCK_SIZE || (policy.strict && number > MAX_BLOCK_SIZE)) return outOfRange(name, value, policy);
      state.blockSize = Math.min(number, largestBlock(context));
      return String(state.blockSize);
    case 'blksize2':
      if (!policy.blksize2 || asked.has('blksize')) return undefined;
      if (number < MIN_BLOCK_SIZE) return outOfRange(name, value, policy);
      state.blockSize = 2 ** Math.floor(Math.log2(Math.min(number, largestBlock(context))));
      return String(state.blockSize);
    case 'timeout':
      if (number < 1 || number > 255) return outOfRange(name, value, policy);
      state.cap = number * 1000;
      return value;
    case 'utimeout':
      if (number < 10_000 || number > 255_000_000) return outOfRange(name, value, policy);
      state.cap = number / 1000;
      return value;
    case 'tsize':
      if (number < 0) return outOfRange(name, value, policy);
      if (context.type === 'write') return value;
      if (context.size === undefined || (context.size === 0 && !policy.announceEmpty)) return undefined;
      return String(context.size);
    case 'rollover':
      if (value !== '0' && value !== '1') return outOfRange(name, value, policy);
      if (policy.rollover === 'none') return undefined;
      state.rollover = value === '1' ? 1 : 0;
      return value;
    case 'windowsize':
      if (number < 1 || number > MAX_WINDOW_SIZE) return outOfRange(name, value, policy);
      // The block size may stand after the window in the request: the bytes are limited at the end.
      state.windowSize = Math.min(number, policy.maxWindowSize ?? DEFAULT_MAX_WINDOW, MAX_SAFE_WINDOW);
      return String(state.windowSize);
    default:
      return undefined;
  }
}

function outOfRange(name: string, value: string, policy: OptionPolicy): undefined {
  if (policy.strict) throw new TftpError('TFTP_OPTION_REFUSED', `Bad ${name} ${value}`);
  return undefined;
}

function largestBlock({ policy, mtu, family }: NegotiationContext): number {
  const limit = Math.min(policy.maxBlockSize ?? MAX_BLOCK_SIZE, MAX_BLOCK_SIZE);
  if (policy.mtu === false) return limit;
  return Math.max(MIN_BLOCK_SIZE, Math.min(limit, blockSizeForMtu(policy.mtu ?? mtu ?? 1500, family)));
}

/** The OACK of an agreement, or nothing when no option was granted. */
export function oackOf(agreement: Agreement): Uint8Array | undefined {
  return agreement.granted.length > 0 ? encodeOack(agreement.granted) : undefined;
}

/**
 * What the client takes from an OACK to its own request. An option it did not ask for, a larger block or window, or another
 * timeout breaks the negotiation (RFC 2347: the client "must" send ERROR 8).
 */
export function acceptOack(
  asked: ReadonlyMap<string, string>,
  answered: readonly Option[],
): Agreement & { readonly size: number | undefined } {
  let size: number | undefined;
  const state = { blockSize: DEFAULT_BLOCK_SIZE, windowSize: 1, rollover: 0 as Rollover, cap: Number.POSITIVE_INFINITY };
  for (const [name, value] of optionMap(answered)) {
    const wanted = asked.get(name);
    if (wanted === undefined) throw new TftpError('TFTP_OPTION_REFUSED', `Option ${name} was not asked for`);
    const number = decimal(value);
    const bad = (): never => {
      throw new TftpError('TFTP_OPTION_REFUSED', `Bad ${name} ${value}, asked for ${wanted}`);
    };
    if (name === 'blksize') {
      if (number < MIN_BLOCK_SIZE || number > Number(wanted)) bad();
      state.blockSize = number;
    } else if (name === 'windowsize') {
      if (number < 1 || number > Number(wanted)) bad();
      state.windowSize = Math.min(number, MAX_SAFE_WINDOW);
    } else if (name === 'timeout') {
      if (value !== wanted) bad();
      state.cap = number * 1000;
    } else if (name === 'tsize') {
      if (number < 0) bad();
      size = number;
    } else if (name === 'rollover') {
      if (value !== wanted) bad();
      state.rollover = value === '1' ? 1 : 0;
    }
  }
  return { ...state, granted: answered, size };
}
