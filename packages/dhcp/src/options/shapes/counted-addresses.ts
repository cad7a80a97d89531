import type { Shape } from '../shape.js';
import { ipv4 } from './addresses.js';

/** A count in one octet, then that many IPv4 addresses. */
export const countedAddresses: Shape<string[], readonly string[]> = {
  name: 'ipv4[count]',
  min: 1,
  max: 1 + 255 * 4,
  read: (reader) => {
    const count = reader.uint(1);
    const addresses: string[] = [];
    for (let i = 0; i < count && !reader.failed; i++) addresses.push(ipv4.read(reader));
    return addresses;
  },
  write: (writer, value) => {
    writer.uint(1, value.length);
    for (const address of value) ipv4.write(writer, address);
  },
};
