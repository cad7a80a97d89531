import { ipv6Bytes } from '@pxekit/datagram/native';
import type { Endpoint } from '../types.js';
import type { RecordedDatagram } from './record.js';

/** LINKTYPE_RAW: the packets begin with their IP header. */
const LINKTYPE_RAW = 101;
const UDP = 17;

/** Datagrams as a pcap file with made-up IP and UDP headers. */
export function pcapOf(datagrams: readonly RecordedDatagram[]): Uint8Array {
  const header = Buffer.alloc(24);
  header.writeUInt32LE(0xa1b2c3d4, 0);
  header.writeUInt16LE(2, 4);
  header.writeUInt16LE(4, 6);
  header.writeUInt32LE(0x40000, 16);
  header.writeUInt32LE(LINKTYPE_RAW, 20);
  const parts: Uint8Array[] = [header];
  for (const datagram of datagrams) {
    const packet = ipPacket(datagram);
    const meta = Buffer.alloc(16);
    const micros = Math.round(datagram.at * 1000);
    meta.writeUInt32LE(Math.floor(micros / 1e6), 0);
    meta.writeUInt32LE(micros % 1e6, 4);
    meta.writeUInt32LE(packet.length, 8);
    meta.writeUInt32LE(packet.length, 12);
    parts.push(meta, packet);
  }
  return Buffer.concat(parts);
}

function ipPacket({ from, to, data }: RecordedDatagram): Buffer {
  const udp = Buffer.alloc(8);
  udp.writeUInt16BE(from.port, 0);
  udp.writeUInt16BE(to.port, 2);
  udp.writeUInt16BE((8 + data.length) & 0xffff, 4);
  const header = from.family === 'IPv6' ? ipv6Header(from, to, 8 + data.length) : ipv4Header(from, to, 8 + data.length);
  return Buffer.concat([header, udp, data]);
}

function ipv4Header(from: Endpoint, to: Endpoint, length: number): Buffer {
  const header = Buffer.alloc(20);
  header[0] = 0x45;
  header.writeUInt16BE(20 + length, 2);
  header[8] = 64;
  header[9] = UDP;
  header.set(from.address.split('.').map(Number), 12);
  header.set(to.address.split('.').map(Number), 16);
  let sum = 0;
  for (let at = 0; at < 20; at += 2) sum += header.readUInt16BE(at);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
  header.writeUInt16BE(~sum & 0xffff, 10);
  return header;
}

function ipv6Header(from: Endpoint, to: Endpoint, length: number): Buffer {
  const header = Buffer.alloc(40);
  header[0] = 0x60;
  header.writeUInt16BE(length, 4);
  header[6] = UDP;
  header[7] = 64;
  header.set(ipv6Bytes(from.address), 8);
  header.set(ipv6Bytes(to.address), 24);
  return header;
}
