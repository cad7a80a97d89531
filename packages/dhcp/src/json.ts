import { formatHex, parseHex } from './address.js';
import { decode } from './decode.js';
import { encode } from './encode.js';
import { DhcpError, type Issue } from './issue.js';
import type { Message, Option, Region } from './message.js';
import type { OptionTable, Registry } from './options/registry.js';
import { STANDARD } from './options/standard.js';
import { option, rawOption, readOptions } from './values.js';

/** One option as JSON. */
export interface OptionJson {
  code: number;
  /** Name in the registry; null for a code it does not have. */
  name: string | null;
  region: Region;
  hex: string;
  /**
   * The value, octets as hex and 64-bit numbers as decimal text. Null when the octets are no value of the type, or when this is a
   * further part of a value that stands at the first part.
   */
  value: unknown;
}

/** A message as JSON: what `pxekit dhcp decode --json` prints. */
export interface MessageJson extends Omit<Message, 'options' | 'wire'> {
  options: OptionJson[];
  issues: Issue[];
  /** Hex of the message encoded again as it stands. */
  roundtrip: string;
}

/** A message as plain JSON. */
export function toJson(message: Message, issues: readonly Issue[] = [], registry: Registry<OptionTable> = STANDARD): MessageJson {
  const { options, wire: _wire, ...header } = message;
  const values = readOptions(message, registry);
  return {
    ...header,
    options: options.map(({ code, region, data }, index) => ({
      code,
      name: registry.byCode(code)?.name ?? null,
      region,
      hex: formatHex(data),
      value: jsonValue(values[index]),
    })),
    issues: [...issues],
    roundtrip: formatHex(encode(message)),
  };
}

function jsonValue(value: unknown): unknown {
  if (value === undefined) return null;
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Uint8Array) return formatHex(value);
  if (Array.isArray(value)) return value.map(jsonValue);
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value)
        .filter(([, item]) => item !== undefined)
        .map(([key, item]) => [key, jsonValue(item)]),
    );
  }
  return value;
}

const NUMBERS = ['op', 'htype', 'hlen', 'hops', 'xid', 'secs', 'flags'] as const;
const TEXTS = ['ciaddr', 'yiaddr', 'siaddr', 'giaddr', 'chaddr', 'sname', 'file'] as const;
const MESSAGE_KEYS = new Set<string>([...NUMBERS, ...TEXTS, 'options', 'issues', 'roundtrip']);
const OPTION_KEYS = new Set(['code', 'name', 'region', 'hex', 'value']);

function wrong(what: string): never {
  throw new DhcpError('DHCP_JSON', what);
}

/** A misspelt key would be left out in silence. */
function refuseUnknown(given: object, keys: ReadonlySet<string>, what: string): void {
  for (const key of Object.keys(given)) if (!keys.has(key)) wrong(`${what} has no ${JSON.stringify(key)}.`);
}

/**
 * The message that JSON of `toJson` stands for. Everything is optional. An option is taken from its `hex`, or from its `value` when
 * there is no `hex` (a further part of a value that stands before has neither); when both are there they have to agree. With `roundtrip`, octets that no field shows (padding, what follows the
 * End option) come back too, as long as the options are as they were: all of them, so let `decode` read all (`maxOptions`). Throws `DhcpError` `DHCP_JSON` and the codes of `encode`.
 */
export function fromJson(json: unknown, registry: Registry<OptionTable> = STANDARD): Message {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) wrong('A message is a JSON object.');
  const given = json as Record<string, unknown>;
  refuseUnknown(given, MESSAGE_KEYS, 'A message');
  const base = baseOf(given.roundtrip);
  for (const field of NUMBERS) {
    const value = given[field] ?? base[field];
    if (typeof value !== 'number') wrong(`"${field}" is a number, not ${JSON.stringify(value)}.`);
    base[field] = value;
  }
  for (const field of TEXTS) {
    const value = given[field] ?? base[field];
    if (typeof value !== 'string') wrong(`"${field}" is a text, not ${JSON.stringify(value)}.`);
    base[field] = value;
  }
  if (given.hlen === undefined && given.roundtrip === undefined && base.chaddr !== '') base.hlen = base.chaddr.split(':').length;
  if (given.options === undefined) return base;
  if (!Array.isArray(given.options)) wrong('"options" is a list.');
  const entries = withoutFurtherParts(given.options.map((entry) => entryOf(entry)));
  const options = entries.map((entry) => makeOption(entry, registry));
  if (!sameOptions(options, base.options)) base.options = options;
  refuseContradictions(entries, base, registry);
  return base;
}

