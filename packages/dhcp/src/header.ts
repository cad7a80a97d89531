/// <reference path="./buffer-layout.d.ts" />
import layout from 'buffer-layout';
import { formatHex, formatIpv4, parseIpv4, writeHex } from './address.js';
import { DhcpError } from './issue.js';
import type { Message, Option, Wire } from './message.js';
import { readTextToNul, writeText } from './text.js';

/** The fixed part of a message (RFC 951, section 3; RFC 2131, figure 1). */
export const HEADER = layout.struct([
  layout.u8('op'),
  layout.u8('htype'),
  layout.u8('hlen'),
  layout.u8('hops'),
  layout.u32be('xid'),
  layout.u16be('secs'),
  layout.u16be('flags'),
  layout.blob(4, 'ciaddr'),
  layout.blob(4, 'yiaddr'),
  layout.blob(4, 'siaddr'),
  layout.blob(4, 'giaddr'),
  layout.blob(16, 'chaddr'),
  layout.blob(64, 'sname'),
  layout.blob(128, 'file'),
]);

export const HEADER_SIZE = HEADER.span;

const offsetOf = (field: string): number => HEADER.offsetOf(field)!;
const XID = offsetOf('xid');
const SECS = offsetOf('secs');
const FLAGS = offsetOf('flags');
const CIADDR = offsetOf('ciaddr');
const YIADDR = offsetOf('yiaddr');
const SIADDR = offsetOf('siaddr');
const GIADDR = offsetOf('giaddr');
const CHADDR = offsetOf('chaddr');
export const SNAME = offsetOf('sname');
export const FILE = offsetOf('file');
const CHADDR_SIZE = SNAME - CHADDR;

export type Header = Omit<Message, 'options' | 'wire'>;

// The layout above is the one place that says where a field stands. It is not run for every message: building its fourteen fields
// one by one, four of them as Buffers, takes several times as long as all the rest of `decode`. A test holds both readings equal.

/** A message of the fields in the first 236 octets, which must be there. `wire.overload` says which name fields carry options, not text. */
export function readHeader(bytes: Uint8Array, options: Option[], wire: Wire): Message {
  const hlen = bytes[2]!;
  const { overload } = wire;
  return {
    op: bytes[0]!,
    htype: bytes[1]!,
    hlen,
    hops: bytes[3]!,
    xid: ((bytes[XID]! << 24) | (bytes[XID + 1]! << 16) | (bytes[XID + 2]! << 8) | bytes[XID + 3]!) >>> 0,
    secs: (bytes[SECS]! << 8) | bytes[SECS + 1]!,
    flags: (bytes[FLAGS]! << 8) | bytes[FLAGS + 1]!,
    ciaddr: formatIpv4(bytes, CIADDR),
    yiaddr: formatIpv4(bytes, YIADDR),
    siaddr: formatIpv4(bytes, SIADDR),
    giaddr: formatIpv4(bytes, GIADDR),
    chaddr: formatHex(bytes, ':', CHADDR, CHADDR + Math.min(hlen, CHADDR_SIZE)),
    sname: overload & 2 ? '' : readTextToNul(bytes, SNAME, FILE),
    file: overload & 1 ? '' : readTextToNul(bytes, FILE, HEADER_SIZE),
    options,
    wire,
  };
}

function bad(field: string, value: unknown, expected: string): never {
  throw new DhcpError('DHCP_ENCODE_FIELD', `${field} is ${JSON.stringify(value)}, ${expected} expected.`);
}

function octet(out: Uint8Array, at: number, field: string, value: number): void {
  if (!(value >= 0 && value <= 255 && Number.isInteger(value))) bad(field, value, 'a number from 0 to 255');
  out[at] = value;
}

function word(out: Uint8Array, at: number, field: string, value: number): void {
  if (!(value >= 0 && value <= 0xffff && Number.isInteger(value))) bad(field, value, 'a number from 0 to 65535');
  out[at] = value >>> 8;
  out[at + 1] = value;
}

function double(out: Uint8Array, at: number, value: number): void {
  out[at] = value >>> 24;
  out[at + 1] = value >>> 16;
  out[at + 2] = value >>> 8;
  out[at + 3] = value;
}

function address(out: Uint8Array, at: number, field: string, value: string): void {
  const number = typeof value === 'string' ? parseIpv4(value) : undefined;
  double(out, at, number ?? bad(field, value, 'an IPv4 address'));
}

function text(out: Uint8Array, start: number, end: number, field: string, value: string): void {
  if (readTextToNul(out, start, end) === value) return;
  if (typeof value !== 'string') bad(field, value, 'text');
  const size = writeText(out, start, end, value);
  if (size < 0) bad(field, value, `text without NUL of at most ${end - start - 1} octets`);
  out.fill(0, start + size, end);
}

/**
 * Writes the fields over `out`, which holds zeros or the datagram that the message was read from: octets that no field stands for
 * (after the hardware address, after a NUL) stay as they are. Throws `DhcpError` `DHCP_ENCODE_FIELD`.
 */
export function writeHeader(out: Uint8Array, message: Header, overload: number): void {
  octet(out, 0, 'op', message.op);
  octet(out, 1, 'htype', message.htype);
  octet(out, 2, 'hlen', message.hlen);
  octet(out, 3, 'hops', message.hops);
  const { xid } = message;
  if (!(xid >= 0 && xid <= 0xffffffff && Number.isInteger(xid))) bad('xid', xid, 'a number of 32 bits');
  double(out, XID, xid);
  word(out, SECS, 'secs', message.secs);
  word(out, FLAGS, 'flags', message.flags);
  address(out, CIADDR, 'ciaddr', message.ciaddr);
  address(out, YIADDR, 'yiaddr', message.yiaddr);
  address(out, SIADDR, 'siaddr', message.siaddr);
  address(out, GIADDR, 'giaddr', message.giaddr);
  const { chaddr } = message;
  const size = typeof chaddr === 'string' ? writeHex(chaddr, out, CHADDR, SNAME) : -1;
  if (size !== Math.min(message.hlen, CHADDR_SIZE)) bad('chaddr', chaddr, `hex of ${message.hlen} octets (hlen)`);
  if (overload & 2 ? message.sname !== '' : true) text(out, SNAME, FILE, 'sname', message.sname);
  if (overload & 1 ? message.file !== '' : true) text(out, FILE, HEADER_SIZE, 'file', message.file);
}
