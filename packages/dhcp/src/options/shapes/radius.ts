import { refuse } from '../cursor.js';
import type { Shape } from '../shape.js';
import { type Octets, octetsOf } from './bytes.js';
import { list } from './structures.js';

export interface RadiusAttribute {
  type: number;
  value: Uint8Array;
}

type AttributeInput = { readonly type: number; readonly value: Octets };

const attribute: Shape<RadiusAttribute, AttributeInput> = {
  name: 'RADIUS attribute',
  min: 2,
  max: 255,
  read: (reader) => {
    const type = reader.uint(1);
    const at = reader.pos;
    const length = reader.uint(1);
    if (length < 2) reader.fail('DHCP_VALUE_INVALID', `${length} is no length of a RADIUS attribute.`, at);
    return { type, value: reader.failed ? new Uint8Array(0) : reader.octets(length - 2) };
  },
  write: (writer, { type, value: given }) => {
    const value = octetsOf(given);
    if (value.length > 253) refuse('A RADIUS attribute has at most 253 octets.');
    writer.uint(1, type);
    writer.uint(1, value.length + 2);
    writer.octets(value);
  },
};

/** RADIUS attributes (RFC 4014): the length counts type and length octets too. */
export const radiusAttributes: Shape<RadiusAttribute[], readonly AttributeInput[]> = list(attribute);
