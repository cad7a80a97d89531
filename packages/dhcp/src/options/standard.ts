import { MessageType } from '../message.js';
import { IPXE_SPACE } from './ipxe.js';
import { PXE_VENDOR } from './pxe.js';
import { Registry, optionSpec as row } from './registry.js';
import { RELAY_SPACE } from './relay.js';
import { ipv4, ipv4List, ipv6 } from './shapes/addresses.js';
import { bytes, fixedBytes, fixedText, text } from './shapes/bytes.js';
import { clientIdentifier } from './shapes/client-id.js';
import { domainList, domainName, searchList } from './shapes/domains.js';
import { enterpriseOptions, vendorClasses } from './shapes/enterprise.js';
import { clientFqdn } from './shapes/fqdn.js';
import { coordinates, location } from './shapes/geo.js';
import { bool, flag, i32, oneOf, u8, u16, u32, u64 } from './shapes/numbers.js';
import { encryptedResolvers } from './shapes/resolvers.js';
import { routes } from './shapes/routes.js';
import { sipServers } from './shapes/sip.js';
import { counted, list, record } from './shapes/structures.js';
import { userClass } from './shapes/user-class.js';
import { vendorSpecific } from './shapes/vendor.js';
import { subOptions } from './space.js';
import { CCC_SPACE, MOS_ADDRESS_SPACE, MOS_NAME_SPACE, NWIP_SPACE, SUBNET_SPACE } from './spaces.js';

const MESSAGE_TYPES = Object.values(MessageType);

