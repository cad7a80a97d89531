/** Link types of capture files (the tcpdump group's list) that hold IPv4. */
export const LinkType = {
  NULL: 0,
  ETHERNET: 1,
  RAW_BSD: 12,
  RAW_BSD_ALT: 14,
  RAW: 101,
  LOOP: 108,
  LINUX_SLL: 113,
  IPV4: 228,
  LINUX_SLL2: 276,
} as const;

const ETHERTYPE_IPV4 = 0x0800;
/** 802.1Q, 802.1ad and the older double tag. */
const VLAN_TAGS = new Set([0x8100, 0x88a8, 0x9100]);

export interface Link {
  /** Where the IPv4 header begins. */
  start: number;
  /** VLAN identifiers, outermost first. */
  vlans: number[];
  /** Hardware address of the sender, when the link has one. */
  hardware: Uint8Array | undefined;
}

/** Where the IPv4 packet of a frame begins; undefined for frames that carry something else, or of an unknown link type. */
export function readLink(frame: Uint8Array, linkType: number): Link | undefined {
  const word = (at: number) => (at + 1 < frame.length ? frame[at]! * 256 + frame[at + 1]! : -1);
  const ip = (start: number, hardware?: Uint8Array): Link | undefined =>
    start < frame.length && frame[start]! >>> 4 === 4 ? { start, vlans: [], hardware } : undefined;
  switch (linkType) {
    case LinkType.ETHERNET:
      return afterEthertype(frame, 12, frame.subarray(6, 12));
    case LinkType.LINUX_SLL:
      return afterEthertype(frame, 14, frame.subarray(6, 6 + Math.min(8, Math.max(0, word(4)))));
    case LinkType.LINUX_SLL2:
      return word(0) === ETHERTYPE_IPV4 && frame.length > 20 ? ip(20, frame.subarray(12, 12 + Math.min(8, frame[11]!))) : undefined;
    case LinkType.RAW:
    case LinkType.RAW_BSD:
    case LinkType.RAW_BSD_ALT:
    case LinkType.IPV4:
      return ip(0);
    case LinkType.NULL:
    case LinkType.LOOP:
      // The family is in the byte order of the machine that captured; 2 is IPv4 everywhere.
      return frame[0] === 2 || frame[3] === 2 ? ip(4) : undefined;
    default:
      return undefined;
  }

  function afterEthertype(bytes: Uint8Array, at: number, hardware: Uint8Array): Link | undefined {
    const vlans: number[] = [];
    let type = at;
    while (VLAN_TAGS.has(word(type)) && type + 4 < bytes.length) {
      vlans.push(word(type + 2) & 0xfff);
      type += 4;
    }
    const link = word(type) === ETHERTYPE_IPV4 ? ip(type + 2, hardware) : undefined;
    return link && { ...link, vlans };
  }
}
