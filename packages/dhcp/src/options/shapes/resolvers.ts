import type { Shape } from '../shape.js';
import { ipv4List } from './addresses.js';
import { bytes, type Octets } from './bytes.js';
import { domainName } from './domains.js';
import { u16 } from './numbers.js';
import { counted, list } from './structures.js';

export interface EncryptedResolver {
  /** Lower is preferred. */
  priority: number;
  /** Name to authenticate. */
  name: string;
  /** Absent: only the name is given, to be resolved. */
  addresses?: string[];
  /** SvcParams in the wire format of RFC 9460. Absent with `addresses`. */
  parameters?: Uint8Array;
}

const name = counted(1, domainName);
const addresses = counted(1, ipv4List);

type ResolverInput = Omit<EncryptedResolver, 'parameters'> & { readonly parameters?: Octets };

const resolver: Shape<EncryptedResolver, ResolverInput> = {
  name: 'resolver',
  min: 4,
  max: 0xffff,
  read: (reader) => {
    const head = { priority: u16.read(reader), name: name.read(reader) };
    if (reader.left === 0 || reader.failed) return head;
    return { ...head, addresses: addresses.read(reader), parameters: bytes.read(reader) };
  },
  write: (writer, value) => {
    u16.write(writer, value.priority);
    name.write(writer, value.name);
    if (!value.addresses) return;
    addresses.write(writer, value.addresses);
    bytes.write(writer, value.parameters ?? new Uint8Array(0));
  },
};

/** Encrypted DNS resolvers (RFC 9463, 5.1). */
export const encryptedResolvers: Shape<EncryptedResolver[], readonly ResolverInput[]> = list(counted(2, resolver), 1);
