import type { BootAnswer, BootTable } from './boot.js';
import { configError } from './errors.js';
import { parseIpv4 } from './ipv4.js';
import { compileOptions } from './options.js';
import { menuOption } from './pxe.js';

/**
 * The table as it is, once everything in it is known to be sendable.
 *
 * @throws DHCP_SERVER_CONFIG naming the field
 */
export function checkBootTable(table: BootTable | undefined, field: string): BootTable | undefined {
  for (const [kind, row] of Object.entries(table ?? {})) if (row !== null && typeof row === 'object') checkAnswer(row, `${field}.${kind}`);
  return table;
}

function checkAnswer({ nextServer, options, menu }: BootAnswer, field: string): void {
  checkAddress(nextServer, `${field}.nextServer`);
  compileOptions(options, `${field}.options`);
  for (const [n, item] of (menu?.items ?? []).entries()) {
    for (const server of item.servers ?? []) checkAddress(server, `${field}.menu.items[${n}].servers`);
    if (item.type !== undefined && !(Number.isInteger(item.type) && item.type >= 0 && item.type <= 0xffff))
      throw configError(`${field}.menu.items[${n}].type`, `${item.type} is no boot server type from 0 to 65535`);
  }
  if (menu !== undefined) menuOption(menu, 0, `${field}.menu`);
}

function checkAddress(text: string | undefined, field: string): void {
  if (text !== undefined && parseIpv4(text) === undefined) throw configError(field, `"${text}" is no IPv4 address`);
}
