import type { Client } from './model.js';
import { hardwareName } from './sysappend.js';

/** Loaders that look for their configuration over the network. */
export type NetworkLoader = 'pxelinux' | 'uboot' | 'petitboot';

/** A client and what DHCP told it. */
export interface BootClient extends Client {
  /** Boot file name (the `file` field or option 67). */
  bootFile?: string;
  /** Option 209, the configuration file. */
  configFile?: string;
  /** Option 210, put in front of all names as it is. */
  pathPrefix?: string;
  /** U-Boot's `$arch`, `$soc` and `$board`, for its `default-…` names and the device tree in FDTDIR. */
  arch?: string;
  soc?: string;
  board?: string;
}

/** A file name a client asks for, and what made it do so. */
export interface Candidate {
  path: string;
  source: 'option-209' | 'uuid' | 'mac' | 'ip' | 'default';
}

const FOLDER = 'pxelinux.cfg/';

/**
 * The configuration files a client asks for, in order, until one is there. What the client does not know is left out.
 *
 * - `pxelinux` (6.04, seen on the real loader): option 209, UUID, hardware address, address in hex from 8 digits to 1,
 *   `default`. It reads `ldlinux.c32` before.
 * - `uboot` (seen on 2023.01): option 209 and nothing else when it is set, otherwise the same with
 *   `default-<arch>-<soc>-<board>` and shorter. The UUID is `$pxeuuid` as it stands.
 * - `petitboot`: like U-Boot, without the UUID.
 *
 * iPXE does not read these files: it hands options 209 and 210 on to the `pxelinux.0` it starts.
 */
export function candidates(client: BootClient, { loader = 'pxelinux' }: { loader?: NetworkLoader } = {}): Candidate[] {
  const prefix = pathPrefix(client, { loader });
  const found: Candidate[] = [];
  const add = (source: Candidate['source'], name: string) => found.push({ source, path: prefix + FOLDER + name });
  if (client.configFile) {
    // petitboot takes the file from the root when there is no option 210.
    const folder = loader === 'petitboot' ? (client.pathPrefix ?? '') : prefix;
    found.push({ source: 'option-209', path: isAbsolute(client.configFile, loader) ? client.configFile : folder + client.configFile });
    if (loader !== 'pxelinux') return found;
  }
  if (client.uuid !== undefined && (loader === 'uboot' || (loader === 'pxelinux' && hasUuidVersion(client.uuid)))) {
    add('uuid', loader === 'pxelinux' ? client.uuid.toLowerCase() : client.uuid);
  }
  if (client.mac !== undefined) add('mac', hardwareName(client.mac, loader === 'pxelinux' ? client.arpType : 1));
  const hex = client.ip === undefined ? undefined : addressInHex(client.ip);
  for (let digits = hex?.length ?? 0; digits > 0; digits--) add('ip', (hex as string).slice(0, digits));
  if (loader === 'uboot') {
    const { arch, soc, board } = client;
    if (arch && soc && board) add('default', `default-${arch}-${soc}-${board}`);
    if (arch && soc) add('default', `default-${arch}-${soc}`);
    if (arch) add('default', `default-${arch}`);
  }
  add('default', 'default');
  return found;
}

/**
 * What a loader puts in front of the names it asks for.
 *
 * PXELINUX without option 210 cuts the boot file name after its last byte that is no letter, digit, `.` or `-`; so
 * `/my_pxelinux.0` gives `/my_`. U-Boot and petitboot cut at the last slash; U-Boot does not know option 210.
 */
export function pathPrefix({ bootFile = '', pathPrefix }: BootClient, { loader = 'pxelinux' }: { loader?: NetworkLoader } = {}): string {
  if (pathPrefix !== undefined && loader !== 'uboot') return pathPrefix;
  if (loader !== 'pxelinux') return bootFile.slice(0, bootFile.lastIndexOf('/') + 1);
  let end = bootFile.length;
  while (end > 0 && /[0-9A-Za-z.-]/.test(bootFile.charAt(end - 1))) end--;
  return bootFile.slice(0, end);
}

/**
 * A UUID as PXELINUX prints it, from the form `dmidecode` and the firmware's setup show for SMBIOS 2.6 and later, and back:
 * the bytes of the first three fields are reversed.
 */
export function swapUuid(uuid: string): string {
  const fields = uuid.split('-');
  return fields.map((field, i) => (i < 3 ? (field.match(/../g) ?? []).reverse().join('') : field)).join('-');
}

/** An IPv4 address as eight upper-case hex digits; `undefined` for what is none. */
export function addressInHex(ip: string): string | undefined {
  const parts = ip.split('.');
  if (parts.length !== 4 || parts.some((part) => !/^\d{1,3}$/.test(part) || Number(part) > 255)) return undefined;
  return parts.map((part) => Number(part).toString(16).padStart(2, '0').toUpperCase()).join('');
}

/** PXELINUX takes a UUID for none when its version digit, the first of the third field, is 0 or 15. */
function hasUuidVersion(uuid: string): boolean {
  return !/^[0f]/i.test(uuid.split('-')[2] ?? '0');
}

function isAbsolute(name: string, loader: NetworkLoader): boolean {
  if (loader === 'pxelinux') return name.includes('::') || /^[a-z]+:\/\//i.test(name);
  return loader === 'petitboot' && /^[a-z]+:\/\//i.test(name);
}
