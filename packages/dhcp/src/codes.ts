/** Every code an issue or an error of this package can carry. */
export const CODES = {
  DHCP_NOT_BOOTP: 'The datagram is shorter than the 236 octets of a BOOTP header.',
  DHCP_OP_UNKNOWN: 'The operation is neither BOOTREQUEST (1) nor BOOTREPLY (2).',
  DHCP_HLEN_TOO_LONG: 'The hardware address length is more than the 16 octets of its field.',
  DHCP_COOKIE_MISSING: 'The vendor area does not begin with the magic cookie 99.130.83.99, so no options were read.',
  DHCP_OPTION_TRUNCATED: 'An option says it is longer than the bytes that are left.',
  DHCP_END_MISSING: 'Options go on to the last byte without an End option.',
  DHCP_AFTER_END: 'Bytes other than zero follow the End option.',
  DHCP_TOO_MANY: 'There are more options in a message, or items in a value, than are read.',
  DHCP_OVERLOAD_INVALID: 'Option 52 has a value other than 1, 2 or 3, stands in a field it opens itself, or stands there twice.',
  DHCP_VALUE_SHORT: 'An option has fewer octets than its value needs.',
  DHCP_VALUE_TRAILING: 'An option has octets left after its value.',
  DHCP_VALUE_INVALID: 'The octets of an option are no value of its type.',
  DHCP_NAME_INVALID: 'A domain name has a bad label, a bad pointer, or is longer than 255 octets.',
  DHCP_SUBOPTION_TRUNCATED: 'A sub-option says it is longer than the bytes that are left.',
  DHCP_ENCODE_FIELD: 'A header field of a message to encode is out of range or malformed.',
  DHCP_ENCODE_VALUE: 'A value to encode does not fit the type of its option.',
  DHCP_ENCODE_OPTION: 'An option to encode has a code outside 1 to 254 or a length its place cannot hold.',
  DHCP_TOO_LARGE: 'The message does not fit the size that the client takes.',
  DHCP_REGISTRY: 'A registry names a code or a name twice.',
  DHCP_HEX: 'A text that should be hex is not.',
  DHCP_JSON: 'An object to encode does not have the form that decoding gives.',
  DHCP_PCAP: 'The file is no pcap or pcapng capture, or it is damaged.',
} as const;

export type DhcpCode = keyof typeof CODES;
