import { type Reader, refuse, type Writer } from '../cursor.js';
import type { AnyShape, Shape, ShapeIn, ShapeOut } from '../shape.js';

/** Items one after another to the end. A damaged last item is reported and left out. */
export function list<Out, In>(item: Shape<Out, In>, atLeast = 0): Shape<Out[], readonly In[]> {
  return {
    name: `${item.name}[]`,
    min: atLeast * item.min,
    max: Number.POSITIVE_INFINITY,
    step: item.min === item.max ? item.min : 1,
    read: (reader) => {
      const values: Out[] = [];
      while (reader.more()) {
        const start = reader.pos;
        const value = item.read(reader);
        if (reader.failed) {
          reader.failed = values.length < atLeast;
          reader.pos = reader.end;
          break;
        }
        values.push(value);
        if (reader.pos === start) break;
      }
      if (!reader.failed && values.length < atLeast) reader.fail('DHCP_VALUE_SHORT', `At least ${atLeast} expected, none found.`);
      return values;
    },
    write: (writer, values) => {
      if (!Array.isArray(values)) refuse(`A list is expected, not ${String(values)}.`);
      if (values.length < atLeast) refuse(`At least ${atLeast} expected, ${values.length} given.`);
      for (const value of values) item.write(writer, value);
    },
  };
}

type Fields = Readonly<Record<string, AnyShape>>;

/** Fields one after another, as an object. */
export function record<const F extends Fields>(
  fields: F,
): Shape<{ -readonly [K in keyof F]: ShapeOut<F[K]> }, { readonly [K in keyof F]: ShapeIn<F[K]> }> {
  const entries = Object.entries(fields);
  return {
    name: `{${entries.map(([name, shape]) => `${name}: ${shape.name}`).join(', ')}}`,
    min: entries.reduce((sum, [, shape]) => sum + shape.min, 0),
    max: entries.reduce((sum, [, shape]) => sum + shape.max, 0),
    read: (reader) => {
      const value: Record<string, unknown> = {};
      for (const [name, shape] of entries) value[name] = shape.read(reader);
      return value as { -readonly [K in keyof F]: ShapeOut<F[K]> };
    },
    write: (writer, value) => {
      if (typeof value !== 'object' || value === null) refuse(`An object is expected, not ${String(value)}.`);
      for (const [name, shape] of entries) {
        if (value[name] === undefined) refuse(`The field ${name} is missing.`);
        shape.write(writer, value[name] as never);
      }
    },
  };
}

/** A length of one or two octets, then that many octets of another shape. */
export function counted<Out, In>(size: 1 | 2, shape: Shape<Out, In>): Shape<Out, In> {
  return {
    name: `counted${8 * size}<${shape.name}>`,
    min: size + (shape.min === Number.POSITIVE_INFINITY ? 0 : shape.min),
    max: Math.min(size + shape.max, size + 2 ** (8 * size) - 1),
    read: (reader: Reader) => {
      const inner = reader.sub(reader.uint(size));
      const value = shape.read(inner);
      if (inner.failed) reader.failed = true;
      else if (inner.left > 0) inner.warn('DHCP_VALUE_TRAILING', `${inner.left} octets follow the value.`);
      return value;
    },
    write: (writer: Writer, value: In) => writer.counted(size, () => shape.write(writer, value)),
  };
}
