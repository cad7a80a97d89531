import * as z from 'zod';
import { normalizeMac, parseIpv4, parseNetwork, parsePool } from '../ipv4.js';

const UNIT = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 } as const;

function readDuration(text: string): number | undefined {
  const match = /^(\d{1,9})\s?([smhdw])$/.exec(text.trim());
  return match ? Number(match[1]) * UNIT[match[2] as keyof typeof UNIT] : undefined;
}

const ipv4 = z.string().refine((text) => parseIpv4(text) !== undefined, 'Expected an IPv4 address such as 10.77.0.1');
const cidr = z
  .string()
  .refine(
    (text) => text.includes('/') && parseNetwork(text) !== undefined,
    'Expected an address with a prefix length such as 10.77.0.0/24',
  );
const pool = z
  .string()
  .refine((text) => parsePool(text) !== undefined, 'Expected a first address and a last one not below it, such as 10.77.0.100-10.77.0.200');
const mac = z
  .string()
  .refine((text) => normalizeMac(text) !== undefined, 'Expected a hardware address such as 52:54:00:12:34:56')
  .transform((text) => normalizeMac(text) as string);
const port = z.int('Expected a port number').min(0).max(65_535);
const text = z.string();
const name = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$/, 'Expected a name of letters, digits, "-", "_" and "."');
/** Seconds, or a number with a unit: `90s`, `10m`, `12h`, `7d`. */
const duration = z
  .union(
    [z.int().min(0), text.refine((value) => readDuration(value) !== undefined)],
    'Expected seconds, or a time such as 90s, 10m, 12h or 7d',
  )
  .transform((value) => (typeof value === 'number' ? value : (readDuration(value) as number)));
/** A list, or one value standing for a list of one. */
const many = <T extends z.ZodType>(one: T) => z.union([z.array(one), one.transform((value) => [value])]);
const off = z.literal(false);

const subnet = z.strictObject({
  subnet: cidr.describe('The network, such as 10.77.0.0/24.'),
  pools: z.array(pool).default([]).describe('Ranges of addresses to lend, such as 10.77.0.100-10.77.0.200.'),
  routers: many(ipv4).default([]).describe('Default gateways.'),
  dns: many(ipv4).default([]).describe('Name servers.'),
  domain: text.optional().describe('Domain name of the clients.'),
  domainSearch: many(text).default([]).describe('Domains to search.'),
  ntp: many(ipv4).default([]).describe('Time servers.'),
  broadcast: ipv4.optional().describe('Broadcast address. Default: the last address of the network.'),
  leaseTime: duration.optional().describe('Lease time in this subnet.'),
  maxLeaseTime: duration.optional().describe('Longest lease time a client can ask for.'),
  nextServer: ipv4.optional().describe('Boot server. Default: this server.'),
  bootFile: text.optional().describe('One boot file for every client of the subnet. Default: by architecture.'),
  options: z
    .record(z.string(), z.union([text, z.number(), z.boolean(), z.array(z.union([text, z.number()]))]))
    .default({})
    .describe('Further DHCP options, by their names in @pxekit/dhcp, such as `interfaceMtu`.'),
});

const dhcp = z.strictObject({
  mode: z.enum(['server', 'proxy']).default('server').describe('`proxy` answers boot questions only, beside another DHCP server.'),
  port: port.default(67).describe('UDP port. Default: 67.'),
  clientPort: port.default(68).describe('Port that clients listen on; another than 68 is for tests.'),
  proxyPort: port.default(4011).describe('Port for boot questions to a proxy. Default: 4011.'),
  leases: text.optional().describe('Lease database. Default: leases.db in the state folder.'),
  leaseTime: duration.default(43_200).describe('Default: 12h.'),
  maxLeaseTime: duration.default(86_400).describe('Default: 24h.'),
  authoritative: z.boolean().default(true).describe('Refuse addresses that do not belong to this network.'),
  bootp: z.boolean().default(true).describe('Answer BOOTP clients.'),
  subnets: z.array(subnet).default([]).describe('Networks to serve; those behind a relay, too.'),
});

