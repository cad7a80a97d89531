import { parseHex, parseIpv4 } from '../address.js';
import type { Endpoint } from '../destination.js';
import { DhcpError } from '../issue.js';
import { LinkType } from './link.js';

export interface DatagramToWrite {
  /** Nanoseconds since 1970. Default 0. */
  time?: bigint;
  source: Endpoint;
  destination: Endpoint;
  /** Hardware address of the sender. Default 02:00:00:00:00:00. */
  hardware?: string;
  payload: Uint8Array;
}

const ETHERNET = 14;
const IPV4 = 20;
const UDP = 8;
const BROADCAST = 0xffffffff;

/** A pcap file (nanoseconds, Ethernet) of UDP datagrams, with right checksums. Throws `DhcpError` `DHCP_ENCODE_FIELD`. */
export function writeCapture(datagrams: Iterable<DatagramToWrite>): Uint8Array {
  const frames = Array.from(datagrams, frameOf);
  const out = new Uint8Array(frames.reduce((sum, { bytes }) => sum + 16 + bytes.length, 24));
  const view = new DataView(out.buffer);
  view.setUint32(0, 0xa1b23c4d, true);
  view.setUint16(4, 2, true);
  view.setUint16(6, 4, true);
  view.setUint32(16, 0x40000, true);
  view.setUint32(20, LinkType.ETHERNET, true);
  let at = 24;
  for (const { time, bytes } of frames) {
    view.setUint32(at, Number(time / 1_000_000_000n), true);
    view.setUint32(at + 4, Number(time % 1_000_000_000n), true);
    view.setUint32(at + 8, bytes.length, true);
    view.setUint32(at + 12, bytes.length, true);
    out.set(bytes, at + 16);
    at += 16 + bytes.length;
  }
  return out;
}

function addressOf({ address }: Endpoint): number {
  const number = parseIpv4(address);
  if (number === undefined) throw new DhcpError('DHCP_ENCODE_FIELD', `"${address}" is no IPv4 address.`);
  return number;
}

function frameOf({ time = 0n, source, destination, hardware = '02:00:00:00:00:00', payload }: DatagramToWrite): {
  time: bigint;
  bytes: Uint8Array;
} {
  const length = IPV4 + UDP + payload.length;
  if (length > 0xffff) throw new DhcpError('DHCP_ENCODE_FIELD', `${payload.length} octets do not fit a UDP datagram.`);
  const bytes = new Uint8Array(ETHERNET + length);
  const view = new DataView(bytes.buffer);
  const to = addressOf(destination);
  bytes.fill(to === BROADCAST ? 255 : 2, 0, 1);
  bytes.fill(to === BROADCAST ? 255 : 0, 1, 6);
  bytes.set(parseHex(hardware)?.subarray(0, 6) ?? [], 6);
  view.setUint16(12, 0x0800);
  const ip = ETHERNET;
  bytes[ip] = 0x45;
  view.setUint16(ip + 2, length);
  bytes[ip + 8] = 64;
  bytes[ip + 9] = 17;
  view.setUint32(ip + 12, addressOf(source));
  view.setUint32(ip + 16, to);
  view.setUint16(ip + 10, checksum(bytes, ip, ip + IPV4));
  const udp = ip + IPV4;
  view.setUint16(udp, source.port);
  view.setUint16(udp + 2, destination.port);
  view.setUint16(udp + 4, UDP + payload.length);
  bytes.set(payload, udp + UDP);
  // The pseudo header: both addresses, the protocol and the length of the UDP part.
  view.setUint16(udp + 6, checksum(bytes, ip + 12, bytes.length, 17 + UDP + payload.length) || 0xffff);
  return { time, bytes };
}

/** The Internet checksum (RFC 1071). */
function checksum(bytes: Uint8Array, start: number, end: number, initial = 0): number {
  let sum = initial;
  for (let at = start; at < end; at += 2) sum += bytes[at]! * 256 + (at + 1 < end ? bytes[at + 1]! : 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + Math.floor(sum / 0x10000);
  return ~sum & 0xffff;
}
