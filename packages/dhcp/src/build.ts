import { DhcpError } from './issue.js';
import { BOOTREQUEST, type Message, type Option } from './message.js';
import type { OptionInputs, OptionTable, Registry } from './options/registry.js';
import { written } from './options/shape.js';
import { STANDARD, type StandardOptions } from './options/standard.js';
import { StoredOption } from './stored-option.js';
import { specOf, writeValue } from './values.js';

/** Options of a message to build: values by name, or options made with `option` and `rawOption`. */
export type OptionsInput<T extends OptionTable = StandardOptions> = OptionInputs<T> | readonly Option[];

/** Header fields of a message to build; what is left out is zero, empty, or for `htype` and `hlen` follows from `chaddr`. */
export type HeaderInput = Partial<Omit<Message, 'options' | 'wire'>>;

/** Makes options in the order they are named. Throws `DhcpError` `DHCP_ENCODE_VALUE` or `DHCP_ENCODE_OPTION`. */
export function makeOptions(input: OptionsInput): Option[];
export function makeOptions<T extends OptionTable>(input: OptionsInput<T>, registry: Registry<T>): Option[];
export function makeOptions(input: OptionsInput<OptionTable>, registry: Registry<OptionTable> = STANDARD): Option[] {
  if (isOptions(input)) return [...input];
  const made: StoredOption[] = [];
  const block = written((writer) => {
    for (const name in input) {
      const value = input[name];
      if (value === undefined) continue;
      const spec = specOf(name, registry);
      const start = writer.size;
      writeValue(writer, spec, value);
      made.push(new StoredOption(spec.code, 'options', NOTHING, start, writer.size - start));
    }
  });
  for (const option of made) option.source = block;
  return made;
}

const NOTHING = new Uint8Array(0);

function isOptions(input: OptionsInput<OptionTable>): input is readonly Option[] {
  return Array.isArray(input);
}

const NO_ADDRESS = '0.0.0.0';

/** A message of these fields and options; everything else is zero. */
export function createMessage(fields: HeaderInput & { options?: OptionsInput } = {}): Message {
  const { chaddr = '' } = fields;
  // Field by field: engines keep an object that was spread together in a slower form.
  return {
    op: fields.op ?? BOOTREQUEST,
    htype: fields.htype ?? 1,
    hlen: fields.hlen ?? (chaddr === '' ? 0 : chaddr.split(':').length),
    hops: fields.hops ?? 0,
    xid: fields.xid ?? 0,
    secs: fields.secs ?? 0,
    flags: fields.flags ?? 0,
    ciaddr: fields.ciaddr ?? NO_ADDRESS,
    yiaddr: fields.yiaddr ?? NO_ADDRESS,
    siaddr: fields.siaddr ?? NO_ADDRESS,
    giaddr: fields.giaddr ?? NO_ADDRESS,
    chaddr,
    sname: fields.sname ?? '',
    file: fields.file ?? '',
    options: makeOptions(fields.options ?? {}),
  };
}

/** The message with these options set. One that is there is replaced where it stands first; the rest is added at the end. */
export function withOptions(message: Message, input: OptionsInput): Message;
export function withOptions<T extends OptionTable>(message: Message, input: OptionsInput<T>, registry: Registry<T>): Message;
export function withOptions(message: Message, input: OptionsInput<OptionTable>, registry: Registry<OptionTable> = STANDARD): Message {
  const added = new Map<number, Option[]>();
  for (const made of makeOptions(input, registry)) {
    const same = added.get(made.code);
    if (same) same.push(made);
    else added.set(made.code, [made]);
  }
  const options: Option[] = [];
  const placed = new Set<number>();
  for (const old of message.options) {
    const replacement = added.get(old.code);
    if (!replacement) options.push(old);
    else if (!placed.has(old.code)) options.push(...replacement);
    placed.add(old.code);
  }
  for (const [code, made] of added) if (!placed.has(code)) options.push(...made);
  return { ...message, options };
}

/** The message without these options, by name or code. */
export function withoutOptions(message: Message, ...keys: ((keyof StandardOptions & string) | number)[]): Message {
  const codes = new Set(
    keys.map((key) => {
      if (typeof key === 'number') return key;
      const spec = STANDARD.find(key);
      if (!spec) throw new DhcpError('DHCP_ENCODE_OPTION', `No option ${key} is known.`);
      return spec.code;
    }),
  );
  return { ...message, options: message.options.filter(({ code }) => !codes.has(code)) };
}
