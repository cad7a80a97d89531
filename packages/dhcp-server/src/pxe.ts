import type { BootAnswer, BootMenu, BootMenuItem } from './boot.js';
import { configError } from './errors.js';
import type { RequestFacts } from './facts.js';
import { type Ipv4, parseIpv4 } from './ipv4.js';
import { ascii, u32 } from './reply.js';

/** The PXE boot server type of each item of a menu: as given, 0 for local boot, else numbered from 32768. */
function itemType(item: BootMenuItem, index: number): number {
  return item.type ?? (item.filename === undefined ? 0 : 32768 + index);
}

/** Items that a client can choose: what has no file and no other server boots locally. */
export function findItem(menu: BootMenu, type: number): BootMenuItem | undefined {
  return menu.items.find((item, index) => itemType(item, index) === type);
}

/** Bits of discovery control (43.6). */
const NO_BROADCAST = 1;
const NO_MULTICAST = 2;
const ONLY_LISTED = 4;
const BOOT_AT_ONCE = 8;

/** Sub-options of option 43, closed by 255: firmware that scans for an end reads on otherwise. */
function encapsulate(subOptions: readonly (readonly [number, Uint8Array])[]): Uint8Array {
  const bytes: number[] = [];
  for (const [code, data] of subOptions) bytes.push(code, data.length, ...data);
  return Uint8Array.from([...bytes, 255]);
}

/** Option 43 that says: boot the file of this offer, no prompt, no discovery. */
export const BOOT_FILE_AT_ONCE = encapsulate([[6, Uint8Array.of(BOOT_AT_ONCE)]]);

/** What a Raspberry Pi looks for in option 43 before it takes a boot server (its boot ROM compares this text). */
export const RASPBERRY_PI = encapsulate([
  [6, Uint8Array.of(ONLY_LISTED | NO_BROADCAST | NO_MULTICAST)],
  [9, Uint8Array.of(0, 0, 20, ...ascii('Raspberry Pi Boot   '))],
  [10, Uint8Array.of(0, ...ascii('PXE'))],
]);

/**
 * Option 43 with the menu: the firmware asks the listed servers, and no others, for the item that was chosen.
 *
 * @throws DHCP_SERVER_CONFIG if it is too long for one option: firmware does not put several together
 */
export function menuOption(menu: BootMenu, server: Ipv4, field = 'menu'): Uint8Array {
  const entries: number[] = [];
  const servers: number[] = [];
  menu.items.forEach((item, index) => {
    const type = itemType(item, index);
    const label = ascii(item.label);
    entries.push(type >>> 8, type & 255, label.length, ...label);
    if (type === 0) return;
    const addresses = item.servers?.map((each) => parseIpv4(each) ?? 0) ?? [server];
    servers.push(type >>> 8, type & 255, addresses.length, ...addresses.flatMap((each) => [...u32(each)]));
  });
  const subOptions: [number, Uint8Array][] = [[6, Uint8Array.of(NO_BROADCAST | NO_MULTICAST | ONLY_LISTED)]];
  if (servers.length > 0) subOptions.push([8, Uint8Array.from(servers)]);
  subOptions.push([9, Uint8Array.from(entries)]);
  subOptions.push([10, Uint8Array.of(Math.min(255, menu.timeout ?? 0), ...ascii(menu.prompt ?? 'Boot menu'))]);
  const length = subOptions.reduce((sum, [, data]) => sum + 2 + data.length, 1);
  if (length > 255) throw configError(field, `labels, servers and prompt make ${length} bytes; option 43 has room for 255`);
  return encapsulate(subOptions);
}

/** The boot item (43.71) of a request to a boot server. */
export function requestedItem(facts: RequestFacts): { type: number; layer: number } | undefined {
  const bytes = facts.pxeOptions;
  if (bytes === undefined) return undefined;
  for (let at = 0; at < bytes.length; ) {
    const code = bytes[at]!;
    if (code === 255) break;
    if (code === 0) {
      at++;
      continue;
    }
    const length = bytes[at + 1] ?? 0;
    if (code === 71 && length >= 4 && at + 6 <= bytes.length)
      return { type: (bytes[at + 2]! << 8) | bytes[at + 3]!, layer: (bytes[at + 4]! << 8) | bytes[at + 5]! };
    at += 2 + length;
  }
  return undefined;
}

/** Option 43 of a boot server's answer: the item that was asked for, and its file at once. */
export function bootItemOption(item: { type: number; layer: number }): Uint8Array {
  return encapsulate([
    [6, Uint8Array.of(BOOT_AT_ONCE)],
    [71, Uint8Array.of(item.type >>> 8, item.type & 255, item.layer >>> 8, item.layer & 255)],
  ]);
}

/** A menu that is only one file is that file: UEFI firmware shows no menu of one item, and some fail on it. */
export function withoutMenuOfOne(answer: BootAnswer): BootAnswer {
  const only = answer.menu?.items.length === 1 ? answer.menu.items[0]! : undefined;
  if (only?.filename === undefined) return answer;
  const { menu: _, ...rest } = answer;
  return { ...rest, filename: only.filename, ...(only.servers?.[0] === undefined ? {} : { nextServer: only.servers[0] }) };
}
