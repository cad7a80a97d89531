import { allocate } from './arena.js';
import { OPTIONS_START } from './decode.js';
import { FILE, HEADER_SIZE, SNAME, writeHeader } from './header.js';
import { DhcpError } from './issue.js';
import type { Message, Option, Region } from './message.js';
import { isUntouched, StoredOption, sizeOf } from './stored-option.js';

/** Old relays and BOOTP servers drop anything shorter (RFC 1542, 2.1). */
export const MIN_SIZE = 300;

const OVERLOAD_BIT: Record<Region, number> = { options: 0, file: 1, sname: 2 };

/**
 * Writes a message as it stands: options in their order and region. A decoded message whose options were not touched gives the
 * octets it was read from, padding and trailing garbage included, with changed header fields written over them. Otherwise the
 * options are laid out one after another, options over 255 octets in parts (RFC 3396), and the whole padded to 300 octets.
 * The result may be a view of a buffer that other messages share: use `byteOffset` and `length` with its `buffer`.
 * Throws `DhcpError` `DHCP_ENCODE_FIELD` or `DHCP_ENCODE_OPTION`.
 */
export function encode(message: Message): Uint8Array {
  const { wire, options } = message;
  if (wire && isUntouched(options, wire.bytes, wire.count)) {
    const out = allocate(wire.bytes.length);
    out.set(wire.bytes);
    writeHeader(out, message, wire.overload);
    return out;
  }
  let size = 0;
  let overload = 0;
  let declared = 0;
  for (const option of options) {
    const { code, region } = option;
    if (region === 'options') {
      size += optionSize(option);
      if (code === 52 && declared === 0) declared = overloadOf(option);
    } else overload |= OVERLOAD_BIT[region];
  }
  if ((overload & ~declared) !== 0) {
    throw new DhcpError('DHCP_ENCODE_OPTION', `Options stand in ${overload === 2 ? 'sname' : 'file'}, but option 52 does not say so.`);
  }
  const out = allocate(Math.max(MIN_SIZE, OPTIONS_START + size + 1));
  writeHeader(out, message, 0);
  writeCookie(out);
  out[writeArea(out, OPTIONS_START, out.length, options, 'options')] = 255;
  if (declared & 1) writeField(out, FILE, HEADER_SIZE, message, 'file');
  if (declared & 2) writeField(out, SNAME, FILE, message, 'sname');
  return out;
}

/** What an option 52 opens; nothing when it is none that a reader would follow. */
function overloadOf({ data }: Option): number {
  const value = data[0] ?? 0;
  return value <= 3 ? value : 0;
}

function writeCookie(out: Uint8Array): void {
  out[HEADER_SIZE] = 99;
  out[HEADER_SIZE + 1] = 130;
  out[HEADER_SIZE + 2] = 83;
  out[HEADER_SIZE + 3] = 99;
}

function writeField(out: Uint8Array, start: number, end: number, message: Message, region: 'file' | 'sname'): void {
  if (message[region] !== '') {
    throw new DhcpError('DHCP_ENCODE_FIELD', `${region} is "${message[region]}", but option 52 gives the field to options.`);
  }
  out[writeArea(out, start, end - 1, message.options, region)] = 255;
}

/** Octets an option takes: its data and a code and length for every 255 of it. */
export function optionSize(option: Option): number {
  const size = sizeOf(option);
  return size <= 255 ? size + 2 : size + 2 * Math.ceil(size / 255);
}

function writeArea(out: Uint8Array, start: number, end: number, options: readonly Option[], region: Region): number {
  let at = start;
  for (const option of options) {
    if (option.region !== region) continue;
    const { code } = option;
    if (at + optionSize(option) > end) throw new DhcpError('DHCP_ENCODE_OPTION', `Option ${code} does not fit into ${region}.`);
    if (!(code >= 1 && code <= 254 && Number.isInteger(code)))
      throw new DhcpError('DHCP_ENCODE_OPTION', `${code} is no code of an option.`);
    at =
      option instanceof StoredOption
        ? writeOption(out, at, code, option.source, option.start, option.size)
        : writeOption(out, at, code, option.data, 0, option.data.length);
  }
  return at;
}

/** Writes an option of `size` octets of `source`, in parts of 255 when there are more, and gives the place behind it. */
function writeOption(out: Uint8Array, to: number, code: number, source: Uint8Array, start: number, size: number): number {
  const end = start + size;
  let at = to;
  let from = start;
  do {
    const part = Math.min(255, end - from);
    out[at] = code;
    out[at + 1] = part;
    copy(source, from, part, out, at + 2);
    at += 2 + part;
    from += part;
  } while (from < end);
  return at;
}

/** Most options are a few octets: a loop is done before `set` has begun. */
function copy(data: Uint8Array, from: number, size: number, out: Uint8Array, at: number): void {
  if (size > 48) out.set(data.subarray(from, from + size), at);
  else for (let i = 0; i < size; i++) out[at + i] = data[from + i]!;
}
