import { Reader, type Report, type ValueContext, Writer } from './cursor.js';

/**
 * How the octets of an option become a value and back. `Out` is what reading gives; `In` is what writing takes, which may be
 * wider. Reading reports and never throws; writing throws `DhcpError` `DHCP_ENCODE_VALUE` for what would not read back.
 */
export interface Shape<Out, In = Out> {
  /** For tables and listings: `ipv4[]`. */
  readonly name: string;
  /** Fewest octets of a legal value. */
  readonly min: number;
  /** Most octets of a legal value; Infinity when there is no bound. */
  readonly max: number;
  /** Legal lengths are `min` plus a multiple of this. Default 1. */
  readonly step?: number;
  read(reader: Reader): Out;
  write(writer: Writer, value: In): void;
}

// biome-ignore lint/suspicious/noExplicitAny: any shape at all; the types inside are inferred where a shape is used.
export type AnyShape = Shape<any, any>;
/** What reading a shape gives. */
export type ShapeOut<S> = S extends Shape<infer Out, infer _In> ? Out : never;
/** What writing a shape takes. */
export type ShapeIn<S> = S extends Shape<infer _Out, infer In> ? In : never;

/** The value in `data`, or undefined when the octets are no value of the shape. */
export function readShape<Out>(shape: Shape<Out, never>, data: Uint8Array, report?: Report, context?: ValueContext): Out | undefined {
  const reader = new Reader(data, report, context);
  const value = shape.read(reader);
  if (reader.failed) return undefined;
  if (reader.left > 0) reader.warn('DHCP_VALUE_TRAILING', `${reader.left} octets follow the value.`);
  return value;
}

/** One writer serves value after value; a shape that writes another value meanwhile gets one of its own. */
let spare: Writer | undefined;

/** The octets that `write` writes. */
export function written(write: (writer: Writer) => void): Uint8Array {
  const writer = spare ?? new Writer();
  spare = undefined;
  try {
    write(writer);
    return writer.finish();
  } finally {
    writer.size = 0;
    spare = writer;
  }
}

/** The octets of a value. Throws `DhcpError` `DHCP_ENCODE_VALUE`. */
export function writeShape<In>(shape: Shape<unknown, In>, value: In): Uint8Array {
  return written((writer) => shape.write(writer, value));
}
