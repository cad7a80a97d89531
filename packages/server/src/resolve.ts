import type { MachineConfig, ProfileConfig } from './config/schema.js';
import type { Platform } from './platforms.js';
import { resolveAction } from './resolve/action.js';
import { resolveKickstart, resolveMenu } from './resolve/configuration.js';
import { resolveLoader } from './resolve/loader.js';
import { resolveAddress, resolveMachine } from './resolve/machine.js';
import type { Image, Site, Subnet } from './site.js';

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
