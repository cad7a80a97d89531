import type { DhcpCode } from './codes.js';
import { FILE, HEADER_SIZE, readHeader, SNAME } from './header.js';
import { DhcpError, type Issue } from './issue.js';
import type { Decoded, Option, Region } from './message.js';
import type { OptionTable, Registry } from './options/registry.js';
import { StoredOption } from './stored-option.js';
import { check } from './values.js';
import { skipZeros } from './zeros.js';

export interface DecodeOptions {
  /**
   * Most options that are read. What stands behind them is kept for `encode` and named by an issue, `DHCP_TOO_MANY`. An option costs as
   * much as twenty octets and can be made of two: without a bound, a datagram full of empty ones would take many times as long as a real
   * one of its size. Default 1024, more than fit into an Ethernet frame; `Infinity` reads all there are.
   */
  maxOptions?: number;
  /** Throw the first issue as a `DhcpError` instead of listing it. Values are read too. Default false. */
  strict?: boolean;
  /** Read the value of every option and list what is wrong with it. Default false: values are read when they are asked for. */
  check?: boolean;
  /** The registry that values are checked with. Default: `STANDARD`. */
  registry?: Registry<OptionTable>;
}

const PAD = 0;
const OVERLOAD = 52;
const END = 255;
const MAX_OPTIONS = 1024;
/** The option area begins behind the cookie. */
export const OPTIONS_START = HEADER_SIZE + 4;

/**
 * Reads a UDP payload. The message holds views of `bytes`: copy them first when they will be written over.
 * Throws `DhcpError` `DHCP_NOT_BOOTP` for fewer than 236 octets, and with `strict` for anything that is wrong.
 */
export function decode(
  bytes: Uint8Array,
  { maxOptions = MAX_OPTIONS, strict = false, check: checkValues = strict, registry }: DecodeOptions = {},
): Decoded {
  if (bytes.length < HEADER_SIZE) {
    throw new DhcpError('DHCP_NOT_BOOTP', `A BOOTP message has at least ${HEADER_SIZE} octets, this one ${bytes.length}.`, bytes.length);
  }
  const issues: Issue[] = [];
  const report = (code: DhcpCode, message: string, offset: number): void => {
    if (strict) throw new DhcpError(code, message, offset);
    issues.push({ code, message, offset });
  };
  if (bytes[0] !== 1 && bytes[0] !== 2) report('DHCP_OP_UNKNOWN', `${bytes[0]} is neither BOOTREQUEST nor BOOTREPLY.`, 0);
  if (bytes[2]! > 16) report('DHCP_HLEN_TOO_LONG', `A hardware address of ${bytes[2]} octets does not fit 16.`, 2);

  const options: Option[] = [];
  const cookie = hasCookie(bytes);
  let overload = 0;
  if (cookie) {
    const read = { bytes, options, maxOptions, report };
    overload = readArea(read, OPTIONS_START, bytes.length, 'options');
    if (overload & 1) readArea(read, FILE, HEADER_SIZE, 'file');
    if (overload & 2) readArea(read, SNAME, FILE, 'sname');
  } else {
    report('DHCP_COOKIE_MISSING', 'No magic cookie 99.130.83.99: no options were read.', HEADER_SIZE);
  }

  const message = readHeader(bytes, options, { bytes, count: options.length, overload, cookie });
  if (checkValues) for (const issue of check(message, registry)) report(issue.code, issue.message, issue.offset);
  return { message, issues };
}

function hasCookie(bytes: Uint8Array): boolean {
  const at = HEADER_SIZE;
  return bytes.length >= OPTIONS_START && bytes[at] === 99 && bytes[at + 1] === 130 && bytes[at + 2] === 83 && bytes[at + 3] === 99;
}

type Report = (code: DhcpCode, message: string, offset: number) => void;

interface Reading {
  bytes: Uint8Array;
  /** What was read so far, of all areas. */
  options: Option[];
  maxOptions: number;
  report: Report;
}

/** Reads the options of one area onto `options`. The result is the overload that the area asks for. */
function readArea({ bytes, options, maxOptions, report }: Reading, start: number, end: number, region: Region): number {
  let overload = 0;
  /** Said once for an area that is full of it. */
  let misused = false;
  let at = start;
  while (at < end) {
    const code = bytes[at]!;
    if (code === PAD) {
      at = skipZeros(bytes, at + 1, end);
      continue;
    }
    if (code === END) {
      if (region === 'options') reportGarbage(bytes, at + 1, end, report);
      return overload;
    }
    if (options.length >= maxOptions) {
      report('DHCP_TOO_MANY', `${maxOptions} options were read; ${end - at} octets behind them were not.`, at);
      return overload;
    }
    const size = at + 1 < end ? bytes[at + 1]! : -1;
    if (size < 0 || at + 2 + size > end) {
      const left = Math.max(0, end - at - 2);
      report('DHCP_OPTION_TRUNCATED', `Option ${code} says ${size < 0 ? 'no length' : `${size} octets`}, ${left} are left.`, at);
      options.push(new StoredOption(code, region, bytes, at + 2, left, at));
      return overload;
    }
    options.push(new StoredOption(code, region, bytes, at + 2, size, at));
    if (code === OVERLOAD) {
      const value = size > 0 ? bytes[at + 2]! : 0;
      if (region === 'options' && overload === 0 && value >= 1 && value <= 3) overload = value;
      else if (!misused) {
        misused = true;
        report('DHCP_OVERLOAD_INVALID', 'Option 52 is misplaced, repeated, or not 1, 2 or 3.', at);
      }
    }
    at += 2 + size;
  }
  report('DHCP_END_MISSING', `The ${region === 'options' ? 'option area' : `field ${region}`} has no End option.`, end);
  return overload;
}

function reportGarbage(bytes: Uint8Array, start: number, end: number, report: Report): void {
  const at = skipZeros(bytes, start, end);
  if (at < end) report('DHCP_AFTER_END', `${end - at} octets follow the End option.`, at);
}
