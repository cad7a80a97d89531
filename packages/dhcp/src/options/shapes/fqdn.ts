import { readText } from '../../text.js';
import { refuse } from '../cursor.js';
import type { Shape } from '../shape.js';
import { readName, writeName } from './domains.js';

/** Bits of the flags octet of option 81. */
export const FqdnFlag = {
  /** The server is to update the A record. */
  S: 1,
  /** The server overrode S. */
  O: 2,
  /** The name is in wire format; else deprecated ASCII. */
  E: 4,
  /** The server is to update nothing. */
  N: 8,
} as const;

export interface ClientFqdn {
  /** Bits of `FqdnFlag`. */
  flags: number;
  rcode1: number;
  rcode2: number;
  /** Without a final dot. Empty: the client asks the server for one. */
  name: string;
  /** The name has no root label: the server completes it. ASCII names do not say. */
  partial: boolean;
}

/** Client FQDN (RFC 4702). */
export const clientFqdn: Shape<ClientFqdn, Omit<ClientFqdn, 'partial'> & { readonly partial?: boolean }> = {
  name: '{flags, rcode1, rcode2: u8, name, partial}',
  min: 3,
  max: Number.POSITIVE_INFINITY,
  read: (reader) => {
    const head = { flags: reader.uint(1), rcode1: reader.uint(1), rcode2: reader.uint(1) };
    if ((head.flags & (FqdnFlag.S | FqdnFlag.N)) === (FqdnFlag.S | FqdnFlag.N)) {
      reader.warn('DHCP_VALUE_INVALID', 'S and N are both set (RFC 4702, 2.1).', reader.pos - 3);
    }
    if (head.flags & FqdnFlag.E) {
      const { name, partial } = readName(reader, undefined, true);
      return { ...head, name, partial };
    }
    const start = reader.pos;
    let stop = reader.end;
    while (stop > start && reader.bytes[stop - 1] === 0) stop--;
    reader.pos = reader.end;
    return { ...head, name: readText(reader.bytes, start, stop), partial: false };
  },
  write: (writer, { flags, rcode1, rcode2, name, partial = false }) => {
    if ((flags & (FqdnFlag.S | FqdnFlag.N)) === (FqdnFlag.S | FqdnFlag.N)) refuse('S and N are not set together (RFC 4702, 2.1).');
    writer.uint(1, flags);
    writer.uint(1, rcode1);
    writer.uint(1, rcode2);
    if (!(flags & FqdnFlag.E)) writer.text(name);
    else if (name !== '') writeName(writer, name, { open: partial });
    else if (!partial) refuse('An empty name is written as a partial one.');
  },
};
