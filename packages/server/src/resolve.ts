import type { InstallPolicy, MachineConfig, ProfileConfig } from './config/schema.js';
import { contains, parseIpv4 } from './ipv4.js';
import { loaderKind } from './loaders.js';
import { type Platform, platformOf } from './platforms.js';
import type { Image, Site, Subnet } from './site.js';
import { usesInstPrefix } from './treeinfo.js';

/** How far to resolve; each stage contains the ones before it. */
export const STAGES = ['machine', 'address', 'action', 'loader', 'configuration', 'kickstart'] as const;
export type Stage = (typeof STAGES)[number];

/** What is remembered of a machine between boots (see `machines.ts`); the parts that decide. */
export interface MachineMemory {
  state: 'discovered' | 'armed' | 'installing' | 'installed' | 'local';
  /** Profile chosen when the machine was armed; wins over the configuration. */
  profile?: string | undefined;
  /** Secret of the present install. */
  token?: string | undefined;
  /** When the kickstart was fetched, in milliseconds since 1970. */
  kickstartAt?: number | undefined;
}

/** What is known of a client that asks. */
export interface BootClient {
  /** In the form `52:54:00:12:34:56`. */
  mac?: string | undefined;
  uuid?: string | undefined;
  /** Client architecture (option 93). */
  architecture?: number | undefined;
  /** It is iPXE (user class or option 175), whether as a boot program or as the ROM of the card. */
  ipxe?: boolean | undefined;
  /** It boots over HTTP (vendor class `HTTPClient`). */
  http?: boolean | undefined;
  /** It asks for boot information (vendor class `PXEClient` or `HTTPClient`, or BOOTP). Default: true. */
  boots?: boolean | undefined;
  /** The address it has, or the relay agent's: tells the subnet. */
  address?: string | undefined;
  memory?: MachineMemory | undefined;
}

/** One rule that was decided, with the place in the configuration that won. */
export interface TraceStep {
  stage: Stage;
  rule: string;
  outcome: string;
  /** Path in the configuration, such as `['machines', 0, 'profile']`. */
  path?: (string | number)[] | undefined;
}

export interface BootEntry {
  name: string;
  title: string;
  image: Image;
  profile: ProfileConfig;
  /** Kernel arguments without `initrd=`. */
  arguments: string;
}

/** What a boot configuration offers, whatever syntax it is written in. */
export interface BootMenu {
  title: string;
  /** Seconds until the default starts; 0 starts it at once, without a menu. */
  timeout: number;
  /** Name of the entry that starts by itself; `local` is the disk. */
  default: string;
  entries: BootEntry[];
  /** SYSLINUX menu module. */
  ui: string | undefined;
}

export interface BootFile {
  /** Name in the boot tree, or a URL. */
  file: string;
  nextServer: string;
  kind: 'pxelinux' | 'grub' | 'ipxe' | 'script' | 'other';
}

export interface KickstartChoice {
  /** Path of the template as written. */
  template: string;
  url: string | undefined;
  profile: string;
  variables: Record<string, unknown>;
}

export interface Decision {
  stage: Stage;
  /** Present when the machine is in the configuration. */
  machine: MachineConfig | undefined;
  /** Name of the machine, or its hardware address with dashes. */
  name: string;
  /** Why the client gets no answer at all. */
  ignored?: string | undefined;
  subnet?: Subnet | undefined;
  /** The address kept for the machine. */
  address?: string | undefined;
  action?: 'install' | 'menu' | 'local' | undefined;
  profile?: string | undefined;
  platform?: Platform | undefined;
  bootFile?: BootFile | undefined;
  menu?: BootMenu | undefined;
  kickstart?: KickstartChoice | undefined;
  trace: TraceStep[];
}

export interface ResolveOptions {
  /** Milliseconds since 1970. Needed for the deadline of an install that was never reported as done. */
  now: number;
}

/** {@link resolve} for one site at one time. */
export type Decide = (client: BootClient, stage: Stage) => Decision;

/**
 * What a machine gets and why: the only place where this is decided.
 * Pure: DHCP, TFTP, HTTP, `explain` and `simulate` all ask here, so that the stages of a boot cannot disagree.
 */
