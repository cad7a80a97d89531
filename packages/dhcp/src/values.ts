import { DhcpError, type Issue } from './issue.js';
import type { Message, Option } from './message.js';
import type { Report, ValueContext, Writer } from './options/cursor.js';
import type { NamedSpec, OptionInput, OptionKey, OptionTable, OptionValue, Registry } from './options/registry.js';
import { readShape, written } from './options/shape.js';
import { STANDARD, type StandardOptions } from './options/standard.js';
import { readText } from './text.js';

/** All options with this code, in order. */
export function findOptions(message: Message, code: number): Option[] {
  return message.options.filter((option) => option.code === code);
}

/** The octets of several parts, one after another. */
export function concat(parts: readonly Option[]): Uint8Array {
  let size = 0;
  for (const { data } of parts) size += data.length;
  const all = new Uint8Array(size);
  let at = 0;
  for (const { data } of parts) {
    all.set(data, at);
    at += data.length;
  }
  return all;
}

/**
 * The octets of an option, parts joined in order across the option area, `file` and `sname` (RFC 3396); undefined when it is not there.
 */
export function getBytes(message: Message, code: number): Uint8Array | undefined {
  let first: Option | undefined;
  let several = false;
  for (const option of message.options) {
    if (option.code !== code) continue;
    if (first) several = true;
    first ??= option;
  }
  if (!first) return undefined;
  return several ? concat(findOptions(message, code)) : first.data;
}

/** The parts that make up a value: all options of its code, or the first when it is whole by itself and cannot be longer. */
function wholeOf(parts: Option[], spec: NamedSpec | undefined): Option[] {
  if (parts.length > 1 && spec && Number.isFinite(spec.shape.max)) {
    const size = parts[0]!.data.length;
    // Servers repeat options of fixed size whole; joining them would spoil both.
    if (size >= spec.shape.min && size <= spec.shape.max && spec.shape.min === spec.shape.max) return [parts[0]!];
  }
  return parts;
}

/** The parts that make up the value of each code, codes in the order they first stand. One pass: a hostile message has a thousand options. */
export function valuesByCode(message: Message, registry: Registry<OptionTable>): Map<number, Option[]> {
  const byCode = new Map<number, Option[]>();
  for (const option of message.options) {
    const parts = byCode.get(option.code);
    if (parts) parts.push(option);
    else byCode.set(option.code, [option]);
  }
  for (const [code, parts] of byCode) if (parts.length > 1) byCode.set(code, wholeOf(parts, registry.byCode(code)));
  return byCode;
}

function contextOf(message: Message, code: number): ValueContext | undefined {
  if (code !== 43) return undefined;
  const vendorClass = getBytes(message, 60);
  return vendorClass && { vendorClass: readText(vendorClass, 0, vendorClass.length) };
}

/**
 * The value of an option by name or code, typed by the registry. Undefined when it is not there or its octets are no value of its
 * type: `check` says why.
 */
export function get<K extends OptionKey<StandardOptions>>(message: Message, key: K): OptionValue<StandardOptions, K> | undefined;
export function get<T extends OptionTable, K extends OptionKey<T>>(
  message: Message,
  key: K,
  registry: Registry<T>,
): OptionValue<T, K> | undefined;
export function get(message: Message, key: string | number, registry: Registry<OptionTable> = STANDARD): unknown {
  const spec = registry.find(key);
  if (!spec) return undefined;
  return valueOfParts(message, spec, wholeOf(findOptions(message, spec.code), spec));
}

function valueOfParts(message: Message, spec: NamedSpec, parts: readonly Option[], issues?: Issue[]): unknown {
  if (parts.length === 0) return undefined;
  const data = parts.length === 1 ? parts[0]!.data : concat(parts);
  return readShape(spec.shape, data, issues && reporter(message, spec, parts, issues), contextOf(message, spec.code));
}

/** Lists what is wrong with a value at the place in the datagram where it stands. */
function reporter(message: Message, spec: NamedSpec, parts: readonly Option[], issues: Issue[]): Report {
  // An option cut after its code has no length octet to pass over.
  const end = message.wire?.bytes.length ?? Number.POSITIVE_INFINITY;
  const sizes = parts.map(({ data }) => data.length);
  return (code, text, at) => {
    let part = 0;
    let left = at;
    while (part < sizes.length - 1 && left >= sizes[part]!) left -= sizes[part++]!;
    const offset = Math.min(end, (parts[part]!.offset ?? 0) + 2 + left);
    issues.push({ code, message: `Option ${spec.code} (${spec.name}): ${text}`, offset });
  };
}

/**
 * The values of all options, one for each entry of `message.options`: a value that stands in several parts at its first part, and
 * undefined at the others; undefined too where the octets are no value. Options that the registry does not have give their octets.
 */
export function readOptions(message: Message, registry: Registry<OptionTable> = STANDARD): unknown[] {
  const byCode = valuesByCode(message, registry);
  return message.options.map((entry) => {
    const spec = registry.byCode(entry.code);
    if (!spec) return entry.data;
    const parts = byCode.get(entry.code)!;
    if (parts.length === 1) return valueOfParts(message, spec, [entry]);
    return parts[0] === entry ? valueOfParts(message, spec, parts) : undefined;
  });
}

/** Whether a message carries an option. */
export function has(message: Message, key: OptionKey<StandardOptions> | number): boolean {
  const code = typeof key === 'number' ? key : STANDARD.find(key)!.code;
  return message.options.some((option) => option.code === code);
}

/** What is wrong with the values of a message's options, in the order of the options. */
export function check(message: Message, registry: Registry<OptionTable> = STANDARD): Issue[] {
  const issues: Issue[] = [];
  for (const [code, parts] of valuesByCode(message, registry)) {
    const spec = registry.byCode(code);
    if (spec) valueOfParts(message, spec, parts, issues);
  }
  return issues;
}

/** Makes an option from a typed value. Throws `DhcpError` `DHCP_ENCODE_VALUE`. */
export function option<K extends OptionKey<StandardOptions>>(key: K, value: OptionInput<StandardOptions, K>): Option;
export function option<T extends OptionTable, K extends OptionKey<T>>(key: K, value: OptionInput<T, K>, registry: Registry<T>): Option;
export function option(key: string | number, value: unknown, registry: Registry<OptionTable> = STANDARD): Option {
  const spec = specOf(key, registry);
  return { code: spec.code, region: 'options', data: written((writer) => writeValue(writer, spec, value)) };
}

/** The row of an option to make. */
export function specOf(key: string | number, registry: Registry<OptionTable>): NamedSpec {
  return registry.find(key) ?? unknownOption(key);
}

function unknownOption(key: string | number): never {
  throw new DhcpError('DHCP_ENCODE_OPTION', `No option ${key} is known: make it with rawOption.`);
}

/** Writes a value; an error names the option. */
export function writeValue(writer: Writer, spec: NamedSpec, value: unknown): void {
  try {
    spec.shape.write(writer, value);
  } catch (error) {
    if (error instanceof DhcpError) throw new DhcpError(error.code, `Option ${spec.code} (${spec.name}): ${error.message}`);
    throw error;
  }
}

/** Makes an option from octets. */
export function rawOption(code: number, data: Uint8Array): Option {
  return { code, region: 'options', data };
}
