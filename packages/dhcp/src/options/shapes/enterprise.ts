import { refuse } from '../cursor.js';
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
import { bytes } from './bytes.js';
import { u32 } from './numbers.js';
import { counted, list, record } from './structures.js';

/** Vendor classes by enterprise number (RFC 3925, section 3). */
export const vendorClasses = list(record({ enterprise: u32, classes: counted(1, list(counted(1, bytes))) }), 1);

type Spaces = Readonly<Record<number, Space<OptionTable>>>;
type TableOf<S> = S extends Space<infer T> ? T : never;

/** The sub-options of one enterprise: typed when a space is known for its number. */
export type EnterpriseOptions<S extends Spaces> =
  | { [N in keyof S & number]: { enterprise: N; options: SubOption<TableOf<S[N]>>[] } }[keyof S & number]
  | { enterprise: number; options: UnknownSubOption[] };
export type EnterpriseInput<S extends Spaces> =
  | { [N in keyof S & number]: { readonly enterprise: N; readonly options: SubOptionsInput<TableOf<S[N]>> } }[keyof S & number]
  | { readonly enterprise: number; readonly options: readonly UnknownSubOptionInput[] };

const UNKNOWN = space('enterprise', {});

/** Sub-options by enterprise number (RFC 3925, section 4), with the spaces that are known. */
export function enterpriseOptions<const S extends Spaces>(spaces: S): Shape<EnterpriseOptions<S>[], readonly EnterpriseInput<S>[]> {
  const shapes = new Map(Object.entries(spaces).map(([number, known]) => [Number(number), subOptions(known)]));
  const unknown = subOptions(UNKNOWN as Space<OptionTable>);
  const item: Shape<EnterpriseOptions<S>, EnterpriseInput<S>> = {
    name: '{enterprise: u32, options}',
    min: 5,
    max: 4 + 1 + 255,
    read: (reader) => {
      const enterprise = reader.uint(4);
      const inner = reader.sub(reader.uint(1));
      return { enterprise, options: (shapes.get(enterprise) ?? unknown).read(inner) } as EnterpriseOptions<S>;
    },
    write: (writer, { enterprise, options }) => {
      if (enterprise === undefined) refuse('An enterprise number is missing.');
      writer.uint(4, enterprise);
      writer.counted(1, () => (shapes.get(enterprise) ?? unknown).write(writer, options as never));
    },
  };
  return list(item, 1);
}