export function resolve(site: Site, client: BootClient, stage: Stage, { now }: ResolveOptions): Decision {
  const decision = resolveMachine(site, client);
  const last = STAGES.indexOf(stage);
  for (let at = 1; at <= last && decision.ignored === undefined; at++) STEPS[STAGES[at] as keyof typeof STEPS](site, client, decision, now);
  decision.stage = stage;
  return decision;
}

const STEPS = {
  address: resolveAddress,
  action: resolveAction,
  loader: resolveLoader,
  configuration: resolveMenu,
  kickstart: resolveKickstart,
};

function machinePath(site: Site, { machine }: Decision, ...keys: string[]): TraceStep['path'] {
  const found = machine && site.machinesByName.get(machine.name);
  return found && ['machines', found.index, ...keys];
}

function resolveMachine(site: Site, client: BootClient): Decision {
  const { config } = site;
  const found = client.mac === undefined ? undefined : site.machinesByMac.get(client.mac);
  const decision: Decision = {
    stage: 'machine',
    machine: found?.machine,
    name: found?.machine.name ?? client.mac?.replaceAll(':', '-') ?? client.address ?? 'unknown',
    trace: [],
  };
  const step = (rule: string, outcome: string, path: TraceStep['path']) => decision.trace.push({ stage: 'machine', rule, outcome, path });
  if (found) {
    step('hardware address of a machine', `machine "${found.machine.name}"`, ['machines', found.index, 'mac']);
  } else if (client.memory !== undefined && client.memory.state !== 'discovered') {
    step('machine known from earlier boots', `machine ${decision.name}, ${client.memory.state}`, undefined);
  } else {
    const { policy } = config.unknown;
    step('unknown machine', policy, ['unknown']);
    if (policy === 'deny') decision.ignored = `${client.mac ?? 'the client'} is not among \`machines\` and \`unknown\` is "deny"`;
  }
  return decision;
}

function resolveAddress(site: Site, client: BootClient, decision: Decision) {
  const fixed = decision.machine?.address;
  const about = fixed ?? client.address ?? site.address;
  const value = parseIpv4(about);
  decision.subnet = value === undefined ? undefined : site.subnets.find(({ network }) => contains(network, value));
  if (decision.subnet) {
    const { config, index } = decision.subnet;
    decision.trace.push({ stage: 'address', rule: `subnet that holds ${about}`, outcome: config.subnet, path: ['dhcp', 'subnets', index] });
  }
  if (fixed !== undefined) {
    decision.address = fixed;
    decision.trace.push({ stage: 'address', rule: 'address of the machine', outcome: fixed, path: machinePath(site, decision, 'address') });
  } else if (site.config.dhcp !== false && site.config.dhcp.mode === 'proxy') {
    decision.trace.push({ stage: 'address', rule: 'proxy', outcome: 'the other DHCP server gives the address', path: ['dhcp', 'mode'] });
  } else if (decision.subnet) {
    const { config, index } = decision.subnet;
    const outcome = config.pools.length > 0 ? `one of ${config.pools.join(', ')}` : 'none: the subnet has no pool';
    decision.trace.push({ stage: 'address', rule: 'pool of the subnet', outcome, path: ['dhcp', 'subnets', index, 'pools'] });
  }
}

function resolveAction(site: Site, client: BootClient, decision: Decision, now: number) {
  const { config } = site;
  const { memory } = client;
  const step = (rule: string, outcome: string, path?: TraceStep['path']) => decision.trace.push({ stage: 'action', rule, outcome, path });
  const install = (profile: string) => {
    decision.action = 'install';
    decision.profile = profile;
  };
  const local = (rule: string, path?: TraceStep['path']) => {
    decision.action = 'local';
    step(rule, 'boot the disk', path);
  };

  if (decision.machine === undefined && (memory === undefined || memory.state === 'discovered')) {
    if (config.unknown.policy === 'discover') return local('unknown machines are only noted', ['unknown', 'policy']);
    if (config.unknown.profile !== undefined) {
      install(config.unknown.profile);
      return void step('profile for unknown machines', config.unknown.profile, ['unknown', 'profile']);
    }
    decision.action = 'menu';
    return void step('unknown machines choose', 'the menu of all profiles', ['menu']);
  }

  const profile = memory?.profile ?? decision.machine?.profile;
  const policy: InstallPolicy = decision.machine?.install ?? config.install;
  const policyPath = decision.machine?.install === undefined ? ['install'] : machinePath(site, decision, 'install');
  if (profile === undefined) return local('machine without a profile', machinePath(site, decision));
  if (memory?.state === 'local') return local('machine was disarmed');
  if (memory?.state === 'installed' && policy !== 'always') return local('machine is installed', policyPath);
  if (memory?.state === 'installing' && policy !== 'always' && memory.kickstartAt !== undefined) {
    if (now - memory.kickstartAt >= config.installDeadline * 1000) {
      return local('kickstart was fetched and the deadline for the install has passed', ['installDeadline']);
    }
    step('install not reported as done', 'install again', ['installDeadline']);
  }
  if (memory === undefined || memory.state === 'discovered') {
    if (policy === 'manual') return local('machine is not armed', policyPath);
  }
  install(profile);
  step(
    memory?.profile === undefined ? 'profile of the machine' : 'profile chosen when the machine was armed',
    profile,
    machinePath(site, decision, 'profile'),
  );
}