function baseOf(roundtrip: unknown): Message {
  if (roundtrip === undefined) {
    const address = '0.0.0.0';
    const zero = { hops: 0, xid: 0, secs: 0, flags: 0, ciaddr: address, yiaddr: address, siaddr: address, giaddr: address };
    return { op: 1, htype: 1, hlen: 0, ...zero, chaddr: '', sname: '', file: '', options: [] };
  }
  const octets = typeof roundtrip === 'string' ? parseHex(roundtrip) : undefined;
  return decode(octets ?? wrong('"roundtrip" is hex.'), { maxOptions: Number.POSITIVE_INFINITY }).message;
}

interface Entry {
  code?: number;
  name?: string;
  region: Region;
  hex?: string;
  value: unknown;
}

function entryOf(entry: unknown): Entry {
  if (typeof entry !== 'object' || entry === null) wrong('An option is an object with "code" and "hex" or "value".');
  refuseUnknown(entry, OPTION_KEYS, 'An option');
  const { code, name, region = 'options', hex, value = null } = entry as Record<string, unknown>;
  if (region !== 'options' && region !== 'file' && region !== 'sname') wrong(`${JSON.stringify(region)} is no region.`);
  if (hex !== undefined && typeof hex !== 'string') wrong('"hex" is a text.');
  if (typeof code === 'number') return { code, region, hex, value };
  if (typeof name === 'string') return { name, region, hex, value };
  return wrong('An option has a "code" or a "name".');
}

/** A value in several options stands whole at the first of them, and is put in parts again when it is written. */
function withoutFurtherParts(entries: readonly Entry[]): Entry[] {
  const begun = new Set<number | string>();
  return entries.filter(({ code, name, hex, value }) => {
    const key = code ?? name!;
    if (hex === undefined && value === null && begun.has(key)) return false;
    begun.add(key);
    return true;
  });
}

function makeOption({ code, name, region, hex, value }: Entry, registry: Registry<OptionTable>): Option {
  const key = code ?? name!;
  const spec = registry.find(key);
  const number = code ?? spec?.code ?? wrong(`No option ${key} is known.`);
  if (hex === undefined && value === null) wrong(`Option ${key} has neither "hex" nor a "value".`);
  // Options that the registry does not have show their octets as the value.
  const octets = hex ?? (spec ? undefined : value);
  if (octets === undefined) return { ...option(key, value as never, registry), region };
  const data = typeof octets === 'string' ? parseHex(octets) : undefined;
  return { ...rawOption(number, data ?? wrong(`Option ${key}: ${JSON.stringify(octets)} is no hex.`)), region };
}

function sameOptions(a: readonly Option[], b: readonly Option[]): boolean {
  return (
    a.length === b.length &&
    a.every((one, index) => {
      const other = b[index]!;
      return one.code === other.code && one.region === other.region && formatHex(one.data) === formatHex(other.data);
    })
  );
}

function refuseContradictions(entries: readonly Entry[], message: Message, registry: Registry<OptionTable>): void {
  const values = readOptions(message, registry);
  for (const [index, { code, name, hex, value }] of entries.entries()) {
    if (hex === undefined || value === null) continue;
    if (JSON.stringify(jsonValue(values[index])) !== JSON.stringify(value)) {
      wrong(`Option ${code ?? name}: "hex" and "value" do not agree. Remove the one that is not meant.`);
    }
  }
}
