import { DhcpError } from '../issue.js';
import type { AnyShape, ShapeIn, ShapeOut } from './shape.js';

/** One row of a table of options or sub-options: a code, how its octets read, and where that is written. */
export interface OptionSpec<Code extends number = number, S extends AnyShape = AnyShape> {
  readonly code: Code;
  readonly shape: S;
  /** For people. */
  readonly title: string;
  /** The document that defines it. */
  readonly rfc: string;
}

/** Rows by name. */
export type OptionTable = Readonly<Record<string, OptionSpec>>;

/** Makes a row. The types of reading and writing follow from the shape. */
export function optionSpec<const Code extends number, S extends AnyShape>(
  code: Code,
  shape: S,
  title: string,
  rfc = '',
): OptionSpec<Code, S> {
  return { code, shape, title, rfc };
}

type SpecOf<T extends OptionTable, K> = K extends keyof T ? T[K] : K extends number ? Extract<T[keyof T], { readonly code: K }> : never;

/** The names and the codes of a table. */
export type OptionKey<T extends OptionTable> = (keyof T & string) | T[keyof T]['code'];
/** What reading the option with this name or code gives. */
export type OptionValue<T extends OptionTable, K> = ShapeOut<SpecOf<T, K>['shape']>;
/** What writing the option with this name or code takes. */
export type OptionInput<T extends OptionTable, K> = ShapeIn<SpecOf<T, K>['shape']>;
/** Values by name, for builders. */
export type OptionInputs<T extends OptionTable> = { readonly [K in keyof T & string]?: OptionInput<T, K> };

/** A row with its name. */
export interface NamedSpec extends OptionSpec {
  readonly name: string;
}

/** A table that can be asked by code and by name. It never changes; `extend` makes another. */
export class Registry<T extends OptionTable = OptionTable> {
  readonly table: T;
  private readonly rows: (NamedSpec | undefined)[] = new Array(256).fill(undefined);
  private readonly names = new Map<string, NamedSpec>();

  constructor(table: T) {
    this.table = table;
    for (const [name, spec] of Object.entries(table)) {
      if (!Number.isInteger(spec.code) || spec.code < 0 || spec.code > 255) {
        throw new DhcpError('DHCP_REGISTRY', `Option ${name} has the code ${spec.code}, which is not in 0 to 255.`);
      }
      const other = this.rows[spec.code];
      if (other) throw new DhcpError('DHCP_REGISTRY', `Options ${other.name} and ${name} have the same code ${spec.code}.`);
      const row = { name, ...spec };
      this.rows[spec.code] = row;
      this.names.set(name, row);
    }
  }

  /** The row of a code, if there is one. */
  byCode(code: number): NamedSpec | undefined {
    return this.rows[code];
  }

  /** The row of a name or a code. */
  find(key: string | number): NamedSpec | undefined {
    return typeof key === 'number' ? this.rows[key] : this.names.get(key);
  }

  /** This registry with more rows. A row with the code or the name of one that is there takes its place. */
  extend<U extends OptionTable>(more: U): Registry<Omit<T, keyof U> & U> {
    const codes = new Set(Object.values(more).map((spec) => spec.code));
    const kept = Object.entries(this.table).filter(([name, spec]) => !codes.has(spec.code) && !Object.hasOwn(more, name));
    return new Registry({ ...Object.fromEntries(kept), ...more } as Omit<T, keyof U> & U);
  }
}