/** iPXE that UEFI firmware loaded over HTTP asks again with the architecture of a PXE client. */
const OVER_HTTP: Partial<Record<Platform, Platform>> = { 'uefi-x64': 'uefi-http-x64', 'uefi-arm64': 'uefi-http-arm64' };

function resolveLoader(site: Site, client: BootClient, decision: Decision) {
  const { config } = site;
  const step = (rule: string, outcome: string, path?: TraceStep['path']) => decision.trace.push({ stage: 'loader', rule, outcome, path });
  const platform = platformOf(client.architecture);
  decision.platform = platform;
  if (client.boots === false) return void step('client does not ask for a boot file', 'address only');
  const own = decision.machine?.nextServer;
  const nextServer = own ?? decision.subnet?.config.nextServer ?? site.address;
  const finish = (file: string, kind: BootFile['kind']) => {
    decision.bootFile = { file, nextServer, kind };
  };
  if (decision.machine?.bootFile !== undefined) {
    step('boot file of the machine', decision.machine.bootFile, machinePath(site, decision, 'bootFile'));
    return finish(decision.machine.bootFile, loaderKind(decision.machine.bootFile));
  }
  // iPXE that was loaded by our own boot program must get a script, or it would load itself for ever.
  const loadedIpxe = platform !== undefined && [platform, OVER_HTTP[platform]].some((each) => each && site.loaders[each]?.kind === 'ipxe');
  if (client.ipxe && (config.ipxe === 'script' || loadedIpxe)) {
    const name = `ipxe/${(client.mac ?? 'default').replaceAll(':', '-')}.ipxe`;
    const script = site.httpUrl === undefined ? name : `${site.httpUrl}/boot/${name}`;
    step('client is iPXE', script);
    return finish(script, 'script');
  }
  if (decision.subnet?.config.bootFile !== undefined) {
    const { bootFile } = decision.subnet.config;
    step('boot file of the subnet', bootFile, ['dhcp', 'subnets', decision.subnet.index, 'bootFile']);
    return finish(bootFile, loaderKind(bootFile));
  }
  if (platform === undefined) return void step(`architecture ${client.architecture}`, 'no boot file: there is no boot program for it');
  const loader = site.loaders[platform];
  const rule = `architecture ${client.architecture ?? '0 (none given)'}, ${platform}`;
  if (!loader && platform === 'rpi' && config.tftp !== false) {
    // What the answer names does not matter to it, that there is an answer does.
    step(rule, 'start4.elf: it asks for its files by itself, in the folder of its serial number first');
    return finish('start4.elf', 'other');
  }
  if (!loader) return void step(rule, 'no boot file: no boot program was found', ['loaders', platform]);
  const overHttp = client.http || platform.startsWith('uefi-http');
  if (overHttp && site.httpUrl === undefined) return void step(rule, 'no boot file: HTTP is off', ['http']);
  const file = overHttp ? `${site.httpUrl}/boot/${loader.name}` : loader.name;
  step(rule, file, config.loaders[platform] === undefined ? undefined : ['loaders', platform]);
  finish(file, loader.kind);
}

