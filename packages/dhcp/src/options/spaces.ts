import { optionSpec as row } from './registry.js';
import { ipv4, ipv4List } from './shapes/addresses.js';
import { bytes, text } from './shapes/bytes.js';
import { domainList, domainName } from './shapes/domains.js';
import { bool, flag, u8, u16, u32 } from './shapes/numbers.js';
import { counted, list, record } from './shapes/structures.js';
import { space } from './space.js';

/** NetWare/IP, option 63. */
export const NWIP_SPACE = space('NetWare/IP', {
  doesNotExist: row(1, flag, 'NWIP_DOES_NOT_EXIST', 'RFC 2242'),
  existsInOptions: row(2, flag, 'NWIP_EXIST_IN_OPTIONS_AREA', 'RFC 2242'),
  existsInSnameFile: row(3, flag, 'NWIP_EXIST_IN_SNAME_FILE', 'RFC 2242'),
  existsButTooBig: row(4, flag, 'NWIP_EXIST_BUT_TOO_BIG', 'RFC 2242'),
  nsqBroadcast: row(5, bool, 'NSQ_BROADCAST', 'RFC 2242'),
  preferredDss: row(6, ipv4List, 'PREFERRED_DSS', 'RFC 2242'),
  nearestServers: row(7, ipv4List, 'NEAREST_NWIP_SERVER', 'RFC 2242'),
  autoRetries: row(8, u8, 'AUTORETRIES', 'RFC 2242'),
  /** Seconds. */
  autoRetryDelay: row(9, u8, 'AUTORETRY_SECS', 'RFC 2242'),
  nwip11: row(10, bool, 'NWIP_1_1', 'RFC 2242'),
  primaryDss: row(11, ipv4, 'PRIMARY_DSS', 'RFC 2242'),
});

const backoff = record({ nominalTimeout: u32, maximumTimeout: u32, maximumRetries: u32 });

/** CableLabs client configuration, option 122. */
export const CCC_SPACE = space('CableLabs', {
  primaryDhcpServer: row(1, ipv4, "TSP's primary DHCP server", 'RFC 3495'),
  secondaryDhcpServer: row(2, ipv4, "TSP's secondary DHCP server", 'RFC 3495'),
  /** First octet 0: a domain name follows; 1: an IPv4 address. */
  provisioningServer: row(3, record({ type: u8, value: bytes }), "TSP's provisioning server", 'RFC 3495'),
  asRequestBackoff: row(4, backoff, 'AS-REQ/AS-REP backoff and retry', 'RFC 3495'),
  apRequestBackoff: row(5, backoff, 'AP-REQ/AP-REP backoff and retry', 'RFC 3495'),
  kerberosRealm: row(6, domainName, 'Kerberos realm', 'RFC 3495'),
  useTicketGrantingServer: row(7, bool, 'Ticket granting server utilization', 'RFC 3495'),
  /** Minutes. */
  provisioningTimer: row(8, u8, 'Provisioning timer', 'RFC 3495'),
  securityTicketControl: row(9, u16, 'Security ticket control', 'RFC 3594'),
  keyDistributionCenters: row(10, ipv4List, 'Key distribution centers', 'RFC 3634'),
});

/** Mobility servers by address, option 139. */
export const MOS_ADDRESS_SPACE = space('MoS address', {
  informationServices: row(1, ipv4List, 'Information services', 'RFC 5678'),
  commandServices: row(2, ipv4List, 'Command services', 'RFC 5678'),
  eventServices: row(3, ipv4List, 'Event services', 'RFC 5678'),
});

/** Mobility servers by name, option 140. */
export const MOS_NAME_SPACE = space('MoS name', {
  informationServices: row(1, domainList, 'Information services', 'RFC 5678'),
  commandServices: row(2, domainList, 'Command services', 'RFC 5678'),
  eventServices: row(3, domainList, 'Event services', 'RFC 5678'),
});

/** Subnet allocation, option 220. */
export const SUBNET_SPACE = space('subnet allocation', {
  request: row(1, record({ flags: u8, prefix: u8 }), 'Subnet-Request', 'RFC 6656'),
  information: row(
    2,
    record({ flags: u8, subnets: list(record({ network: ipv4, prefix: u8, flags: u8, statistics: counted(1, bytes) })) }),
    'Subnet-Information',
    'RFC 6656',
  ),
  name: row(3, text, 'Subnet-Name', 'RFC 6656'),
  /** Seconds. */
  suggestedLeaseTime: row(4, u32, 'Suggested-Lease-Time', 'RFC 6656'),
});
