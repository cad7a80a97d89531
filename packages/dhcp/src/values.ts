import { DhcpError, type Issue } from './issue.js';
import type { Message, Option } from './message.js';
import type { ValueContext } from './options/cursor.js';
import type { NamedSpec, OptionInput, OptionKey, OptionTable, OptionValue, Registry } from './options/registry.js';
import { readShape, writeShape } from './options/shape.js';
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

/** The parts that make up the value: all of them, or the first when it is whole by itself and cannot be longer. */
export function partsOf(message: Message, code: number, spec: NamedSpec | undefined): Option[] {
  const parts = findOptions(message, code);
  if (parts.length > 1 && spec && Number.isFinite(spec.shape.max)) {
    const size = parts[0]!.data.length;
    // Servers repeat options of fixed size whole; joining them would spoil both.
    if (size >= spec.shape.min && size <= spec.shape.max && spec.shape.min === spec.shape.max) return [parts[0]!];
  }
  return parts;
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
  return valueOfParts(message, spec, partsOf(message, spec.code, spec));
}

function valueOfParts(message: Message, spec: NamedSpec, parts: readonly Option[], issues?: Issue[]): unknown {
  if (parts.length === 0) return undefined;
  const data = parts.length === 1 ? parts[0]!.data : concat(parts);
  const report =
    issues &&
    ((code: Issue['code'], text: string, at: number): void => {
      issues.push({ code, message: `Option ${spec.code} (${spec.name}): ${text}`, offset: datagramOffset(message, parts, at) });
    });
  return readShape(spec.shape, data, report, contextOf(message, spec.code));
}

/** Where in the datagram an octet of the joined value stands. */
function datagramOffset(message: Message, parts: readonly Option[], at: number): number {
  // An option cut after its code has no length octet to pass over.
  const end = message.wire?.bytes.length ?? Number.POSITIVE_INFINITY;
  let left = at;
  for (const part of parts) {
    if (left < part.data.length || part === parts.at(-1)) return Math.min(end, (part.offset ?? 0) + 2 + left);
    left -= part.data.length;
  }
  return 0;
}

/**
 * The values of all options, one for each entry of `message.options`: a value that stands in several parts at its first part, and
 * undefined at the others; undefined too where the octets are no value. Options that the registry does not have give their octets.
 */
export function readOptions(message: Message, registry: Registry<OptionTable> = STANDARD): unknown[] {
  // Looked up once for each code: a hostile datagram repeats one thousands of times.
  const partsByCode = new Map<number, Option[]>();
  for (const { code } of message.options) {
    const spec = registry.byCode(code);
    if (spec && !partsByCode.has(code)) partsByCode.set(code, partsOf(message, code, spec));
  }
  return message.options.map((entry) => {
    const spec = registry.byCode(entry.code);
    if (!spec) return entry.data;
    const parts = partsByCode.get(entry.code)!;
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
  const seen = new Set<number>();
  for (const { code } of message.options) {
    const spec = registry.byCode(code);
    if (!spec || seen.has(code)) continue;
    seen.add(code);
    valueOfParts(message, spec, partsOf(message, code, spec), issues);
  }
  return issues;
}

/** Makes an option from a typed value. Throws `DhcpError` `DHCP_ENCODE_VALUE`. */
export function option<K extends OptionKey<StandardOptions>>(key: K, value: OptionInput<StandardOptions, K>): Option;
export function option<T extends OptionTable, K extends OptionKey<T>>(key: K, value: OptionInput<T, K>, registry: Registry<T>): Option;
export function option(key: string | number, value: unknown, registry: Registry<OptionTable> = STANDARD): Option {
  const spec = registry.find(key);
  if (!spec) throw new DhcpError('DHCP_ENCODE_OPTION', `No option ${key} is known: make it with rawOption.`);
  try {
    return { code: spec.code, region: 'options', data: writeShape(spec.shape, value) };
  } catch (error) {
    if (error instanceof DhcpError) throw new DhcpError(error.code, `Option ${spec.code} (${spec.name}): ${error.message}`);
    throw error;
  }
}

/** Makes an option from octets. */
export function rawOption(code: number, data: Uint8Array): Option {
  return { code, region: 'options', data };
}
