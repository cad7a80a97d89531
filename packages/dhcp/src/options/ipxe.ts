import { optionSpec as row } from './registry.js';
import { ipv4 } from './shapes/addresses.js';
import { bytes, text } from './shapes/bytes.js';
import { i8, u8, u16, u32 } from './shapes/numbers.js';
import { record } from './shapes/structures.js';
import { space } from './space.js';

const IPXE = 'iPXE dhcp.h';

/** iPXE's encapsulated options, option 175. A feature's value is its version; being there is what counts. */
export const IPXE_SPACE = space(
  'iPXE',
  {
    /** Among offers the highest wins. */
    priority: row(1, i8, 'Offer priority', IPXE),
    yiaddr: row(2, ipv4, 'Your address (inside iPXE only)', IPXE),
    siaddr: row(3, ipv4, 'Server address (inside iPXE only)', IPXE),
    keepSan: row(8, u8, 'Keep SAN device', IPXE),
    skipSanBoot: row(9, u8, 'Do not boot from the SAN device', IPXE),
    featurePxeExt: row(16, u8, 'Feature: PXE extensions', IPXE),
    featureIscsi: row(17, u8, 'Feature: iSCSI', IPXE),
    featureAoe: row(18, u8, 'Feature: ATA over Ethernet', IPXE),
    featureHttp: row(19, u8, 'Feature: HTTP', IPXE),
    featureHttps: row(20, u8, 'Feature: HTTPS', IPXE),
    featureTftp: row(21, u8, 'Feature: TFTP', IPXE),
    featureFtp: row(22, u8, 'Feature: FTP', IPXE),
    featureDns: row(23, u8, 'Feature: DNS', IPXE),
    featureBzimage: row(24, u8, 'Feature: bzImage', IPXE),
    featureMultiboot: row(25, u8, 'Feature: Multiboot', IPXE),
    featureSlam: row(26, u8, 'Feature: SLAM', IPXE),
    featureSrp: row(27, u8, 'Feature: SRP', IPXE),
    featureNbi: row(32, u8, 'Feature: NBI', IPXE),
    featurePxe: row(33, u8, 'Feature: PXE', IPXE),
    featureElf: row(34, u8, 'Feature: ELF', IPXE),
    featureComboot: row(35, u8, 'Feature: COMBOOT', IPXE),
    featureEfi: row(36, u8, 'Feature: EFI', IPXE),
    featureFcoe: row(37, u8, 'Feature: FCoE', IPXE),
    featureVlan: row(38, u8, 'Feature: VLAN', IPXE),
    featureMenu: row(39, u8, 'Feature: menus', IPXE),
    featureSdi: row(40, u8, 'Feature: SDI', IPXE),
    featureNfs: row(41, u8, 'Feature: NFS', IPXE),
    scriptlet: row(81, text, 'Scriptlet', IPXE),
    syslogs: row(85, text, 'Encrypted syslog server', IPXE),
    trust: row(90, bytes, 'Trusted root fingerprints', IPXE),
    cert: row(91, bytes, 'Client certificate', IPXE),
    privateKey: row(92, bytes, 'Client private key', IPXE),
    crossCert: row(93, text, 'Cross-signed certificate source', IPXE),
    /** 1: do not wait for a proxyDHCP offer. */
    noPxeDhcp: row(176, u8, 'Do not wait for proxyDHCP', IPXE),
    /** `bus` 1 is PCI. */
    busId: row(177, record({ bus: u8, vendor: u16, device: u16 }), 'Network device', IPXE),
    useCached: row(178, u8, 'Use cached network settings (obsolete)', IPXE),
    sanRetry: row(187, i8, 'SAN retry count', IPXE),
    sanFilename: row(188, text, 'SAN file name', IPXE),
    sanDrive: row(189, u8, 'SAN drive number', IPXE),
    username: row(190, text, 'User name', IPXE),
    password: row(191, text, 'Password', IPXE),
    reverseUsername: row(192, text, 'Reverse user name', IPXE),
    reversePassword: row(193, text, 'Reverse password', IPXE),
    uid: row(194, u32, 'User ID', IPXE),
    gid: row(195, u32, 'Group ID', IPXE),
    version: row(235, record({ major: u8, minor: u8, patch: u8 }), 'iPXE version', IPXE),
  },
  { padAndEnd: true },
);
