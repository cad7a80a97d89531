import { refuse } from '../cursor.js';
import type { Shape } from '../shape.js';
import { ipv4List } from './addresses.js';
import { domainList, searchList } from './domains.js';

export type SipServers = { encoding: 0; domains: string[] } | { encoding: 1; addresses: string[] };

/** SIP servers by name or by address (RFC 3361). Names may be read compressed; they are written without. */
export const sipServers: Shape<SipServers> = {
  name: '{domains} | {addresses}',
  min: 2,
  max: Number.POSITIVE_INFINITY,
  read: (reader) => {
    const at = reader.pos;
    const encoding = reader.uint(1);
    if (encoding === 0) return { encoding, domains: searchList.read(reader) };
    if (encoding !== 1) reader.fail('DHCP_VALUE_INVALID', `${encoding} is no encoding of SIP servers.`, at);
    return { encoding: 1, addresses: ipv4List.read(reader) };
  },
  write: (writer, value) => {
    writer.uint(1, value.encoding);
    if (value.encoding === 0) domainList.write(writer, value.domains);
    else if (value.encoding === 1) ipv4List.write(writer, value.addresses);
    else refuse('The encoding of SIP servers is 0 or 1.');
  },
};
