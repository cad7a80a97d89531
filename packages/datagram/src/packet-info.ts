import type { Words } from './memory.js';
import { type Endpoint, ipv4Text, ipv4Word, ipv6Bytes, ipv6Text } from './sockaddr.js';
import { scopeOf, zoneOf } from './zone.js';

const IPPROTO_IP = 0;
const IP_PKTINFO = 8;
const IPPROTO_IPV6 = 41;
const IPV6_PKTINFO = 50;
/** `struct cmsghdr` on 64-bit Linux: length, level, type. */
const HEADER = 16;
const LEVEL = 8;
const TYPE = 12;
/** `struct in_pktinfo`: the interface, the address to answer from, the address that stood in the packet. */
const IPV4_LENGTH = HEADER + 12;
const ANSWER_FROM = 4;
/** `struct in6_pktinfo`: the address that stood in the packet, the interface. */
const IPV6_LENGTH = HEADER + 20;
const INTERFACE = 16;

/** Room for the packet info of either family (CMSG_SPACE), in bytes. */
export const PACKET_INFO_SPACE = 40;

function aligned(length: number): number {
  return (length + 7) & ~7;
}

/**
 * The local address that a datagram came to, out of its control messages (ip(7), ipv6(7)): an address of this machine that
 * answers can come from. Where the datagram was sent to a broadcast or IPv4 multicast address it is the one that the kernel
 * chooses on that interface; `undefined` for IPv6 multicast, or where the kernel did not say.
 *
 * @param at where the control messages begin, a multiple of 8
 */
export function readPacketInfo(control: Words, at: number, length: number): string | undefined {
  const { words, bytes } = control;
  const end = at + length;
  for (let header = at; header + HEADER <= end; header += aligned(words[header >> 2]!)) {
    const size = words[header >> 2]!;
    if (size < HEADER || header + size > end) return undefined;
    const [level, type, data] = [words[(header + LEVEL) >> 2], words[(header + TYPE) >> 2], header + HEADER];
    if (level === IPPROTO_IP && type === IP_PKTINFO && size >= IPV4_LENGTH) {
      const address = words[(data + ANSWER_FROM) >> 2]!;
      return address === 0 ? undefined : ipv4Text(address);
    }
    if (level === IPPROTO_IPV6 && type === IPV6_PKTINFO && size >= IPV6_LENGTH) {
      if (bytes[data] === 0xff) return undefined;
      const isLinkLocal = bytes[data] === 0xfe && (bytes[data + 1]! & 0xc0) === 0x80;
      return ipv6Text(bytes, data) + (isLinkLocal ? zoneOf(words[(data + INTERFACE) >> 2]!) : '');
    }
  }
  return undefined;
}

/** The control message that lets a datagram leave from this address, in 32-bit words; its room is a multiple of 8 bytes. */
export function packetInfo({ address, family }: Pick<Endpoint, 'address' | 'family'>): Uint32Array {
  const isIPv6 = family === 'IPv6';
  const length = isIPv6 ? IPV6_LENGTH : IPV4_LENGTH;
  const words = new Uint32Array(aligned(length) / 4);
  words[0] = length;
  words[LEVEL / 4] = isIPv6 ? IPPROTO_IPV6 : IPPROTO_IP;
  words[TYPE / 4] = isIPv6 ? IPV6_PKTINFO : IP_PKTINFO;
  if (isIPv6) {
    new Uint8Array(words.buffer).set(ipv6Bytes(address), HEADER);
    words[(HEADER + INTERFACE) / 4] = scopeOf(address);
  } else {
    words[(HEADER + ANSWER_FROM) / 4] = ipv4Word(address);
  }
  return words;
}
