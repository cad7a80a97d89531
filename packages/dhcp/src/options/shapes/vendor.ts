import { type Reader, refuse } from '../cursor.js';
import type { OptionTable } from '../registry.js';
import type { Shape } from '../shape.js';
import {
  type Space,
  type SubOption,
  type SubOptionsInput,
  space,
  subOptions,
  type UnknownSubOption,
  type UnknownSubOptionInput,
} from '../space.js';
import { type Octets, octetsOf } from './bytes.js';

/** Sub-options that some clients keep in option 43. */
export interface VendorSpace<T extends OptionTable, Name extends string> {
  readonly space: Space<T, Name>;
  /** Whether a message with this option 60 carries them; undefined: it has no option 60. */
  matches(vendorClass: string | undefined): boolean;
}

// biome-ignore lint/suspicious/noExplicitAny: any vendor space; the types inside are inferred where it is used.
type AnyVendorSpace = VendorSpace<any, any>;

type Known<V> = V extends VendorSpace<infer T, infer Name> ? { space: Name; options: SubOption<T>[] } : never;
type KnownInput<V> = V extends VendorSpace<infer T, infer Name> ? { readonly space: Name; readonly options: SubOptionsInput<T> } : never;

/** Option 43: the sub-options of the vendor that option 60 names, sub-options of no known vendor, or plain octets. */
export type VendorSpecific<V> = Known<V> | { space: undefined; options: UnknownSubOption[] } | Uint8Array;
export type VendorSpecificInput<V> =
  | KnownInput<V>
  | { readonly space?: undefined; readonly options: readonly UnknownSubOptionInput[] }
  | Octets;

const UNKNOWN = space('vendor', {}, { padAndEnd: true });

/** The shape of option 43 for these vendors; the first that matches reads it. */
export function vendorSpecific<const V extends readonly AnyVendorSpace[]>(
  ...vendors: V
): Shape<VendorSpecific<V[number]>, VendorSpecificInput<V[number]>> {
  const unknown = subOptions(UNKNOWN);
  return {
    name: 'sub-options of a vendor',
    min: 0,
    max: Number.POSITIVE_INFINITY,
    read: (reader) => {
      const vendor = vendors.find(({ matches }) => matches(reader.context.vendorClass));
      if (vendor && (reader.context.vendorClass !== undefined || isSubOptions(reader, vendor.space))) {
        return { space: vendor.space.name, options: subOptions(vendor.space).read(reader) } as Known<V[number]>;
      }
      if (isSubOptions(reader)) return { space: undefined, options: unknown.read(reader) as UnknownSubOption[] };
      return reader.rest();
    },
    write: (writer, value) => {
      if (value instanceof Uint8Array || typeof value === 'string') return writer.octets(octetsOf(value));
      const { space: name, options } = value;
      if (name === undefined) return unknown.write(writer, options);
      const vendor = vendors.find((candidate) => candidate.space.name === name) ?? refuse(`"${String(name)}" is no vendor space.`);
      subOptions(vendor.space).write(writer, options);
    },
  };
}

/** Whether the octets are whole sub-options, all of them known to the space when one is given. */
function isSubOptions({ bytes, pos, end }: Reader, of?: Space<OptionTable>): boolean {
  let at = pos;
  while (at < end) {
    const code = bytes[at]!;
    if (code === 255) return true;
    if (code === 0) {
      at++;
      continue;
    }
    if (of && !of.registry.byCode(code)) return false;
    if (at + 1 >= end) return false;
    at += 2 + bytes[at + 1]!;
  }
  return at === end && end > pos;
}
