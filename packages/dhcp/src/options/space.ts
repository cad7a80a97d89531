import { DhcpError } from '../issue.js';
import { skipZeros } from '../zeros.js';
import { type Reader, refuse, type Writer } from './cursor.js';
import type { OptionInputs, OptionTable } from './registry.js';
import { Registry } from './registry.js';
import type { Shape, ShapeOut } from './shape.js';
import { type Octets, octetsOf } from './shapes/bytes.js';

/** A sub-option that a table does not know, or whose octets are no value of its shape. */
export interface UnknownSubOption {
  code: number;
  name: undefined;
  value: Uint8Array;
}

/** An unknown sub-option to write. */
export interface UnknownSubOptionInput {
  readonly code: number;
  readonly name?: undefined;
  readonly value: Octets;
}

/** One sub-option as it stood. Narrow by `name`. */
export type SubOption<T extends OptionTable> =
  | { [K in keyof T & string]: { code: T[K]['code']; name: K; value: ShapeOut<T[K]['shape']> } }[keyof T & string]
  | UnknownSubOption;

/** What writing sub-options takes: values by name, or entries in an order of their own, which may carry unknown codes. */
export type SubOptionsInput<T extends OptionTable> =
  | OptionInputs<T>
  | readonly { readonly code: number; readonly name?: (keyof T & string) | undefined; readonly value: unknown }[];

/** A table of sub-options and how they are laid out: code and length of one octet each, with or without Pad and End. */
export interface Space<T extends OptionTable, Name extends string = string> {
  readonly name: Name;
  readonly registry: Registry<T>;
  /** 0 is a one-octet pad and 255 ends (option 43, RFC 2132, 8.4). Default false. */
  readonly padAndEnd?: boolean;
  /** End is written after the last sub-option: firmware that scans for it runs on otherwise. */
  readonly writeEnd?: boolean;
}

export function space<T extends OptionTable, const Name extends string>(
  name: Name,
  table: T,
  layout: { padAndEnd?: boolean; writeEnd?: boolean } = {},
): Space<T, Name> {
  return { name, registry: new Registry(table), ...layout };
}

/** The sub-options of a space, in order with duplicates. */
export function subOptions<T extends OptionTable>(of: Space<T>): Shape<SubOption<T>[], SubOptionsInput<T>> {
  return {
    name: `${of.name} sub-options`,
    min: 0,
    max: Number.POSITIVE_INFINITY,
    read: (reader) => readSpace(of, reader),
    write: (writer, value) => writeSpace(of, writer, value),
  };
}

function readSpace<T extends OptionTable>(of: Space<T>, reader: Reader): SubOption<T>[] {
  const found: { code: number; name: string | undefined; value: unknown }[] = [];
  for (;;) {
    if (of.padAndEnd) reader.pos = skipZeros(reader.bytes, reader.pos, reader.end);
    if (!reader.more()) break;
    const at = reader.pos;
    const code = reader.uint(1);
    if (of.padAndEnd && code === 255) {
      reader.pos = reader.end;
      break;
    }
    const size = reader.left > 0 ? reader.uint(1) : 0;
    if (size > reader.left || reader.pos === at + 1) {
      reader.warn('DHCP_SUBOPTION_TRUNCATED', `Sub-option ${code} is longer than what is left.`, at);
      found.push({ code, name: undefined, value: reader.rest() });
      break;
    }
    const inner = reader.sub(size);
    const start = inner.pos;
    const spec = of.registry.byCode(code);
    const value = spec?.shape.read(inner);
    if (spec && !inner.failed && inner.left > 0) inner.warn('DHCP_VALUE_TRAILING', `${inner.left} octets follow the value.`);
    if (spec && !inner.failed) found.push({ code, name: spec.name, value });
    else found.push({ code, name: undefined, value: inner.bytes.subarray(start, inner.end) });
  }
  return found as SubOption<T>[];
}

function writeSpace<T extends OptionTable>(of: Space<T>, writer: Writer, value: SubOptionsInput<T>): void {
  if (typeof value !== 'object' || value === null) refuse(`${of.name} sub-options are written as an object or a list.`);
  const entries = Array.isArray(value)
    ? value.map((entry) => ({ key: entry.name ?? entry.code, code: entry.code, value: entry.value, raw: entry.name === undefined }))
    : Object.entries(value).map(([key, item]) => ({ key, code: undefined, value: item, raw: false }));
  for (const { key, code, value: item, raw } of entries) {
    if (item === undefined) continue;
    const spec = of.registry.find(key);
    const number = code ?? spec?.code ?? refuse(`${of.name} has no sub-option ${key}.`);
    if (number < 0 || number > 255 || (of.padAndEnd && (number === 0 || number === 255))) refuse(`${number} is no code of a sub-option.`);
    writer.uint(1, number);
    writer.counted(1, () => {
      // An entry without a name holds octets, whatever the table says of its code.
      if (raw || !spec) writer.octets(octetsOf(item as Octets));
      else inSubOption(key, () => spec.shape.write(writer, item));
    });
  }
  if (of.writeEnd) writer.uint(1, 255);
}

function inSubOption(key: string | number, write: () => void): void {
  try {
    write();
  } catch (error) {
    if (error instanceof DhcpError) throw new DhcpError(error.code, `Sub-option ${key}: ${error.message}`);
    throw error;
  }
}

/** The value of the first sub-option with this name, or undefined. */
export function findSubOption<T extends { name: string | undefined; value: unknown }, K extends T['name'] & string>(
  options: readonly T[] | undefined,
  name: K,
): Extract<T, { name: K }>['value'] | undefined {
  return options?.find((option) => option.name === name)?.value as Extract<T, { name: K }>['value'] | undefined;
}
