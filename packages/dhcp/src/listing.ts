import { formatHex } from './address.js';
import { architecture } from './architecture.js';
import { type Message, messageTypeName } from './message.js';
import type { OptionTable, Registry } from './options/registry.js';
import { STANDARD } from './options/standard.js';
import { summary } from './summary.js';
import { readOptions } from './values.js';

/** The whole message for people: its summary, then a line for every field that is set and for every option in order. */
export function listing(message: Message, registry: Registry<OptionTable> = STANDARD): string {
  const lines = [summary(message)];
  const { options, wire: _wire, ...header } = message;
  for (const [name, value] of Object.entries(header)) {
    if (value === '' || value === '0.0.0.0' || (value === 0 && name !== 'xid')) continue;
    lines.push(`  ${name.padEnd(6)} ${name === 'xid' || name === 'flags' ? `0x${Number(value).toString(16)}` : value}`);
  }
  const values = readOptions(message, registry);
  for (const [index, { code, region, data }] of options.entries()) {
    const value = values[index];
    const name = registry.byCode(code)?.name ?? 'unknown';
    const shown = value === undefined ? formatHex(data, ' ') : optionText(code, value, registry);
    lines.push(`  ${String(code).padStart(3)} ${name}${region === 'options' ? '' : ` (in ${region})`}: ${shown}`);
  }
  return lines.join('\n');
}

function optionText(code: number, value: unknown, registry: Registry<OptionTable>): string {
  if (code === 53 && typeof value === 'number') return `${messageTypeName(value) ?? 'unknown'} (${value})`;
  if (code === 93 && Array.isArray(value))
    return value.map((type: number) => `${architecture(type)?.name ?? 'unknown'} (${type})`).join(', ');
  if (code === 55 && Array.isArray(value)) {
    return value.map((wanted: number) => `${wanted}${registry.byCode(wanted) ? ` ${registry.byCode(wanted)!.name}` : ''}`).join(', ');
  }
  if (code === 97) return machineIdText(value as { type: number; id: Uint8Array });
  return valueText(value);
}

/** A UUID in the byte order of the wire, as PXELINUX names its file after it. */
function machineIdText({ type, id }: { type: number; id: Uint8Array }): string {
  const [a, b, c, d, e] = [0, 4, 6, 8, 10].map((start, index, starts) => formatHex(id.subarray(start, starts[index + 1])));
  return `${a}-${b}-${c}-${d}-${e} (type ${type})`;
}

/** A value in one line. */
function valueText(value: unknown): string {
  if (value instanceof Uint8Array) return formatHex(value, ' ') || '(empty)';
  if (typeof value === 'string') return JSON.stringify(value);
  if (Array.isArray(value)) return value.length === 0 ? '(none)' : value.map(itemText).join(', ');
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .map(([name, item]) => `${name} ${Array.isArray(item) ? `[${valueText(item)}]` : valueText(item)}`)
    .join(' ');
}

function itemText(item: unknown): string {
  if (typeof item === 'string') return item;
  if (typeof item === 'object' && item !== null && 'code' in item && 'value' in item) {
    const { code, name, value } = item as { code: number; name?: string; value: unknown };
    return `${code} ${name ?? 'unknown'} = ${valueText(value)}`;
  }
  return typeof item === 'object' && !(item instanceof Uint8Array) ? `{${valueText(item)}}` : valueText(item);
}
