import { type Reader, refuse, type Writer } from '../cursor.js';
import type { Shape } from '../shape.js';

function unsigned(name: string, size: 1 | 2 | 4): Shape<number> {
  return { name, min: size, max: size, read: (reader) => reader.uint(size), write: (writer, value) => writer.uint(size, value) };
}

/** One octet. */
export const u8 = unsigned('u8', 1);
/** Two octets, most significant first. */
export const u16 = unsigned('u16', 2);
/** Four octets, most significant first. */
export const u32 = unsigned('u32', 4);

function signed(name: string, size: 1 | 4): Shape<number> {
  const half = 2 ** (8 * size - 1);
  return {
    name,
    min: size,
    max: size,
    read: (reader) => {
      const value = reader.uint(size);
      return value >= half ? value - 2 * half : value;
    },
    write: (writer, value) => {
      if (!Number.isInteger(value) || value < -half || value >= half) refuse(`${value} is no whole number from ${-half} to ${half - 1}.`);
      writer.uint(size, value < 0 ? value + 2 * half : value);
    },
  };
}

/** One octet, two's complement. */
export const i8 = signed('i8', 1);
/** Four octets, two's complement. */
export const i32 = signed('i32', 4);

/** Eight octets, as a bigint; a decimal text is taken too, which is what JSON can hold. */
export const u64: Shape<bigint, bigint | string> = {
  name: 'u64',
  min: 8,
  max: 8,
  read: (reader) => (BigInt(reader.uint(4)) << 32n) | BigInt(reader.uint(4)),
  write: (writer, given) => {
    const value = typeof given === 'string' && /^\d{1,20}$/.test(given) ? BigInt(given) : given;
    if (typeof value !== 'bigint' || value < 0n || value >= 1n << 64n) refuse(`${String(given)} is no bigint of 64 bits.`);
    writer.uint(4, Number(value >> 32n));
    writer.uint(4, Number(value & 0xffffffffn));
  },
};

/** One octet, 0 or 1. */
export const bool: Shape<boolean> = {
  name: 'bool',
  min: 1,
  max: 1,
  read: (reader) => {
    const octet = reader.uint(1);
    if (octet > 1) reader.warn('DHCP_VALUE_INVALID', `${octet} is neither 0 nor 1.`, reader.pos - 1);
    return octet !== 0;
  },
  write: (writer, value) => {
    if (typeof value !== 'boolean') refuse(`${String(value)} is neither true nor false.`);
    writer.uint(1, value ? 1 : 0);
  },
};

/** No octets at all: being there is the value. */
export const flag: Shape<true> = {
  name: 'flag',
  min: 0,
  max: 0,
  read: () => true,
  write: (_writer, value) => {
    if (value !== true) refuse('A flag is written as true; leave it out instead.');
  },
};

/** An unsigned number of which only some values are defined. Others are read with a warning and refused on writing. */
export function oneOf<const Value extends number>(size: 1 | 2, ...values: Value[]): Shape<Value> {
  const known = new Set<number>(values);
  return {
    name: `u${8 * size}`,
    min: size,
    max: size,
    read: (reader: Reader) => {
      const value = reader.uint(size);
      if (!reader.failed && !known.has(value)) reader.warn('DHCP_VALUE_INVALID', `${value} is not defined.`, reader.pos - size);
      return value as Value;
    },
    write: (writer: Writer, value) => {
      if (!known.has(value)) refuse(`${value} is not one of ${values.join(', ')}.`);
      writer.uint(size, value);
    },
  };
}
