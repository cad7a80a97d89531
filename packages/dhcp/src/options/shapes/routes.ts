import { ipv4FromNumber, parseIpv4 } from '../../address.js';
import { refuse } from '../cursor.js';
import type { Shape } from '../shape.js';
import { ipv4 } from './addresses.js';
import { list } from './structures.js';

export interface Route {
  /** `10.0.0.0/8`. */
  destination: string;
  /** `0.0.0.0`: the destination is on the link. */
  router: string;
}

const route: Shape<Route> = {
  name: 'route',
  min: 5,
  max: 9,
  read: (reader) => {
    const at = reader.pos;
    const prefix = reader.uint(1);
    if (prefix > 32) reader.fail('DHCP_VALUE_INVALID', `${prefix} is no length of an IPv4 prefix.`, at);
    let network = 0;
    const size = Math.ceil(Math.min(prefix, 32) / 8);
    for (let i = 0; i < size; i++) network += reader.uint(1) * 2 ** (24 - 8 * i);
    return { destination: `${ipv4FromNumber(network)}/${prefix}`, router: ipv4.read(reader) };
  },
  write: (writer, { destination, router }) => {
    const [address = '', length = ''] = destination.split('/');
    const network = parseIpv4(address) ?? refuse(`"${destination}" is no network.`);
    const prefix = /^\d{1,2}$/.test(length) ? Number(length) : 33;
    if (prefix > 32) refuse(`"${destination}" has no prefix length from 0 to 32.`);
    if (network % 2 ** (32 - prefix) !== 0) refuse(`"${destination}" has host bits set.`);
    writer.uint(1, prefix);
    for (let i = 0; i < Math.ceil(prefix / 8); i++) writer.uint(1, (network >>> (24 - 8 * i)) & 255);
    ipv4.write(writer, router);
  },
};

/** Classless static routes (RFC 3442), also Microsoft's option 249. */
export const routes: Shape<Route[], readonly Route[]> = list(route, 1);
