import { formatHex } from '../../address.js';
import { refuse } from '../cursor.js';
import type { Shape } from '../shape.js';
import { type Octets, octetsOf } from './bytes.js';

export interface ClientIdentifier {
  /** 0: not a hardware address; 255: an IAID and a DUID (RFC 4361); else the hardware type. */
  type: number;
  /** What follows the type octet. */
  id: Uint8Array;
  /** Type 255: the interface association, four octets as a number. */
  iaid?: number;
  /** Type 255: the DUID. */
  duid?: Uint8Array;
}

/** Client identifier (RFC 2132, 9.14; RFC 4361). `id` is written; `iaid` and `duid` are views of it. */
export const clientIdentifier: Shape<ClientIdentifier, { readonly type: number; readonly id: Octets }> = {
  name: '{type: u8, id: bytes}',
  min: 2,
  max: Number.POSITIVE_INFINITY,
  read: (reader) => {
    const type = reader.uint(1);
    const id = reader.rest();
    if (id.length === 0) reader.fail('DHCP_VALUE_SHORT', 'A client identifier has at least two octets.');
    if (type !== 255 || id.length < 6) return { type, id };
    return { type, id, iaid: new DataView(id.buffer, id.byteOffset).getUint32(0), duid: id.subarray(4) };
  },
  write: (writer, { type, id }) => {
    writer.uint(1, type);
    const octets = octetsOf(id);
    if (octets.length === 0) refuse('A client identifier has at least two octets.');
    writer.octets(octets);
  },
};

export type Duid =
  | { type: 'LLT'; hardwareType: number; time: number; address: string }
  | { type: 'EN'; enterprise: number; id: Uint8Array }
  | { type: 'LL'; hardwareType: number; address: string }
  | { type: 'UUID'; uuid: Uint8Array };

/** The parts of a DUID (RFC 8415, section 11; UUID: RFC 6355); undefined for other types and damaged ones. `time` counts seconds since 2000. */
export function parseDuid(duid: Uint8Array): Duid | undefined {
  if (duid.length < 3) return undefined;
  const view = new DataView(duid.buffer, duid.byteOffset, duid.length);
  switch (view.getUint16(0)) {
    case 1:
      if (duid.length < 9) return undefined;
      return { type: 'LLT', hardwareType: view.getUint16(2), time: view.getUint32(4), address: formatHex(duid.subarray(8), ':') };
    case 2:
      return duid.length < 7 ? undefined : { type: 'EN', enterprise: view.getUint32(2), id: duid.subarray(6) };
    case 3:
      return duid.length < 5 ? undefined : { type: 'LL', hardwareType: view.getUint16(2), address: formatHex(duid.subarray(4), ':') };
    case 4:
      return duid.length === 18 ? { type: 'UUID', uuid: duid.subarray(2) } : undefined;
    default:
      return undefined;
  }
}
