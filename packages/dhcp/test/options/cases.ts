import { parseHex } from '@pxekit/dhcp';

/** A value of an option and its octets, written down from the document that defines it. */
export interface Case {
  hex: string;
  /** What reading gives. */
  value: unknown;
  /** What to write, when that is another form than reading gives. */
  write?: unknown;
}

const octets = (hex: string) => parseHex(hex)!;
const ascii = (text: string) => Buffer.from(text).toString('hex');
const text = (value: string): Case => ({ hex: ascii(value), value });
const address: Case = { hex: '0a000001', value: '10.0.0.1' };
const addresses: Case = { hex: '0a000001c0a80102', value: ['10.0.0.1', '192.168.1.2'] };
const yes: Case = { hex: '01', value: true };
const no: Case = { hex: '00', value: false };
const names: Case = { hex: '016102656600' + '0167016100', value: ['a.ef', 'g.a'] };

/** Cases by option name. Every row of `OPTIONS` has one: a test counts. */
export const CASES: Record<string, Case[]> = {
  subnetMask: [{ hex: 'ffffff00', value: '255.255.255.0' }],
  timeOffset: [
    { hex: '00000e10', value: 3600 },
    { hex: 'ffffb9b0', value: -18000 },
  ],
  routers: [{ hex: '0a000001', value: ['10.0.0.1'] }, addresses],
  timeServers: [addresses],
  nameServers: [addresses],
  domainNameServers: [addresses],
  logServers: [addresses],
  cookieServers: [addresses],
  lprServers: [addresses],
  impressServers: [addresses],
  resourceLocationServers: [addresses],
  hostName: [text('node-1'), { hex: ascii('nœud'), value: 'nœud' }],
  bootFileSize: [{ hex: '0020', value: 32 }],
  meritDumpFile: [text('/var/crash')],
  domainName: [text('example.org')],
  swapServer: [address],
  rootPath: [text('10.0.0.1:/srv/root')],
  extensionsPath: [text('ext')],
  ipForwarding: [yes, no],
  nonLocalSourceRouting: [no],
  policyFilter: [
    {
      hex: '0a000000ff000000c0a80000ffff0000',
      value: [
        { address: '10.0.0.0', mask: '255.0.0.0' },
        { address: '192.168.0.0', mask: '255.255.0.0' },
      ],
    },
  ],
  maxDatagramReassembly: [{ hex: '0240', value: 576 }],
  defaultIpTtl: [{ hex: '40', value: 64 }],
  pathMtuAgingTimeout: [{ hex: '00000258', value: 600 }],
  pathMtuPlateauTable: [{ hex: '004405dc', value: [68, 1500] }],
  interfaceMtu: [{ hex: '05dc', value: 1500 }],
  allSubnetsLocal: [yes],
  broadcastAddress: [{ hex: '0a0000ff', value: '10.0.0.255' }],
  performMaskDiscovery: [no],
  maskSupplier: [no],
  performRouterDiscovery: [yes],
  routerSolicitationAddress: [address],
  staticRoutes: [{ hex: 'c0a801000a000001', value: [{ destination: '192.168.1.0', router: '10.0.0.1' }] }],
  trailerEncapsulation: [no],
  arpCacheTimeout: [{ hex: '0000003c', value: 60 }],
  ethernetEncapsulation: [yes],
  tcpDefaultTtl: [{ hex: '40', value: 64 }],
  tcpKeepaliveInterval: [{ hex: '00000000', value: 0 }],
  tcpKeepaliveGarbage: [no],
  nisDomain: [text('nis')],
  nisServers: [addresses],
  ntpServers: [addresses],
  vendorSpecific: [
    {
      hex: '060108ff',
      value: { space: 'PXE', options: [{ code: 6, name: 'discoveryControl', value: 8 }] },
      write: { space: 'PXE', options: { discoveryControl: 8 } },
    },
    {
      hex: '0807' + '8000' + '01' + '0a000001' + 'ff',
      value: { space: 'PXE', options: [{ code: 8, name: 'bootServers', value: [{ type: 0x8000, addresses: ['10.0.0.1'] }] }] },
    },
    { hex: '0101ff0203', value: octets('0101ff0203') },
    { hex: 'e00201ff', value: { space: undefined, options: [{ code: 224, name: undefined, value: octets('01ff') }] } },
  ],
  netbiosNameServers: [addresses],
  netbiosDdServers: [addresses],
  netbiosNodeType: [{ hex: '08', value: 8 }],
  netbiosScope: [text('scope')],
  xFontServers: [addresses],
  xDisplayManagers: [addresses],
  requestedAddress: [address],
  leaseTime: [
    { hex: '00000e10', value: 3600 },
    { hex: 'ffffffff', value: 0xffffffff },
  ],
  overload: [{ hex: '03', value: 3 }],
  messageType: Array.from({ length: 18 }, (_, index) => ({ hex: (index + 1).toString(16).padStart(2, '0'), value: index + 1 })),
  serverIdentifier: [address],
  parameterRequestList: [{ hex: '010306432b', value: [1, 3, 6, 67, 43] }],
  message: [text('address in use')],
  maxMessageSize: [{ hex: '05dc', value: 1500 }],
  renewalTime: [{ hex: '00000708', value: 1800 }],
  rebindingTime: [{ hex: '00000c4e', value: 3150 }],
  vendorClassIdentifier: [text('PXEClient:Arch:00007:UNDI:003016')],
  clientIdentifier: [
    { hex: '01525400770001', value: { type: 1, id: octets('525400770001') } },
    {
      hex: 'ff' + '00000001' + '00030001525400770001',
      value: {
        type: 255,
        id: octets('0000000100030001525400770001'),
        iaid: 1,
        duid: octets('00030001525400770001'),
      },
    },
  ],
  nwipDomain: [text('NOVELL')],
  nwipSuboptions: [
    {
      hex: '0200' + '050101' + '06040a000001' + '080103',
      value: [
        { code: 2, name: 'existsInOptions', value: true },
        { code: 5, name: 'nsqBroadcast', value: true },
        { code: 6, name: 'preferredDss', value: ['10.0.0.1'] },
        { code: 8, name: 'autoRetries', value: 3 },
      ],
    },
    {
      hex: '0100' + '0300' + '0400' + '07040a000001' + '09010a' + '0a0100' + '0b040a000002',
      value: [
        { code: 1, name: 'doesNotExist', value: true },
        { code: 3, name: 'existsInSnameFile', value: true },
        { code: 4, name: 'existsButTooBig', value: true },
        { code: 7, name: 'nearestServers', value: ['10.0.0.1'] },
        { code: 9, name: 'autoRetryDelay', value: 10 },
        { code: 10, name: 'nwip11', value: false },
        { code: 11, name: 'primaryDss', value: '10.0.0.2' },
      ],
    },
  ],
  nisPlusDomain: [text('nisplus')],
  nisPlusServers: [addresses],
  tftpServerName: [text('boot.example.org')],
  bootfileName: [text('pxelinux.0'), { hex: `${ascii('http://10.0.0.1/boot.efi')}`, value: 'http://10.0.0.1/boot.efi' }],
  mobileIpHomeAgents: [addresses, { hex: '', value: [] }],
  smtpServers: [addresses],
  pop3Servers: [addresses],
  nntpServers: [addresses],
  wwwServers: [addresses],
  fingerServers: [addresses],
  ircServers: [addresses],
  streetTalkServers: [addresses],
  stdaServers: [addresses],
  userClass: [
    { hex: `03${ascii('lab')}05${ascii('rack2')}`, value: ['lab', 'rack2'] },
    { hex: ascii('iPXE'), value: ['iPXE'], write: 'iPXE' },
  ],
  slpDirectoryAgent: [{ hex: '010a000001', value: { mandatory: true, agents: ['10.0.0.1'] } }],
  slpServiceScope: [{ hex: `00${ascii('DEFAULT')}`, value: { mandatory: false, scopes: 'DEFAULT' } }],
  rapidCommit: [{ hex: '', value: true }],
  clientFqdn: [
    {
      hex: `050000046e6f6465076578616d706c65036f726700`,
      value: { flags: 5, rcode1: 0, rcode2: 0, name: 'node.example.org', partial: false },
    },
    { hex: `04ffff046e6f6465`, value: { flags: 4, rcode1: 255, rcode2: 255, name: 'node', partial: true } },
    { hex: `010000${ascii('node')}`, value: { flags: 1, rcode1: 0, rcode2: 0, name: 'node', partial: false } },
  ],
  relayAgentInformation: [
    {
      hex: '010400010203' + '0206525400770009' + '05040a010000' + '1300' + '0b040a010001' + '0a0180',
      value: [
        { code: 1, name: 'circuitId', value: octets('00010203') },
        { code: 2, name: 'remoteId', value: octets('525400770009') },
        { code: 5, name: 'linkSelection', value: '10.1.0.0' },
        { code: 19, name: 'relaySourcePort', value: true },
        { code: 11, name: 'serverIdOverride', value: '10.1.0.1' },
        { code: 10, name: 'relayAgentFlags', value: 128 },
      ],
    },
    {
      hex:
        '040400000001' +
        `0603${ascii('abc')}` +
        '070501056269' +
        '62' +
        '0811' +
        '0100' +
        '0000000000000007' +
        '0a000001' +
        'aabbcc' +
        '0907' +
        '00000009' +
        '02' +
        'beef' +
        '0c0400030001',
      value: [
        { code: 4, name: 'docsisDeviceClass', value: 1 },
        { code: 6, name: 'subscriberId', value: 'abc' },
        { code: 7, name: 'radiusAttributes', value: [{ type: 1, value: octets('626962') }] },
        {
          code: 8,
          name: 'authentication',
          value: { algorithm: 1, replayMethod: 0, replayDetection: 7n, relayId: '10.0.0.1', information: octets('aabbcc') },
        },
        { code: 9, name: 'vendorSpecific', value: [{ enterprise: 9, data: octets('beef') }] },
        { code: 12, name: 'relayAgentId', value: octets('00030001') },
      ],
    },
    {
      hex:
        `0d020004` +
        `0e04${ascii('wifi')}` +
        `0f03${ascii('ap1')}` +
        '1006020000000001' +
        '110400000063' +
        `1203${ascii('rlm')}` +
        '96040a020000' +
        `970400${ascii('vpn')}` +
        '9800',
      value: [
        { code: 13, name: 'accessTechnologyType', value: { reserved: 0, type: 4 } },
        { code: 14, name: 'accessNetworkName', value: 'wifi' },
        { code: 15, name: 'accessPointName', value: 'ap1' },
        { code: 16, name: 'accessPointBssid', value: octets('020000000001') },
        { code: 17, name: 'operatorIdentifier', value: 99 },
        { code: 18, name: 'operatorRealm', value: 'rlm' },
        { code: 150, name: 'linkSelectionCisco', value: '10.2.0.0' },
        { code: 151, name: 'virtualSubnetSelection', value: { type: 0, info: octets(ascii('vpn')) } },
        { code: 152, name: 'virtualSubnetSelectionControl', value: true },
      ],
    },
  ],
  isns: [
    {
      hex: '0001' + '0002' + '0003' + '00000004' + '0a000001',
      value: { functions: 1, ddAccess: 2, adminFlags: 3, serverSecurity: 4, servers: ['10.0.0.1'] },
    },
  ],
  ndsServers: [addresses],
  ndsTreeName: [text('TREE')],
  ndsContext: [text('ou=lab.o=org')],
  bcmcsControllerNames: [names],
  bcmcsControllerAddresses: [addresses],
  authentication: [
    {
      hex: '010100' + '00000000000000ff' + '0000',
      value: { protocol: 1, algorithm: 1, replayMethod: 0, replayDetection: 255n, information: octets('0000') },
    },
  ],
  clientLastTransactionTime: [{ hex: '0000000a', value: 10 }],
  associatedIp: [addresses],
  clientArchitecture: [
    { hex: '0007', value: [7] },
    { hex: '00100007', value: [16, 7] },
  ],
  clientNdi: [{ hex: '010310', value: { type: 1, major: 3, minor: 16 } }],
  ldap: [text('ldap://10.0.0.1/')],
  clientMachineId: [{ hex: '00000102030405060708090a0b0c0d0e0f', value: { type: 0, id: octets('000102030405060708090a0b0c0d0e0f') } }],
  userAuth: [text('http://a/ http://b/')],
  geoconfCivic: [
    { hex: `00${ascii('DE')}0306${ascii('Berlin')}`, value: { what: 0, country: 'DE', elements: [{ type: 3, value: 'Berlin' }] } },
  ],
  tzPosix: [text('CET-1CEST,M3.5.0,M10.5.0/3')],
  tzDatabase: [text('Europe/Berlin')],
  ipv6OnlyPreferred: [{ hex: '00000708', value: 1800 }],
  dhcp4o6SoftwireSourceAddress: [{ hex: '20010db8000000000000000000000001', value: '2001:db8::1' }],
  netinfoAddress: [addresses],
  netinfoTag: [text('network')],
  captivePortal: [text('https://portal.example.org/api')],
  autoConfigure: [{ hex: '00', value: 0 }],
  nameServiceSearch: [{ hex: '00060029', value: [6, 41] }],
  subnetSelection: [{ hex: '0a010000', value: '10.1.0.0' }],
  domainSearch: [
    // RFC 3397, section 2: eng.apple.com. marketing.apple.com.
    {
      hex: '03656e67056170706c6503636f6d00' + '096d61726b6574696e67c004',
      value: ['eng.apple.com', 'marketing.apple.com'],
    },
  ],
  sipServers: [
    { hex: '010a000001', value: { encoding: 1, addresses: ['10.0.0.1'] } },
    { hex: `00${names.hex}`, value: { encoding: 0, domains: names.value } },
  ],
  classlessStaticRoutes: [
    {
      hex: '000a000001' + '080a0a000002' + '18c0a80100000000' + '19c0a802800a000002' + '20ac1000010a000003',
      value: [
        { destination: '0.0.0.0/0', router: '10.0.0.1' },
        { destination: '10.0.0.0/8', router: '10.0.0.2' },
        { destination: '192.168.1.0/24', router: '0.0.0.0' },
        { destination: '192.168.2.128/25', router: '10.0.0.2' },
        { destination: '172.16.0.1/32', router: '10.0.0.3' },
      ],
    },
  ],
  ccc: [
    {
      hex:
        '01040a000001' +
        '02040a000002' +
        '0305010a000003' +
        '040c000000010000000200000003' +
        '050c000000040000000500000006' +
        '0605' +
        '0352454100' +
        '070101' +
        '08010a' +
        '09020001' +
        '0a040a000004',
      value: [
        { code: 1, name: 'primaryDhcpServer', value: '10.0.0.1' },
        { code: 2, name: 'secondaryDhcpServer', value: '10.0.0.2' },
        { code: 3, name: 'provisioningServer', value: { type: 1, value: octets('0a000003') } },
        { code: 4, name: 'asRequestBackoff', value: { nominalTimeout: 1, maximumTimeout: 2, maximumRetries: 3 } },
        { code: 5, name: 'apRequestBackoff', value: { nominalTimeout: 4, maximumTimeout: 5, maximumRetries: 6 } },
        { code: 6, name: 'kerberosRealm', value: 'REA' },
        { code: 7, name: 'useTicketGrantingServer', value: true },
        { code: 8, name: 'provisioningTimer', value: 10 },
        { code: 9, name: 'securityTicketControl', value: 1 },
        { code: 10, name: 'keyDistributionCenters', value: ['10.0.0.4'] },
      ],
    },
  ],
  geoconf: [
    {
      // latRes 6 bits = 9, lat 34 bits = 1.0 degree, lonRes 9, lon -1.0, altitude type 1, altRes 0, altitude 2.0, datum 1.
      hex: '2402000000' + '27fe000000' + '100000020001',
      value: {
        latitudeResolution: 9,
        latitude: 1,
        longitudeResolution: 9,
        longitude: -1,
        altitudeType: 1,
        altitudeResolution: 0,
        altitude: 2,
        datum: 1,
      },
    },
  ],
  viVendorClass: [
    {
      hex: '00000009' + '06' + '02beef' + '02cafe' + '00000137' + '02' + '01aa',
      value: [
        { enterprise: 9, classes: [octets('beef'), octets('cafe')] },
        { enterprise: 311, classes: [octets('aa')] },
      ],
    },
  ],
  viVendorSpecific: [
    { hex: '00000009' + '04' + '0102beef', value: [{ enterprise: 9, options: [{ code: 1, name: undefined, value: octets('beef') }] }] },
  ],
  pxe128: [{ hex: 'e44574', value: octets('e44574') }],
  pxe129: [{ hex: '00', value: octets('00') }],
  pxe130: [{ hex: '00', value: octets('00') }],
  pxe131: [{ hex: '00', value: octets('00') }],
  pxe132: [{ hex: '00', value: octets('00') }],
  pxe133: [{ hex: '00', value: octets('00') }],
  pxe134: [{ hex: '00', value: octets('00') }],
  pxe135: [{ hex: '00', value: octets('00') }],
  panaAgents: [addresses],
  lostServer: [{ hex: '016102656600', value: 'a.ef' }],
  capwapAccessControllers: [addresses],
  mosAddress: [
    {
      hex: '01040a000001' + '02040a000002' + '03040a000003',
      value: [
        { code: 1, name: 'informationServices', value: ['10.0.0.1'] },
        { code: 2, name: 'commandServices', value: ['10.0.0.2'] },
        { code: 3, name: 'eventServices', value: ['10.0.0.3'] },
      ],
    },
  ],
  mosFqdn: [
    {
      hex: `010b${names.hex}02030161000303016200`,
      value: [
        { code: 1, name: 'informationServices', value: names.value },
        { code: 2, name: 'commandServices', value: ['a'] },
        { code: 3, name: 'eventServices', value: ['b'] },
      ],
    },
  ],
  sipUaConfigDomains: [{ hex: '0161026566000167c002', value: ['a.ef', 'g.ef'] }],
  andsfAddress: [addresses],
  sztpRedirect: [{ hex: `0009${ascii('https://a')}0009${ascii('https://b')}`, value: ['https://a', 'https://b'] }],
  geoloc: [
    {
      hex: '2402000000' + '27fe000000' + '100000020041',
      value: {
        latitudeUncertainty: 9,
        latitude: 1,
        longitudeUncertainty: 9,
        longitude: -1,
        altitudeType: 1,
        altitudeUncertainty: 0,
        altitude: 2,
        version: 1,
        reserved: 0,
        datum: 1,
      },
    },
  ],
  forcerenewNonceCapable: [{ hex: '01', value: [1] }],
  rdnssSelection: [
    {
      hex: `01${'0a000001'}${'0a000002'}${names.hex}`,
      value: { flags: 1, primary: '10.0.0.1', secondary: '10.0.0.2', domains: names.value },
    },
  ],
  dotsRi: [{ hex: '016102656600', value: 'a.ef' }],
  dotsAddress: [addresses],
  tftpServerAddresses: [addresses],
  statusCode: [{ hex: `03${ascii('busy')}`, value: { code: 3, message: 'busy' } }],
  baseTime: [{ hex: '65f00000', value: 0x65f00000 }],
  startTimeOfState: [{ hex: '0000000a', value: 10 }],
  queryStartTime: [{ hex: '65f00000', value: 0x65f00000 }],
  queryEndTime: [{ hex: '65f00000', value: 0x65f00000 }],
  dhcpState: [{ hex: '02', value: 2 }],
  dataSource: [{ hex: '01', value: 1 }],
  pcpServers: [{ hex: '080a000001c0a80102' + '040a000003', value: [['10.0.0.1', '192.168.1.2'], ['10.0.0.3']] }],
  portParams: [{ hex: '06081200', value: { offset: 6, psidLength: 8, psid: 0x1200 } }],
  captivePortalOld: [text('https://portal.example.org/')],
  mudUrl: [text('https://example.org/mud.json')],
  dnr: [
    {
      hex: '000e' + '0001' + '06' + '016102656600' + '04' + '0a000001',
      value: [{ priority: 1, name: 'a.ef', addresses: ['10.0.0.1'], parameters: octets('') }],
    },
    { hex: '0009' + '0001' + '06' + '016102656600', value: [{ priority: 1, name: 'a.ef' }] },
  ],
  ipxe: [
    {
      hex: `b1050180861000eb03011501130101b001010101ffbc03${ascii('a:b')}`,
      value: [
        { code: 177, name: 'busId', value: { bus: 1, vendor: 0x8086, device: 0x1000 } },
        { code: 235, name: 'version', value: { major: 1, minor: 21, patch: 1 } },
        { code: 19, name: 'featureHttp', value: 1 },
        { code: 176, name: 'noPxeDhcp', value: 1 },
        { code: 1, name: 'priority', value: -1 },
        { code: 188, name: 'sanFilename', value: 'a:b' },
      ],
    },
  ],
  ipTelephone: [{ hex: '00', value: octets('00') }],
  etherboot177: [{ hex: '00', value: octets('00') }],
  iscsiPrimaryTarget: [text('iqn.2001-04.org.example:disk0')],
  iscsiSecondaryTarget: [text('iqn.2001-04.org.example:disk1')],
  iscsiInitiator: [text('iqn.2001-04.org.example:node')],
  pxelinuxMagic: [{ hex: 'f100747e', value: octets('f100747e') }],
  pxelinuxConfigFile: [text('pxelinux.cfg/node')],
  pxelinuxPathPrefix: [text('/tftpboot/')],
  pxelinuxRebootTime: [{ hex: '0000001e', value: 30 }],
  sixRd: [
    {
      hex: '0820' + '20010db8000000000000000000000000' + '0a000001',
      value: { ipv4MaskLength: 8, prefixLength: 32, prefix: '2001:db8::', brAddresses: ['10.0.0.1'] },
    },
  ],
  accessDomain: [{ hex: '016102656600', value: 'a.ef' }],
  subnetAllocation: [
    {
      hex: `00010200180208000a0100001800000303${ascii('lab')}040400000e10`,
      value: {
        flags: 0,
        options: [
          { code: 1, name: 'request', value: { flags: 0, prefix: 24 } },
          {
            code: 2,
            name: 'information',
            value: { flags: 0, subnets: [{ network: '10.1.0.0', prefix: 24, flags: 0, statistics: octets('') }] },
          },
          { code: 3, name: 'name', value: 'lab' },
          { code: 4, name: 'suggestedLeaseTime', value: 3600 },
        ],
      },
    },
  ],
  virtualSubnetSelection: [{ hex: `00${ascii('vpn')}`, value: { type: 0, info: octets(ascii('vpn')) } }],
  avaya: [text('MCIPADD=10.0.0.1')],
  microsoftStaticRoutes: [{ hex: '080a0a000002', value: [{ destination: '10.0.0.0/8', router: '10.0.0.2' }] }],
  proxyAutoDiscovery: [text('http://wpad/wpad.dat')],
};