const tftp = z.strictObject({
  root: text.optional().describe('Folder with boot files; generated files are added to it.'),
  port: port.default(69).describe('UDP port. Default: 69.'),
  maxBlockSize: z.int().min(8).max(65_464).default(65_464).describe('Largest block, in bytes; 1408 where packets get lost.'),
  maxWindowSize: z.int().min(1).max(65_535).default(64).describe('Most blocks sent before an answer.'),
  uploads: z.boolean().default(false).describe('Accept files from clients into the root.'),
  maxTransfers: z.int().min(1).default(1000).describe('Transfers at a time; more wait.'),
  maxTransfersPerClient: z.int().min(1).default(50).describe('Transfers at a time for one address.'),
});

const http = z.strictObject({
  port: port.default(80).describe('TCP port. Default: 80.'),
  aliases: z
    .record(z.string().regex(/^\//, 'Expected a URL path such as /ks'), text)
    .default({})
    .describe('URL paths for further folders; `/` for all that nothing else answers.'),
  maxConnections: z.int().min(1).default(2000).describe('Connections at a time; those beyond are closed. Default: 2000.'),
  maxConnectionsPerClient: z
    .int()
    .min(1)
    .default(100)
    .describe('Connections of one address at a time; those beyond get 503. More behind a proxy, which has one address. Default: 100.'),
});

const ftp = z.strictObject({
  port: port.default(21).describe('TCP port. Default: 21.'),
  passivePorts: z
    .string()
    .regex(/^\d{1,5}-\d{1,5}$/)
    .optional()
    .describe('Range of ports for data connections, such as 30000-30100. Default: any free port.'),
  maxConnections: z.int().min(1).default(100).describe('Connections at a time.'),
  maxConnectionsPerClient: z.int().min(1).default(10).describe('Connections of one address.'),
  idleTimeout: duration.default(300).describe('Default: 5m.'),
});

const image = z.strictObject({
  folder: text.describe('The install tree or the folder with kernel and initrd.'),
  kernel: text.optional().describe('Kernel, relative to the folder. Default: from .treeinfo, or images/pxeboot/vmlinuz.'),
  initrd: many(text).optional().describe('Initial RAM disks, relative to the folder. Default: from .treeinfo.'),
  arguments: text.default('').describe('Kernel arguments.'),
  release: text.optional().describe('Release that kickstart files are checked for, such as RHEL9 or F40. Default: from .treeinfo.'),
  title: text.optional().describe('Name in menus.'),
});

const profile = z.strictObject({
  image: name.describe('Name of an image.'),
  kickstart: text.optional().describe('Kickstart template (LiquidJS).'),
  arguments: text.default('').describe('Further kernel arguments.'),
  variables: z.record(z.string(), z.unknown()).default({}).describe('Values for the template.'),
  title: text.optional().describe('Name in menus.'),
  menu: z.boolean().default(true).describe('Show it in the menu for unknown machines.'),
});

const install = z.enum(['once', 'always', 'manual']);

const machine = z.strictObject({
  name: name.describe('Name; also the host name and the name in URLs.'),
  mac: many(mac).describe('Hardware address, or a list of them.'),
  uuid: text.optional().describe('System UUID, for templates.'),
  address: ipv4.optional().describe('The address that is kept for it.'),
  hostname: text.optional().describe('Default: the name.'),
  profile: name.optional().describe('What it installs. Default: nothing; it boots its disk.'),
  install: install.optional().describe('Default: `install` of the whole configuration.'),
  arguments: text.default('').describe('Further kernel arguments.'),
  variables: z.record(z.string(), z.unknown()).default({}).describe('Values for the template, over those of the profile.'),
  bootFile: text.optional().describe('Boot file for this machine alone.'),
  nextServer: ipv4.optional().describe('Boot server for this machine alone.'),
});

const unknown = z.strictObject({
  policy: z
    .enum(['allow', 'deny', 'discover'])
    .default('allow')
    .describe('`allow`: address and menu. `deny`: no answer. `discover`: noted; they boot their disk.'),
  profile: name.optional().describe('Profile for unknown machines. Default: they get the menu.'),
});

const menu = z.strictObject({
  title: text.default('Network boot').describe('Heading of the menu.'),
  timeout: duration.default(10).describe('Default: 10s.'),
  default: name.default('local').describe('Profile that starts when nobody chooses; `local` boots the disk.'),
  ui: text.optional().describe('Menu module, such as menu.c32 or vesamenu.c32. Default: menu.c32 where it is found.'),
});

const admin = z.strictObject({
  address: ipv4.default('127.0.0.1').describe('Address to listen on. Default: loopback.'),
  port: port.default(8067).describe('TCP port. Default: 8067.'),
  token: text.min(8, 'Expected at least 8 characters').optional().describe('Needed to arm and disarm machines.'),
  tokenFile: text.optional().describe('File that holds the token.'),
});

export const configSchema = z.strictObject({
  interface: text.optional().describe('Network interface to serve; its first IPv4 address is the address of the server.'),
  address: z
    .string()
    .refine((value) => parseNetwork(value) !== undefined, 'Expected an address such as 10.77.0.1/24')
    .optional()
    .describe('Address of the server, in place of `interface` or beside it.'),
  state: text.default('pxekit-state').describe('Folder for leases and machine states.'),
  events: text.optional().describe('File for the event log (JSON lines); `-` is standard output.'),
  user: text.optional().describe('User to run as once the ports are open.'),
  dhcp: z.union([off, dhcp]).default(() => dhcp.parse({})),
  tftp: z.union([off, tftp]).default(() => tftp.parse({})),
  http: z.union([off, http]).default(() => http.parse({})),
  ftp: z.union([off, ftp]).default(false),
  admin: z.union([off, admin]).default(false),
  ipxe: z
    .enum(['program', 'script'])
    .default('program')
    .describe('What clients that are iPXE get: the boot program of their platform, or a script over HTTP.'),
  httpUrl: z.url().optional().describe('URL at which machines find the HTTP tree, when another server serves it.'),
  loaders: z
    .strictObject({
      folder: text.optional().describe('Folder to look for boot programs in, before the installed packages.'),
      bios: text.optional().describe('Boot program for this platform. Default: the best that is found.'),
      'uefi-x64': text.optional().describe('Boot program for this platform. Default: the best that is found.'),
      'uefi-ia32': text.optional().describe('Boot program for this platform. Default: the best that is found.'),
      'uefi-arm64': text.optional().describe('Boot program for this platform. Default: the best that is found.'),
      'uefi-arm32': text.optional().describe('Boot program for this platform. Default: the best that is found.'),
      'uefi-http-x64': text.optional().describe('Boot program for this platform. Default: the best that is found.'),
      'uefi-http-arm64': text.optional().describe('Boot program for this platform. Default: the best that is found.'),
      rpi: text.optional().describe('Boot program for this platform. Default: the best that is found.'),
    })
    .default({}),
  images: z.record(name, image).default({}).describe('Install trees and kernels, by name.'),
  profiles: z.record(name, profile).default({}).describe('What to install, by name: an image and a kickstart.'),
  machines: z.array(machine).default([]).describe('Machines that are known.'),
  unknown: z
    .union([unknown, unknown.shape.policy.unwrap().transform((policy) => unknown.parse({ policy }))])
    .default(() => unknown.parse({})),
  install: install.default('once').describe('`once`: each machine installs once, then boots its disk, until it is armed again.'),
  installDeadline: duration.default(7200).describe('An install whose kickstart was fetched this long ago counts as done. Default: 2h.'),
  callHome: z.boolean().default(true).describe('Add a %post that reports the end of the install to kickstarts that have none.'),
  kickstartTokens: z.boolean().default(false).describe('Kickstart URLs carry a secret of the machine.'),
  menu: menu.default(() => menu.parse({})),
  watch: z.boolean().default(false).describe('Reload when the file changes.'),
});

/** The configuration with all defaults filled in. Times are in seconds; paths are as written. */
export type Config = z.output<typeof configSchema>;
/** The configuration as it is written. */
export type ConfigInput = z.input<typeof configSchema>;
export type MachineConfig = Config['machines'][number];
export type ImageConfig = Config['images'][string];
export type ProfileConfig = Config['profiles'][string];
export type SubnetConfig = Exclude<Config['dhcp'], false>['subnets'][number];
export type InstallPolicy = z.output<typeof install>;

/** JSON Schema (draft 2020-12) of the configuration, for editors. */
export function configJsonSchema(): object {
  return {
    $id: 'https://pxekit.dev/schema/pxekit.json',
    title: 'pxekit.yaml',
    ...z.toJSONSchema(configSchema, { io: 'input', unrepresentable: 'any' }),
  };
}
