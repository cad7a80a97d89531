import { optionSpec as row } from './registry.js';
import { ipv4 } from './shapes/addresses.js';
import { bytes, fixedBytes, text } from './shapes/bytes.js';
import { flag, u8, u32, u64 } from './shapes/numbers.js';
import { radiusAttributes } from './shapes/radius.js';
import { counted, list, record } from './shapes/structures.js';
import { space } from './space.js';

/** The U bit of relay agent flags (RFC 5010): the relay got the message as a unicast. */
export const RELAY_FLAG_UNICAST = 0x80;

/** Relay agent information, option 82. A server echoes it as it came, last. */
export const RELAY_SPACE = space('relay agent', {
  circuitId: row(1, bytes, 'Agent Circuit ID', 'RFC 3046'),
  remoteId: row(2, bytes, 'Agent Remote ID', 'RFC 3046'),
  docsisDeviceClass: row(4, u32, 'DOCSIS Device Class', 'RFC 3256'),
  linkSelection: row(5, ipv4, 'Link Selection', 'RFC 3527'),
  subscriberId: row(6, text, 'Subscriber ID', 'RFC 3993'),
  radiusAttributes: row(7, radiusAttributes, 'RADIUS Attributes', 'RFC 4014'),
  authentication: row(
    8,
    record({ algorithm: u8, replayMethod: u8, replayDetection: u64, relayId: ipv4, information: bytes }),
    'Authentication',
    'RFC 4030',
  ),
  vendorSpecific: row(9, list(record({ enterprise: u32, data: counted(1, bytes) })), 'Vendor-Specific Information', 'RFC 4243'),
  relayAgentFlags: row(10, u8, 'Relay Agent Flags', 'RFC 5010'),
  serverIdOverride: row(11, ipv4, 'Server Identifier Override', 'RFC 5107'),
  relayAgentId: row(12, bytes, 'Relay Agent Identifier (a DUID)', 'RFC 6925'),
  accessTechnologyType: row(13, record({ reserved: u8, type: u8 }), 'Access Technology Type', 'RFC 7839'),
  accessNetworkName: row(14, text, 'Access Network Name', 'RFC 7839'),
  accessPointName: row(15, text, 'Access Point Name', 'RFC 7839'),
  accessPointBssid: row(16, fixedBytes(6), 'Access Point BSSID', 'RFC 7839'),
  operatorIdentifier: row(17, u32, 'Operator Identifier', 'RFC 7839'),
  operatorRealm: row(18, text, 'Operator Realm', 'RFC 7839'),
  /** There: replies go to the port that the relay sent from, not to 67. */
  relaySourcePort: row(19, flag, 'Relay Source Port', 'RFC 8357'),
  linkSelectionCisco: row(150, ipv4, 'Link Selection (Cisco)', 'Cisco IOS'),
  /** 0: an ASCII VPN name; 1: an RFC 2685 VPN-ID of 7 octets; 255: the global VPN. */
  virtualSubnetSelection: row(151, record({ type: u8, info: bytes }), 'Virtual Subnet Selection', 'RFC 6607'),
  virtualSubnetSelectionControl: row(152, flag, 'Virtual Subnet Selection Control', 'RFC 6607'),
});
