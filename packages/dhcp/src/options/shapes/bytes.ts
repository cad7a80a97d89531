import { parseHex } from '../../address.js';
import { readText, textBytes } from '../../text.js';
import { refuse } from '../cursor.js';
import type { Shape } from '../shape.js';

/** Octets to write: as they are, or as hex (`00:11:22`, `001122`), which is what JSON and YAML can hold. */
export type Octets = Uint8Array | string;

/** Octets from either form. */
export function octetsOf(value: Octets): Uint8Array {
  if (value instanceof Uint8Array) return value;
  return (typeof value === 'string' ? parseHex(value) : undefined) ?? refuse(`${JSON.stringify(value)} is neither octets nor hex.`);
}

/** All octets that are left, as they are. Reading gives a view. */
export const bytes: Shape<Uint8Array, Octets> = {
  name: 'bytes',
  min: 0,
  max: Number.POSITIVE_INFINITY,
  read: (reader) => reader.rest(),
  write: (writer, value) => writer.octets(octetsOf(value)),
};

/** Exactly `size` octets, as they are. */
export function fixedBytes(size: number): Shape<Uint8Array, Octets> {
  return {
    name: `bytes[${size}]`,
    min: size,
    max: size,
    read: (reader) => reader.octets(size),
    write: (writer, value) => {
      const octets = octetsOf(value);
      if (octets.length !== size) refuse(`Exactly ${size} octets are expected, ${octets.length} given.`);
      writer.octets(octets);
    },
  };
}

/** Text to the end, without the trailing NULs that some clients and servers add. Written without one. */
export const text: Shape<string> = {
  name: 'text',
  min: 0,
  max: Number.POSITIVE_INFINITY,
  read: (reader) => {
    const start = reader.pos;
    let stop = reader.end;
    // RFC 2132, section 2: a receiver must strip trailing NULs.
    while (stop > start && reader.bytes[stop - 1] === 0) stop--;
    reader.pos = reader.end;
    return readText(reader.bytes, start, stop);
  },
  write: (writer, value) => {
    if (typeof value !== 'string') refuse(`${String(value)} is no text.`);
    if (value.endsWith('\0')) refuse('Text that ends in NUL would not read back.');
    writer.text(value);
  },
};

/** Text of exactly `size` octets. */
export function fixedText(size: number): Shape<string> {
  return {
    name: `text[${size}]`,
    min: size,
    max: size,
    read: (reader) => {
      const at = reader.take(size);
      return at < 0 ? '' : readText(reader.bytes, at, at + size);
    },
    write: (writer, value) => {
      const octets = textBytes(value);
      if (octets.length !== size) refuse(`"${value}" is not ${size} octets long.`);
      writer.octets(octets);
    },
  };
}
