import { type Architecture, architecture } from './architecture.js';
import type { Message } from './message.js';
import { get, getBytes } from './values.js';

export interface Classification {
  /** Who sent the message. */
  kind: 'pxe' | 'http-boot' | 'ipxe' | 'raspberry-pi' | 'u-boot' | 'installer' | 'other';
  /** How it wants its boot file: named by a path and fetched over TFTP, or by a URL. Undefined: it does not boot from the network. */
  boot: 'pxe' | 'http' | undefined;
  /** The first architecture of option 93 that is known; else the one that option 60 names. */
  architecture: Architecture | undefined;
  /** Architecture types as sent, known or not. */
  architectureCodes: number[];
  /** Option 60. */
  vendorClass: string | undefined;
  /** Option 77. */
  userClasses: string[];
  /** There when iPXE sent it, as a boot ROM too. */
  ipxe: IpxeInfo | undefined;
  /** Which installer. */
  installer: 'anaconda' | 'debian-installer' | undefined;
}

export interface IpxeInfo {
  /** `1.21.1`, when it says. */
  version: string | undefined;
  /** Names of its features: `http`, `https`, `bzimage`, `efi`, `menu` ... */
  features: string[];
}

/** Addresses of Raspberry Pi hardware begin with these. */
const RASPBERRY_PI = ['28:cd:c1', '2c:cf:67', '3a:35:41', 'b8:27:eb', 'd8:3a:dd', 'dc:a6:32', 'e4:5f:01', '88:a2:9e'];

/** Which firmware, boot loader or installer sent a request. */
export function classify(message: Message): Classification {
  const vendorClass = get(message, 'vendorClassIdentifier');
  const userClasses = get(message, 'userClass') ?? [];
  const architectureCodes = get(message, 'clientArchitecture') ?? [];
  const ipxe = ipxeInfo(message, userClasses);
  const known = [...architectureCodes, ...architectureOfClass(vendorClass)].map(architecture).find((found) => found !== undefined);
  const http = vendorClass?.startsWith('HTTPClient') || known?.http === true;
  const pxe = vendorClass?.startsWith('PXEClient') === true;
  const installer = installerOf(vendorClass, userClasses);
  const kind = kindOf();
  return {
    kind,
    boot: http ? 'http' : kind === 'other' || kind === 'installer' ? undefined : 'pxe',
    architecture: known,
    architectureCodes,
    vendorClass,
    userClasses,
    ipxe,
    installer,
  };

  function kindOf(): Classification['kind'] {
    if (ipxe) return 'ipxe';
    if (installer) return 'installer';
    if (vendorClass?.startsWith('U-Boot') || known?.firmware === 'u-boot') return 'u-boot';
    if (known?.firmware === 'rpi' || (pxe && RASPBERRY_PI.includes(message.chaddr.slice(0, 8)))) return 'raspberry-pi';
    if (http) return 'http-boot';
    return pxe || known ? 'pxe' : 'other';
  }
}

function ipxeInfo(message: Message, userClasses: readonly string[]): IpxeInfo | undefined {
  const options = getBytes(message, 175) ? get(message, 'ipxe') : undefined;
  const features = (options ?? []).flatMap(({ name }) => (name?.startsWith('feature') ? [name.slice('feature'.length).toLowerCase()] : []));
  if (!userClasses.includes('iPXE') && !userClasses.includes('gPXE') && features.length === 0) return undefined;
  const version = options?.find((entry) => entry.name === 'version')?.value;
  return { version: version && `${version.major}.${version.minor}.${version.patch}`, features };
}

/** `PXEClient:Arch:00007:UNDI:003016`. U-Boot writes the number in hex. */
function architectureOfClass(vendorClass: string | undefined): number[] {
  const digits = /^(?:PXE|HTTP)Client:Arch:([0-9a-fA-F]{5})/.exec(vendorClass ?? '')?.[1];
  if (digits === undefined) return [];
  const isHex = /[a-f]/i.test(digits);
  return [Number.parseInt(digits, isHex ? 16 : 10)];
}

function installerOf(vendorClass: string | undefined, userClasses: readonly string[]): Classification['installer'] {
  if (vendorClass?.startsWith('anaconda')) return 'anaconda';
  if (vendorClass?.startsWith('d-i') || userClasses.includes('d-i')) return 'debian-installer';
  return undefined;
}
