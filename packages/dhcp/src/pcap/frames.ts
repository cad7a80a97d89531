import { DhcpError } from '../issue.js';

/** One captured frame. */
export interface Frame {
  /** From 1. */
  number: number;
  /** Nanoseconds since 1970. */
  time: bigint;
  /** What the frame begins with: a number of the tcpdump group's list of link types. */
  linkType: number;
  /** A view of the file, as much of the frame as was captured. */
  bytes: Uint8Array;
}

const MICROSECONDS = 0xa1b2c3d4;
const NANOSECONDS = 0xa1b23c4d;
const SECTION = 0x0a0d0d0a;
const BYTE_ORDER = 0x1a2b3c4d;
const INTERFACE = 1;
const OLD_PACKET = 2;
const SIMPLE_PACKET = 3;
const ENHANCED_PACKET = 6;
const BILLION = 1_000_000_000n;

/** Whether bytes begin as a pcap or pcapng file does. */
export function isCapture(file: Uint8Array): boolean {
  if (file.length < 12) return false;
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  return [true, false].some((little) => [MICROSECONDS, NANOSECONDS, SECTION].includes(view.getUint32(0, little)));
}

/**
 * The frames of a pcap file (microseconds or nanoseconds, either byte order) or a pcapng file. A file that ends within a frame
 * gives the frames before, then throws. Throws `DhcpError` `DHCP_PCAP` for that and for anything else.
 */
export function* readFrames(file: Uint8Array): Generator<Frame> {
  if (!isCapture(file)) throw new DhcpError('DHCP_PCAP', 'The file is neither pcap nor pcapng.', 0);
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  if (view.getUint32(0) === SECTION) yield* readPcapng(file, view);
  else yield* readPcap(file, view);
}

function* readPcap(file: Uint8Array, view: DataView): Generator<Frame> {
  const little = [MICROSECONDS, NANOSECONDS].includes(view.getUint32(0, true));
  const unit = view.getUint32(0, little) === NANOSECONDS ? 1n : 1000n;
  if (file.length < 24) throw new DhcpError('DHCP_PCAP', 'The file ends within its header.', file.length);
  // The upper bits say how many octets of checksum end a frame.
  const linkType = view.getUint32(20, little) & 0x0fffffff;
  let at = 24;
  let number = 1;
  for (; at + 16 <= file.length; number++) {
    const size = view.getUint32(at + 8, little);
    if (at + 16 + size > file.length) endsWithin(number, at);
    const time = BigInt(view.getUint32(at, little)) * BILLION + BigInt(view.getUint32(at + 4, little)) * unit;
    yield { number, time, linkType, bytes: file.subarray(at + 16, at + 16 + size) };
    at += 16 + size;
  }
  if (at < file.length) endsWithin(number, at);
}

function endsWithin(number: number, offset: number): never {
  throw new DhcpError('DHCP_PCAP', `The file ends within frame ${number}.`, offset);
}

interface Interface {
  linkType: number;
  snapLength: number;
  /** Nanoseconds for `ticks`. */
  nanoseconds: bigint;
  ticks: bigint;
}

function* readPcapng(file: Uint8Array, view: DataView): Generator<Frame> {
  let little = true;
  let interfaces: Interface[] = [];
  let at = 0;
  let number = 0;
  while (at + 12 <= file.length) {
    const isSection = view.getUint32(at) === SECTION;
    if (isSection) {
      little = view.getUint32(at + 8, true) === BYTE_ORDER;
      if (!little && view.getUint32(at + 8) !== BYTE_ORDER) throw new DhcpError('DHCP_PCAP', 'A section has no byte order mark.', at + 8);
      interfaces = [];
    }
    const type = view.getUint32(at, little);
    const size = view.getUint32(at + 4, little);
    if (size < 12 || size % 4 !== 0) throw new DhcpError('DHCP_PCAP', `A block of ${size} octets cannot be.`, at + 4);
    if (at + size > file.length) endsWithin(number + 1, at);
    const end = at + size - 4;
    const body = at + 8;
    if (type === INTERFACE && body + 8 <= end) interfaces.push(readInterface(view, body, end, little));
    else if ((type === ENHANCED_PACKET || type === OLD_PACKET) && body + 20 <= end) {
      const from = interfaces[type === ENHANCED_PACKET ? view.getUint32(body, little) : view.getUint16(body, little)];
      const captured = view.getUint32(body + 12, little);
      number++;
      if (from && body + 20 + captured <= end) {
        const stamp = (BigInt(view.getUint32(body + 4, little)) << 32n) | BigInt(view.getUint32(body + 8, little));
        const time = (stamp * from.nanoseconds) / from.ticks;
        yield { number, time, linkType: from.linkType, bytes: file.subarray(body + 20, body + 20 + captured) };
      }
    } else if (type === SIMPLE_PACKET && body + 4 <= end) {
      const from = interfaces[0];
      number++;
      const captured = Math.min(view.getUint32(body, little), from?.snapLength || Number.POSITIVE_INFINITY, end - body - 4);
      if (from) yield { number, time: 0n, linkType: from.linkType, bytes: file.subarray(body + 4, body + 4 + captured) };
    }
    at += size;
  }
  if (at < file.length) endsWithin(number + 1, at);
}

function readInterface(view: DataView, body: number, end: number, little: boolean): Interface {
  const found: Interface = {
    linkType: view.getUint16(body, little),
    snapLength: view.getUint32(body + 4, little),
    nanoseconds: 1000n,
    ticks: 1n,
  };
  let at = body + 8;
  while (at + 4 <= end) {
    const code = view.getUint16(at, little);
    const size = view.getUint16(at + 2, little);
    if (code === 0) break;
    // if_tsresol: a power of ten, or of two when the top bit is set.
    if (code === 9 && size === 1 && at + 4 < end) {
      const resolution = view.getUint8(at + 4);
      found.nanoseconds = BILLION;
      found.ticks = resolution & 0x80 ? 1n << BigInt(resolution & 0x7f) : 10n ** BigInt(resolution);
    }
    at += 4 + Math.ceil(size / 4) * 4;
  }
  return found;
}
