import { isBlank } from './line-table.js';
import type { Client } from './model.js';

/** Names of the strings that come from the DMI tables, from bit 4 on. */
const DMI_NAMES = [
  'SYSVENDOR',
  'SYSPRODUCT',
  'SYSVERSION',
  'SYSSERIAL',
  'SYSSKU',
  'SYSFAMILY',
  'MBVENDOR',
  'MBPRODUCT',
  'MBVERSION',
  'MBSERIAL',
  'MBASSET',
  'BIOSVENDOR',
  'BIOSVERSION',
  'SYSFF',
] as const;

/**
 * The strings a SYSAPPEND (or IPAPPEND) mask adds to a command line, in the order of their bits.
 *
 * Bit 0 `ip=`, 1 `BOOTIF=`, 2 `SYSUUID=`, 3 `CPU=`, 4 to 17 DMI. What the client does not say is left out.
 */
export function sysappendStrings(mask: number, client: Client | undefined): string[] {
  if (mask === 0 || client === undefined) return [];
  const strings: (string | undefined)[] = [
    client.ip === undefined
      ? undefined
      : `ip=${client.ip}:${client.server ?? '0.0.0.0'}:${client.gateway ?? '0.0.0.0'}:${client.netmask ?? '0.0.0.0'}`,
    client.mac === undefined ? undefined : `BOOTIF=${hardwareName(client.mac, client.arpType)}`,
    client.uuid === undefined ? undefined : `SYSUUID=${client.uuid.toLowerCase()}`,
    client.cpu === undefined ? undefined : `CPU=${client.cpu}`,
    ...DMI_NAMES.map((name) => (client.dmi?.[name] ? `${name}=${joinBlanks(client.dmi[name])}` : undefined)),
  ];
  return strings.filter((string, bit) => string !== undefined && (mask & (1 << bit)) !== 0) as string[];
}

/** ARP type and hardware address as PXELINUX writes them: `01-88-99-aa-bb-cc-dd`. */
export function hardwareName(mac: string, arpType = 1): string {
  return `${arpType.toString(16).padStart(2, '0')}-${mac.toLowerCase().replace(/[:.]/g, '-')}`;
}

/** White space becomes one underscore; at the ends it is dropped. */
function joinBlanks(text: string): string {
  let joined = '';
  let pending = false;
  for (const char of text) {
    if (isBlank(char.charCodeAt(0))) pending = joined !== '';
    else {
      joined += pending ? `_${char}` : char;
      pending = false;
    }
  }
  return joined;
}
