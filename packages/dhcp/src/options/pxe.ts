import { optionSpec as row } from './registry.js';
import { ipv4 } from './shapes/addresses.js';
import { fixedBytes, text } from './shapes/bytes.js';
import { countedAddresses } from './shapes/counted-addresses.js';
import { u8, u16, u32 } from './shapes/numbers.js';
import { counted, list, record } from './shapes/structures.js';
import { space } from './space.js';

const PXE = 'PXE 2.1';

/** Bits of discovery control, option 43.6. */
export const DiscoveryControl = {
  /** Do not broadcast. */
  DISABLE_BROADCAST: 1,
  /** Do not multicast. */
  DISABLE_MULTICAST: 2,
  /** Use and accept only the servers of option 43.8. */
  ONLY_LISTED_SERVERS: 4,
  /** Boot the file of the offer: no prompt, no menu, no discovery. */
  BOOT_FILE: 8,
} as const;

/**
 * What stands in option 43 when option 60 begins with PXEClient or HTTPClient. Layouts as EDK2 and iPXE read them. PXELINUX takes its
 * own options 209 to 211 from here too (RFC 5071 leaves that open; SYSLINUX does it).
 */
export const PXE_SPACE = space(
  'PXE',
  {
    mtftpAddress: row(1, ipv4, 'MTFTP multicast address', PXE),
    mtftpClientPort: row(2, u16, 'MTFTP client port', PXE),
    mtftpServerPort: row(3, u16, 'MTFTP server port', PXE),
    /** Seconds. */
    mtftpTimeout: row(4, u8, 'MTFTP start timeout', PXE),
    /** Seconds. */
    mtftpDelay: row(5, u8, 'MTFTP restart delay', PXE),
    /** Bits of `DiscoveryControl`. */
    discoveryControl: row(6, u8, 'Discovery control', PXE),
    discoveryMulticastAddress: row(7, ipv4, 'Discovery multicast address', PXE),
    /** Type 0 is the bootstrap server; no addresses: any server of the type answers. */
    bootServers: row(8, list(record({ type: u16, addresses: countedAddresses })), 'Boot servers', PXE),
    /** In menu order. Type 0 boots from the local disk. */
    bootMenu: row(9, list(record({ type: u16, description: counted(1, text) })), 'Boot menu', PXE),
    /** `timeout` in seconds: 0 takes the first item at once, 255 waits for a key. */
    menuPrompt: row(10, record({ timeout: u8, prompt: text }), 'Menu prompt', PXE),
    multicastAllocation: row(11, record({ base: ipv4, block: u16, range: u16 }), 'Multicast address allocation', PXE),
    credentialTypes: row(12, list(u32), 'Credential types', PXE),
    /** What the client picked from the menu. Bit 15 of `layer`: credentials are wanted. */
    bootItem: row(71, record({ type: u16, layer: u16 }), 'Boot item', PXE),
    pxelinuxMagic: row(208, fixedBytes(4), 'PXELINUX magic', 'RFC 5071'),
    pxelinuxConfigFile: row(209, text, 'PXELINUX configuration file', 'RFC 5071'),
    pxelinuxPathPrefix: row(210, text, 'PXELINUX path prefix', 'RFC 5071'),
    /** Seconds. */
    pxelinuxRebootTime: row(211, u32, 'PXELINUX reboot time', 'RFC 5071'),
  },
  { padAndEnd: true, writeEnd: true },
);

/** Option 43 is PXE's for these classes; without an option 60 it is when every sub-option is one of PXE's. */
export const PXE_VENDOR = {
  space: PXE_SPACE,
  matches: (vendorClass: string | undefined) => vendorClass === undefined || /^(PXE|HTTP)Client/.test(vendorClass),
};
