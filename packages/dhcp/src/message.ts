import type { Issue } from './issue.js';

/** Where an option stood: the option area, or one of the two header fields that option 52 opens for options (RFC 2131, 4.1). */
export type Region = 'options' | 'file' | 'sname';

/**
 * One option as it stands on the wire: a code and its bytes. Options are values: to change one, put another in its place. Name the fields
 * that it keeps (`{ code, data, region: 'file' }`): `data` may be made when it is asked for, and a spread would miss it.
 * What the bytes mean is read by `get`, `read` and `valueOf` through a registry, and only when asked.
 */
export interface Option {
  /** 1 to 254. Pad (0) and End (255) are not listed; `decode` keeps them in `Message.wire`. */
  readonly code: number;
  readonly region: Region;
  /** The bytes after the length octet, a view of the decoded datagram: at most 255 on the wire, any number before encoding. */
  readonly data: Uint8Array;
  /** Byte offset of the code octet in the datagram it was decoded from. */
  readonly offset?: number;
}

/**
 * A BOOTP or DHCPv4 message (RFC 951, RFC 2131) as plain data. Change the fields freely, spread it, build it by hand.
 * Addresses are dotted strings.
 */
export interface Message {
  /** 1 BOOTREQUEST, 2 BOOTREPLY. */
  op: number;
  /** Hardware type (1 Ethernet, 6 IEEE 802, 32 InfiniBand). */
  htype: number;
  /** Length of the hardware address in octets, 0 to 16; what the wire said even when that is more. */
  hlen: number;
  hops: number;
  /** Transaction, 0 to 0xffffffff. */
  xid: number;
  /** Seconds since the client began. */
  secs: number;
  /** 16 bits; 0x8000 is the broadcast flag. */
  flags: number;
  ciaddr: string;
  yiaddr: string;
  siaddr: string;
  giaddr: string;
  /** The first `hlen` (at most 16) octets of the hardware address, as lower-case hex with colons. */
  chaddr: string;
  /** Server host name, up to the first NUL; empty when the field carries options. */
  sname: string;
  /** Boot file name, up to the first NUL; empty when the field carries options. */
  file: string;
  /** Every option in order, duplicates kept: the option area first, then `file`, then `sname`. */
  options: Option[];
  /** What `decode` read this from. With it `encode` gives back the bytes that no field holds: padding, text after a NUL, trailing garbage. */
  wire?: Wire;
}

export interface Wire {
  /** The whole datagram: a view, not a copy. */
  readonly bytes: Uint8Array;
  /** How many options were read from it. */
  readonly count: number;
  /** 0 when the option area starts with no magic cookie (plain RFC 951), else the value of option 52: 0 to 3. */
  readonly overload: number;
  /** Whether the RFC 1497 magic cookie 99.130.83.99 was there. */
  readonly cookie: boolean;
}

export interface Decoded {
  message: Message;
  /** What was wrong, in the order it was found. Empty for a clean message. */
  issues: Issue[];
}

export const BOOTREQUEST = 1;
export const BOOTREPLY = 2;

/** The flag that asks for a broadcast answer (RFC 2131, figure 2). */
export const BROADCAST_FLAG = 0x8000;

/** Values of option 53 (RFC 2132, 3203, 4388, 6926, 7724). */
export const MessageType = {
  DISCOVER: 1,
  OFFER: 2,
  REQUEST: 3,
  DECLINE: 4,
  ACK: 5,
  NAK: 6,
  RELEASE: 7,
  INFORM: 8,
  FORCERENEW: 9,
  LEASEQUERY: 10,
  LEASEUNASSIGNED: 11,
  LEASEUNKNOWN: 12,
  LEASEACTIVE: 13,
  BULKLEASEQUERY: 14,
  LEASEQUERYDONE: 15,
  ACTIVELEASEQUERY: 16,
  LEASEQUERYSTATUS: 17,
  TLS: 18,
} as const;

export type MessageTypeName = keyof typeof MessageType;

const TYPE_NAMES = new Map<number, MessageTypeName>(Object.entries(MessageType).map(([name, code]) => [code, name as MessageTypeName]));

/** `DISCOVER` for 1, and so on; undefined for a type that no RFC defines. */
export function messageTypeName(type: number): MessageTypeName | undefined {
  return TYPE_NAMES.get(type);
}
