import { type OPTIONS, type OptionInputs, option, STANDARD } from '@pxekit/dhcp';
import { configError } from './errors.js';

/**
 * Option values by name, typed by the table of `@pxekit/dhcp` (`routers: ['192.168.7.1']`), or raw bytes by code
 * (`{ 224: Uint8Array.of(1) }`). `null` leaves out what a wider scope has set.
 */
export type OptionValues = { [K in keyof NamedOptions]?: NamedOptions[K] | null } & { [code: number]: Uint8Array | null };

type NamedOptions = OptionInputs<typeof OPTIONS>;

/** Options by code, in the order they were written, as bytes ready to send; `null` removes. */
export type CompiledOptions = ReadonlyMap<number, Uint8Array | null>;

const NONE: CompiledOptions = new Map();
// Values of a configuration or a boot table are the same objects for every request.
const compiled = new WeakMap<OptionValues, CompiledOptions>();

/** @throws DHCP_SERVER_CONFIG naming the field */
export function compileOptions(values: OptionValues | undefined, field: string): CompiledOptions {
  if (values === undefined) return NONE;
  const known = compiled.get(values);
  if (known !== undefined) return known;
  const options = new Map<number, Uint8Array | null>();
  for (const [key, value] of Object.entries(values)) {
    if (value === undefined) continue;
    const code = /^\d+$/.test(key) ? Number(key) : STANDARD.find(key)?.code;
    if (code === undefined) throw configError(`${field}.${key}`, 'is no option that is known; give its code and bytes');
    if (code < 1 || code > 254) throw configError(`${field}.${key}`, 'the code of an option is 1 to 254');
    options.set(code, value === null ? null : toBytes(key, value, `${field}.${key}`));
  }
  compiled.set(values, options);
  return options;
}

function toBytes(key: string, value: unknown, field: string): Uint8Array {
  if (/^\d+$/.test(key)) {
    if (value instanceof Uint8Array) return value;
    throw configError(field, 'the value of an option given by code is a Uint8Array');
  }
  try {
    return option(key as keyof NamedOptions, value as never).data;
  } catch (error) {
    throw configError(field, (error as Error).message);
  }
}