/** URL of a machine's kickstart; it carries the machine's secret when the configuration asks for that. */
function kickstartUrl(site: Site, client: BootClient, decision: Decision): string | undefined {
  if (site.httpUrl === undefined) return undefined;
  const token = site.config.kickstartTokens && client.memory?.token !== undefined ? `/${client.memory.token}` : '';
  return `${site.httpUrl}/ks/${encodeURIComponent(decision.name)}${token}`;
}

function kernelArguments(
  site: Site,
  client: BootClient,
  decision: Decision,
  image: Image,
  profile: ProfileConfig,
  profileName: string,
): string {
  const parts = [image.arguments, profile.arguments, decision.machine?.arguments ?? ''];
  const given = ` ${parts.join(' ')} `;
  const prefix = usesInstPrefix(image.release) ? 'inst.' : '';
  if (profile.kickstart !== undefined && !/ (?:inst\.)?ks(?:=| )/.test(given)) {
    // Entries of a menu, or for a client that is not known by name, name the profile; the client's address tells the machine.
    const choice = `${site.httpUrl}/profiles/${encodeURIComponent(profileName)}/ks`;
    const url = decision.action === 'menu' || client.mac === undefined ? choice : kickstartUrl(site, client, decision);
    if (site.httpUrl !== undefined) parts.push(`${prefix}ks=${url}`);
  }
  if (image.isTree && site.httpUrl !== undefined && !/ (?:inst\.repo|inst\.stage2|method|repo)=/.test(given)) {
    parts.push(`${prefix === '' ? 'method' : 'inst.repo'}=${site.httpUrl}/images/${image.name}`);
  }
  return parts.filter((part) => part.trim() !== '').join(' ');
}

function resolveMenu(site: Site, client: BootClient, decision: Decision) {
  const { config } = site;
  const step = (rule: string, outcome: string, path?: TraceStep['path']) =>
    decision.trace.push({ stage: 'configuration', rule, outcome, path });
  const entry = (name: string): BootEntry | undefined => {
    const profile = config.profiles[name];
    const image = profile && site.images.get(profile.image);
    if (!profile || !image) return undefined;
    const args = kernelArguments(site, client, decision, image, profile, name);
    step('kernel line', [`images/${image.name}/${image.kernel}`, args].join(' ').trim(), ['profiles', name]);
    return { name, title: profile.title ?? name, image, profile, arguments: args };
  };
  const menu: BootMenu = { title: config.menu.title, timeout: 0, default: 'local', entries: [], ui: undefined };
  if (decision.action === 'install' && decision.profile !== undefined) {
    const chosen = entry(decision.profile);
    if (chosen) menu.entries.push(chosen);
    else step('profile', `"${decision.profile}" does not exist: boot the disk`);
    menu.default = chosen?.name ?? 'local';
    if (config.menu.ui !== undefined) {
      menu.ui = config.menu.ui;
      menu.timeout = config.menu.timeout;
    }
  } else if (decision.action === 'menu') {
    for (const [name, profile] of Object.entries(config.profiles)) {
      const each = profile.menu ? entry(name) : undefined;
      if (each) menu.entries.push(each);
    }
    menu.timeout = config.menu.timeout;
    menu.default = menu.entries.some(({ name }) => name === config.menu.default) ? config.menu.default : 'local';
    menu.ui = config.menu.ui ?? (site.modules[decision.platform ?? 'bios']?.has('menu.c32') ? 'menu.c32' : undefined);
    step('starts by itself', menu.default, ['menu', 'default']);
  }
  decision.menu = menu;
}

function resolveKickstart(site: Site, client: BootClient, decision: Decision) {
  const step = (rule: string, outcome: string, path?: TraceStep['path']) =>
    decision.trace.push({ stage: 'kickstart', rule, outcome, path });
  const profileName = decision.profile;
  const profile = profileName === undefined ? undefined : site.config.profiles[profileName];
  if (profileName === undefined || !profile?.kickstart) {
    return void step('kickstart', decision.action === 'install' ? 'none: the profile names no kickstart' : 'none: nothing is installed');
  }
  decision.kickstart = {
    template: profile.kickstart,
    url: kickstartUrl(site, client, decision),
    profile: profileName,
    variables: { ...profile.variables, ...decision.machine?.variables },
  };
  step('kickstart of the profile', `${profile.kickstart} at ${decision.kickstart.url ?? 'no URL: HTTP is off'}`, [
    'profiles',
    profileName,
    'kickstart',
  ]);
}
