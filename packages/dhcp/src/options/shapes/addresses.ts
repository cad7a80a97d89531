import { formatIpv4, formatIpv6, parseIpv4, parseIpv6 } from '../../address.js';
import { refuse } from '../cursor.js';
import type { Shape } from '../shape.js';
import { list } from './structures.js';

/** Four octets as a dotted string. */
export const ipv4: Shape<string> = {
  name: 'ipv4',
  min: 4,
  max: 4,
  read: (reader) => {
    const at = reader.take(4);
    return at < 0 ? '' : formatIpv4(reader.bytes, at);
  },
  write: (writer, value) => writer.uint(4, parseIpv4(value) ?? refuse(`"${value}" is no IPv4 address.`)),
};

/** One address or more. */
export const ipv4List: Shape<string[], readonly string[]> = list(ipv4, 1);

/** Sixteen octets as RFC 5952 writes them. */
export const ipv6: Shape<string> = {
  name: 'ipv6',
  min: 16,
  max: 16,
  read: (reader) => {
    const at = reader.take(16);
    return at < 0 ? '' : formatIpv6(reader.bytes, at);
  },
  write: (writer, value) => writer.octets(parseIpv6(value) ?? refuse(`"${value}" is no IPv6 address.`)),
};
