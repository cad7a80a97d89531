import { formatHex, formatIpv4 } from '../address.js';
import type { Endpoint } from '../destination.js';
import type { Frame } from './frames.js';
import { readLink } from './link.js';

/** A UDP datagram of DHCP or TFTP in a capture. */
export interface Datagram {
  protocol: 'dhcp' | 'tftp';
  /** Number of the frame in the file, from 1. */
  frame: number;
  /** Nanoseconds since 1970. */
  time: bigint;
  source: Endpoint;
  destination: Endpoint;
  /** Hardware address of the sender as hex with colons; empty when the link has none. */
  hardware: string;
  /** VLAN identifiers, outermost first. */
  vlans: number[];
  payload: Uint8Array;
  /** The payload is not whole: the capture cut the frame, or this is the first of several IP fragments. */
  truncated?: 'capture' | 'fragment';
}

/** Ports of DHCP servers and clients and of PXE boot servers. */
const DHCP_PORTS = new Set([67, 68, 4011]);
const TFTP_PORT = 69;
const UDP = 17;

/**
 * The DHCP and TFTP datagrams among frames, in order. A TFTP transfer goes on between ports of its own: it is followed from the
 * request to port 69 by the client's address and port. Of fragmented datagrams the first fragment is given, marked so.
 */
export function* datagrams(frames: Iterable<Frame>): Generator<Datagram> {
  const transfers = new Set<string>();
  for (const frame of frames) {
    const udp = readUdp(frame);
    if (!udp) continue;
    const { source, destination } = udp;
    const from = `${source.address}:${source.port}`;
    const to = `${destination.address}:${destination.port}`;
    if (destination.port === TFTP_PORT) transfers.add(from);
    if (DHCP_PORTS.has(source.port) || DHCP_PORTS.has(destination.port)) yield { protocol: 'dhcp', ...udp };
    else if (transfers.has(from) || transfers.has(to)) yield { protocol: 'tftp', ...udp };
  }
}

function readUdp({ number, time, linkType, bytes }: Frame): Omit<Datagram, 'protocol'> | undefined {
  const link = readLink(bytes, linkType);
  if (!link) return undefined;
  const { start } = link;
  const word = (at: number) => bytes[at]! * 256 + bytes[at + 1]!;
  if (start + 20 > bytes.length || bytes[start + 9] !== UDP) return undefined;
  const fragment = word(start + 6);
  // Only the first fragment has the UDP header.
  if ((fragment & 0x1fff) !== 0) return undefined;
  const udp = start + (bytes[start]! & 15) * 4;
  if (udp < start + 20 || udp + 8 > bytes.length) return undefined;
  const end = udp + Math.max(8, word(udp + 4));
  const more = (fragment & 0x2000) !== 0;
  const whole = end <= bytes.length && !more;
  // A frame may be padded behind the IP packet: a fragment ends where the packet does.
  const packetEnd = Math.min(bytes.length, start + Math.max(word(start + 2), udp + 8 - start));
  return {
    frame: number,
    time,
    source: { address: formatIpv4(bytes, start + 12), port: word(udp) },
    destination: { address: formatIpv4(bytes, start + 16), port: word(udp + 2) },
    hardware: link.hardware ? formatHex(link.hardware, ':') : '',
    vlans: link.vlans,
    payload: bytes.subarray(udp + 8, whole ? end : Math.min(end, packetEnd)),
    ...(whole ? {} : { truncated: more ? 'fragment' : 'capture' }),
  };
}