/** Every option that has a type, by name. Codes that are missing are read as octets. */
export const OPTIONS = {
  subnetMask: row(1, ipv4, 'Subnet Mask', 'RFC 2132'),
  /** Seconds east of UTC. Superseded by 100 and 101 (RFC 4833). */
  timeOffset: row(2, i32, 'Time Offset', 'RFC 2132'),
  routers: row(3, ipv4List, 'Router', 'RFC 2132'),
  timeServers: row(4, ipv4List, 'Time Server (RFC868)', 'RFC 2132'),
  nameServers: row(5, ipv4List, 'Name Server (IEN116)', 'RFC 2132'),
  domainNameServers: row(6, ipv4List, 'Domain Name Server', 'RFC 2132'),
  logServers: row(7, ipv4List, 'Log Server', 'RFC 2132'),
  cookieServers: row(8, ipv4List, 'Quotes/Cookie Server', 'RFC 2132'),
  lprServers: row(9, ipv4List, 'LPR Server', 'RFC 2132'),
  impressServers: row(10, ipv4List, 'Impress Server', 'RFC 2132'),
  resourceLocationServers: row(11, ipv4List, 'Resource Location Server', 'RFC 2132'),
  hostName: row(12, text, 'Host Name', 'RFC 2132'),
  /** Blocks of 512 octets. */
  bootFileSize: row(13, u16, 'Boot File Size (512-octet blocks)', 'RFC 2132'),
  meritDumpFile: row(14, text, 'Merit Dump File', 'RFC 2132'),
  domainName: row(15, text, 'Domain Name', 'RFC 2132'),
  swapServer: row(16, ipv4, 'Swap Server', 'RFC 2132'),
  rootPath: row(17, text, 'Root Path', 'RFC 2132'),
  extensionsPath: row(18, text, 'Extensions Path', 'RFC 2132'),
  ipForwarding: row(19, bool, 'IP Forwarding', 'RFC 2132'),
  nonLocalSourceRouting: row(20, bool, 'Non-Local Source Routing', 'RFC 2132'),
  policyFilter: row(21, list(record({ address: ipv4, mask: ipv4 }), 1), 'Policy Filter', 'RFC 2132'),
  maxDatagramReassembly: row(22, u16, 'Maximum Datagram Reassembly Size', 'RFC 2132'),
  defaultIpTtl: row(23, u8, 'Default IP TTL', 'RFC 2132'),
  /** Seconds. */
  pathMtuAgingTimeout: row(24, u32, 'Path MTU Aging Timeout', 'RFC 2132'),
  pathMtuPlateauTable: row(25, list(u16, 1), 'Path MTU Plateau Table', 'RFC 2132'),
  interfaceMtu: row(26, u16, 'Interface MTU', 'RFC 2132'),
  allSubnetsLocal: row(27, bool, 'All Subnets Are Local', 'RFC 2132'),
  broadcastAddress: row(28, ipv4, 'Broadcast Address', 'RFC 2132'),
  performMaskDiscovery: row(29, bool, 'Perform Mask Discovery', 'RFC 2132'),
  maskSupplier: row(30, bool, 'Mask Supplier', 'RFC 2132'),
  performRouterDiscovery: row(31, bool, 'Perform Router Discovery', 'RFC 2132'),
  routerSolicitationAddress: row(32, ipv4, 'Router Solicitation Address', 'RFC 2132'),
  staticRoutes: row(33, list(record({ destination: ipv4, router: ipv4 }), 1), 'Static Route', 'RFC 2132'),
  trailerEncapsulation: row(34, bool, 'Trailer Encapsulation', 'RFC 2132'),
  /** Seconds. */
  arpCacheTimeout: row(35, u32, 'ARP Cache Timeout', 'RFC 2132'),
  ethernetEncapsulation: row(36, bool, 'Ethernet Encapsulation (IEEE 802.3)', 'RFC 2132'),
  tcpDefaultTtl: row(37, u8, 'TCP Default TTL', 'RFC 2132'),
  /** Seconds. */
  tcpKeepaliveInterval: row(38, u32, 'TCP Keepalive Interval', 'RFC 2132'),
  tcpKeepaliveGarbage: row(39, bool, 'TCP Keepalive Garbage', 'RFC 2132'),
  nisDomain: row(40, text, 'NIS Domain', 'RFC 2132'),
  nisServers: row(41, ipv4List, 'NIS Servers', 'RFC 2132'),
  ntpServers: row(42, ipv4List, 'NTP Servers', 'RFC 2132'),
  /** Whose sub-options these are, option 60 says. */
  vendorSpecific: row(43, vendorSpecific(PXE_VENDOR), 'Vendor-Specific Information', 'RFC 2132'),
  netbiosNameServers: row(44, ipv4List, 'NetBIOS Name Server', 'RFC 2132'),
  netbiosDdServers: row(45, ipv4List, 'NetBIOS Datagram Distribution Server', 'RFC 2132'),
  /** 1 B, 2 P, 4 M, 8 H. */
  netbiosNodeType: row(46, oneOf(1, 1, 2, 4, 8), 'NetBIOS Node Type', 'RFC 2132'),
  netbiosScope: row(47, text, 'NetBIOS Scope', 'RFC 2132'),
  xFontServers: row(48, ipv4List, 'X Window Font Server', 'RFC 2132'),
  xDisplayManagers: row(49, ipv4List, 'X Window Display Manager', 'RFC 2132'),
  requestedAddress: row(50, ipv4, 'Requested IP Address', 'RFC 2132'),
  /** Seconds; 0xffffffff is for ever. */
  leaseTime: row(51, u32, 'IP Address Lease Time', 'RFC 2132'),
  /** 1: `file` holds options; 2: `sname` does; 3: both. */
  overload: row(52, oneOf(1, 1, 2, 3), 'Option Overload', 'RFC 2132'),
  messageType: row(53, oneOf(1, ...MESSAGE_TYPES), 'DHCP Message Type', 'RFC 2132, RFC 3203, RFC 4388, RFC 6926, RFC 7724'),
  serverIdentifier: row(54, ipv4, 'Server Identifier', 'RFC 2132'),
  /** Codes in order of preference. */
  parameterRequestList: row(55, list(u8, 1), 'Parameter Request List', 'RFC 2132'),
  /** Why a NAK or DECLINE was sent. */
  message: row(56, text, 'Message', 'RFC 2132'),
  /** Octets of the IP datagram: IP and UDP headers (28) count. */
  maxMessageSize: row(57, u16, 'Maximum DHCP Message Size', 'RFC 2132'),
  /** Seconds. */
  renewalTime: row(58, u32, 'Renewal (T1) Time', 'RFC 2132'),
  /** Seconds. */
  rebindingTime: row(59, u32, 'Rebinding (T2) Time', 'RFC 2132'),
  /** `PXEClient:Arch:…`, `HTTPClient:Arch:…`, or what the vendor likes. */
  vendorClassIdentifier: row(60, text, 'Vendor Class Identifier', 'RFC 2132'),
  clientIdentifier: row(61, clientIdentifier, 'Client Identifier', 'RFC 2132, RFC 4361'),
  nwipDomain: row(62, text, 'NetWare/IP Domain Name', 'RFC 2242'),
  nwipSuboptions: row(63, subOptions(NWIP_SPACE), 'NetWare/IP Sub-Options', 'RFC 2242'),
  nisPlusDomain: row(64, text, 'NIS+ Domain', 'RFC 2132'),
  nisPlusServers: row(65, ipv4List, 'NIS+ Servers', 'RFC 2132'),
  tftpServerName: row(66, text, 'TFTP Server Name', 'RFC 2132'),
  bootfileName: row(67, text, 'Bootfile Name', 'RFC 2132'),
  mobileIpHomeAgents: row(68, list(ipv4), 'Mobile IP Home Agent', 'RFC 2132'),
  smtpServers: row(69, ipv4List, 'SMTP Server', 'RFC 2132'),
  pop3Servers: row(70, ipv4List, 'POP3 Server', 'RFC 2132'),
  nntpServers: row(71, ipv4List, 'NNTP Server', 'RFC 2132'),
  wwwServers: row(72, ipv4List, 'Default WWW Server', 'RFC 2132'),
  fingerServers: row(73, ipv4List, 'Default Finger Server', 'RFC 2132'),
  ircServers: row(74, ipv4List, 'Default IRC Server', 'RFC 2132'),
  streetTalkServers: row(75, ipv4List, 'StreetTalk Server', 'RFC 2132'),
  stdaServers: row(76, ipv4List, 'StreetTalk Directory Assistance Server', 'RFC 2132'),
  userClass: row(77, userClass, 'User Class', 'RFC 3004'),
  slpDirectoryAgent: row(78, record({ mandatory: bool, agents: list(ipv4) }), 'SLP Directory Agent', 'RFC 2610'),
  slpServiceScope: row(79, record({ mandatory: bool, scopes: text }), 'SLP Service Scope', 'RFC 2610'),
  rapidCommit: row(80, flag, 'Rapid Commit', 'RFC 4039'),
  clientFqdn: row(81, clientFqdn, 'Client FQDN', 'RFC 4702'),
  relayAgentInformation: row(82, subOptions(RELAY_SPACE), 'Relay Agent Information', 'RFC 3046'),
  isns: row(83, record({ functions: u16, ddAccess: u16, adminFlags: u16, serverSecurity: u32, servers: list(ipv4) }), 'iSNS', 'RFC 4174'),
  ndsServers: row(85, ipv4List, 'NDS Servers', 'RFC 2241'),
  ndsTreeName: row(86, text, 'NDS Tree Name', 'RFC 2241'),
  /** May come in several options, which are joined. */
  ndsContext: row(87, text, 'NDS Context', 'RFC 2241'),
  bcmcsControllerNames: row(88, domainList, 'BCMCS Controller Domain Name List', 'RFC 4280'),
  bcmcsControllerAddresses: row(89, ipv4List, 'BCMCS Controller IPv4 Address', 'RFC 4280'),
  authentication: row(
    90,
    record({ protocol: u8, algorithm: u8, replayMethod: u8, replayDetection: u64, information: bytes }),
    'Authentication',
    'RFC 3118',
  ),
  /** Seconds. */
  clientLastTransactionTime: row(91, u32, 'Client Last Transaction Time', 'RFC 4388'),
  associatedIp: row(92, ipv4List, 'Associated IP', 'RFC 4388'),
  /** Most wanted first: see `architecture`. */
  clientArchitecture: row(93, list(u16, 1), 'Client System Architecture', 'RFC 4578'),
  /** Type 1 is UNDI. */
  clientNdi: row(94, record({ type: u8, major: u8, minor: u8 }), 'Client Network Device Interface', 'RFC 4578'),
  /** A URL. */
  ldap: row(95, text, 'LDAP', 'RFC 3679'),
  /** Type 0: `id` is a UUID in the order it was sent. */
  clientMachineId: row(97, record({ type: u8, id: fixedBytes(16) }), 'Client Machine Identifier (UUID/GUID)', 'RFC 4578'),
  /** URLs parted by spaces. */
  userAuth: row(98, text, 'Open Group User Authentication', 'RFC 2485'),
  geoconfCivic: row(
    99,
    record({ what: u8, country: fixedText(2), elements: list(record({ type: u8, value: counted(1, text) })) }),
    'Civic Address',
    'RFC 4776',
  ),
  tzPosix: row(100, text, 'PCode (IEEE 1003.1 TZ)', 'RFC 4833'),
  tzDatabase: row(101, text, 'TCode (tz database name)', 'RFC 4833'),
  /** Seconds to wait without IPv4 (V6ONLY_WAIT). */
  ipv6OnlyPreferred: row(108, u32, 'IPv6-Only Preferred (V6ONLY_WAIT s)', 'RFC 8925'),
  dhcp4o6SoftwireSourceAddress: row(109, ipv6, 'OPTION_DHCP4O6_S46_SADDR', 'RFC 8539'),
  netinfoAddress: row(112, ipv4List, 'NetInfo Parent Server Address', 'RFC 3679'),
  netinfoTag: row(113, text, 'NetInfo Parent Server Tag', 'RFC 3679'),
  /** A URI. Was option 160 in RFC 7710. */
  captivePortal: row(114, text, 'Captive-Portal URI', 'RFC 8910'),
  /** 0: do not make up a link-local address. */
  autoConfigure: row(116, oneOf(1, 0, 1), 'Auto-Configure', 'RFC 2563'),
  /** Option codes of name services in order: 6, 41, 44, 65; 0 is local. */
  nameServiceSearch: row(117, list(u16, 1), 'Name Service Search', 'RFC 2937'),
  subnetSelection: row(118, ipv4, 'Subnet Selection', 'RFC 3011'),
  domainSearch: row(119, searchList, 'Domain Search', 'RFC 3397'),
  sipServers: row(120, sipServers, 'SIP Servers', 'RFC 3361'),
  /** A client that knows it ignores options 3 and 33. */
  classlessStaticRoutes: row(121, routes, 'Classless Static Routes', 'RFC 3442'),
  ccc: row(122, subOptions(CCC_SPACE), 'CableLabs Client Configuration', 'RFC 3495'),
  geoconf: row(123, coordinates, 'GeoConf coordinate LCI', 'RFC 6225'),
  viVendorClass: row(124, vendorClasses, 'V-I Vendor Class', 'RFC 3925'),
  viVendorSpecific: row(125, enterpriseOptions({}), 'V-I Vendor-Specific Information', 'RFC 3925'),
  pxe128: row(128, bytes, 'PXE - undefined (vendor specific)', 'RFC 4578'),
  pxe129: row(129, bytes, 'PXE - undefined (vendor specific)', 'RFC 4578'),
  pxe130: row(130, bytes, 'PXE - undefined (vendor specific)', 'RFC 4578'),
  pxe131: row(131, bytes, 'PXE - undefined (vendor specific)', 'RFC 4578'),
  pxe132: row(132, bytes, 'PXE - undefined (vendor specific)', 'RFC 4578'),
  pxe133: row(133, bytes, 'PXE - undefined (vendor specific)', 'RFC 4578'),
  pxe134: row(134, bytes, 'PXE - undefined (vendor specific)', 'RFC 4578'),
  pxe135: row(135, bytes, 'PXE - undefined (vendor specific)', 'RFC 4578'),
  panaAgents: row(136, ipv4List, 'PANA Agent', 'RFC 5192'),
  lostServer: row(137, domainName, 'LoST Server', 'RFC 5223'),
  capwapAccessControllers: row(138, ipv4List, 'CAPWAP Access Controllers', 'RFC 5417'),
  mosAddress: row(139, subOptions(MOS_ADDRESS_SPACE), 'IPv4 Address-MoS', 'RFC 5678'),
  mosFqdn: row(140, subOptions(MOS_NAME_SPACE), 'IPv4 FQDN-MoS', 'RFC 5678'),
  sipUaConfigDomains: row(141, searchList, 'SIP UA Configuration Service Domains', 'RFC 6011'),
  andsfAddress: row(142, ipv4List, 'IPv4 Address-ANDSF', 'RFC 6153'),
  sztpRedirect: row(143, list(counted(2, text), 1), 'OPTION_V4_SZTP_REDIRECT', 'RFC 8572'),
  geoloc: row(144, location, 'GeoLoc', 'RFC 6225'),
  /** Algorithms. */
  forcerenewNonceCapable: row(145, list(u8, 1), 'FORCERENEW_NONCE_CAPABLE', 'RFC 6704'),
  /** Low two bits of `flags`: preference. */
  rdnssSelection: row(146, record({ flags: u8, primary: ipv4, secondary: ipv4, domains: domainList }), 'RDNSS Selection', 'RFC 6731'),
  dotsRi: row(147, domainName, 'OPTION_V4_DOTS_RI', 'RFC 8973'),
  dotsAddress: row(148, ipv4List, 'OPTION_V4_DOTS_ADDRESS', 'RFC 8973'),
  /** GRUB and Etherboot have had other uses for 150. */
  tftpServerAddresses: row(150, ipv4List, 'TFTP Server Address', 'RFC 5859'),
  statusCode: row(151, record({ code: u8, message: text }), 'Status Code', 'RFC 6926'),
  /** Seconds since 1970. */
  baseTime: row(152, u32, 'Base Time', 'RFC 6926'),
  /** Seconds before the base time. */
  startTimeOfState: row(153, u32, 'Start Time of State', 'RFC 6926'),
  /** Seconds since 1970. */
  queryStartTime: row(154, u32, 'Query Start Time', 'RFC 6926'),
  /** Seconds since 1970. */
  queryEndTime: row(155, u32, 'Query End Time', 'RFC 6926'),
  /** 1 AVAILABLE, 2 ACTIVE, 3 EXPIRED, 4 RELEASED, 5 ABANDONED, 6 RESET, 7 REMOTE, 8 TRANSITIONING. */
  dhcpState: row(156, u8, 'DHCP State', 'RFC 6926'),
  /** Bit 0: remote. */
  dataSource: row(157, u8, 'Data Source', 'RFC 6926'),
  pcpServers: row(158, list(counted(1, ipv4List), 1), 'PCP Server', 'RFC 7291'),
  portParams: row(159, record({ offset: u8, psidLength: u8, psid: u16 }), 'OPTION_V4_PORTPARAMS', 'RFC 7618'),
  captivePortalOld: row(160, text, 'Unassigned (was Captive-Portal)', 'RFC 7710, RFC 8910'),
  mudUrl: row(161, text, 'MUD URL', 'RFC 8520'),
  dnr: row(162, encryptedResolvers, 'OPTION_V4_DNR (encrypted resolvers)', 'RFC 9463'),
  ipxe: row(175, subOptions(IPXE_SPACE), 'Etherboot / iPXE encapsulated options', 'iPXE dhcp.h'),
  ipTelephone: row(176, bytes, 'IP Telephone', 'tentative (2005)'),
  etherboot177: row(177, bytes, 'Etherboot / PacketCable+CableHome (replaced by 122)', 'tentative (2005)'),
  iscsiPrimaryTarget: row(201, text, 'iSCSI primary target IQN', 'iPXE dhcp.h'),
  iscsiSecondaryTarget: row(202, text, 'iSCSI secondary target IQN', 'iPXE dhcp.h'),
  iscsiInitiator: row(203, text, 'iSCSI initiator IQN', 'iPXE dhcp.h'),
  /** F1:00:74:7E; old PXELINUX asks for it. */
  pxelinuxMagic: row(208, fixedBytes(4), 'PXELINUX Magic', 'RFC 5071'),
  pxelinuxConfigFile: row(209, text, 'Configuration File', 'RFC 5071'),
  pxelinuxPathPrefix: row(210, text, 'Path Prefix', 'RFC 5071'),
  /** Seconds. */
  pxelinuxRebootTime: row(211, u32, 'Reboot Time', 'RFC 5071'),
  sixRd: row(212, record({ ipv4MaskLength: u8, prefixLength: u8, prefix: ipv6, brAddresses: ipv4List }), 'OPTION_6RD', 'RFC 5969'),
  accessDomain: row(213, domainName, 'OPTION_V4_ACCESS_DOMAIN', 'RFC 5986'),
  subnetAllocation: row(220, record({ flags: u8, options: subOptions(SUBNET_SPACE) }), 'Subnet Allocation', 'RFC 6656'),
  virtualSubnetSelection: row(221, record({ type: u8, info: bytes }), 'Virtual Subnet Selection', 'RFC 6607'),
  avaya: row(242, text, 'Avaya IP Telephone', 'Avaya'),
  /** Microsoft sends RFC 3442 routes here. */
  microsoftStaticRoutes: row(249, routes, 'Classless Static Routes (Microsoft)', 'MS-DHCPE'),
  /** Web proxy auto-discovery, a URL. */
  proxyAutoDiscovery: row(252, text, 'Web Proxy Auto-Discovery', 'draft-ietf-wrec-wpad-01'),
} as const;

/** The options of the RFCs and of PXE, iPXE, PXELINUX and Microsoft. `extend` it with your own. */
export const STANDARD = new Registry(OPTIONS);

export type StandardOptions = typeof OPTIONS;
