import { type CommandView, option, readOptions, readSectionOptions } from './read-options.js';
import type { Command, Document, PackageEntry } from './tree.js';
import { parseInteger } from './values.js';

/** One `network` line. Options that are not here stand in `command`. */
export interface Network {
  command: Command;
  device?: string;
  /** Default of the installer: `dhcp`. */
  bootproto: string;
  ip?: string;
  netmask?: string;
  gateway?: string;
  nameservers: string[];
  hostname?: string;
  ipv6?: string;
  ipv6gateway?: string;
  mtu?: number;
  vlanId?: number;
  bondSlaves: string[];
  bridgeSlaves: string[];
  teamSlaves: string[];
  /** Start at boot; the installer's default is yes. */
  onBoot: boolean;
  /** Start during the installation. */
  activate: boolean;
}

/** The network lines of a file, in order. */
export function network(document: Document): Network[] {
  return views(document, 'network').map((view) => ({
    command: view.command,
    ...texts(view, { device: '--device', ip: '--ip', netmask: '--netmask', gateway: '--gateway', hostname: '--hostname' }),
    ...texts(view, { ipv6: '--ipv6', ipv6gateway: '--ipv6gateway' }),
    ...numbers(view, { mtu: '--mtu', vlanId: '--vlanid' }),
    bootproto: option(view, '--bootproto')?.value ?? 'dhcp',
    nameservers: list(view, '--nameserver'),
    bondSlaves: list(view, '--bondslaves'),
    bridgeSlaves: list(view, '--bridgeslaves'),
    teamSlaves: list({ ...view, options: view.options.map(withoutQuoted) }, '--teamslaves'),
    onBoot: !/^(?:no|off|false|0)$/i.test(option(view, '--onboot')?.value ?? 'yes'),
    activate: flag(view, '--activate') && !flag(view, '--no-activate'),
  }));
}

/** `--teamslaves="eth1'{...}',eth2"`: the quoted JSON is configuration of the port. */
function withoutQuoted(use: CommandView['options'][number]): CommandView['options'][number] {
  return use.name === '--teamslaves' && use.value !== undefined ? { ...use, value: use.value.replace(/'[^']*'/g, '') } : use;
}

/** A part of the disk layout: `part`, `raid`, `volgroup`, `logvol`, `btrfs` or `mount`. */
export interface Partition {
  command: Command;
  kind: 'part' | 'raid' | 'volgroup' | 'logvol' | 'btrfs' | 'mount';
  /** Mount point, `swap`, or a member such as `pv.01`; the name of a volume group. */
  target: string;
  /** `--name` of a volume, `--device` of an array. */
  name?: string;
  /** MiB. */
  size?: number;
  maxSize?: number;
  percent?: number;
  grow: boolean;
  fstype?: string;
  label?: string;
  /** `--ondisk`. */
  disk?: string;
  /** `--onpart`, or the device of `mount`. */
  device?: string;
  /** `--vgname`. */
  volumeGroup?: string;
  level?: string;
  /** What a group, array or Btrfs volume is built from. */
  members: string[];
  encrypted: boolean;
  /** Kept, not made anew: `--noformat`, `--useexisting`, `mount` without `--reformat`. */
  existing: boolean;
}

const STORAGE = ['part', 'raid', 'volgroup', 'logvol', 'btrfs', 'mount'] as const;

/** The disk layout that a file spells out, in order; empty where `autopart` decides. */
export function partitions(document: Document): Partition[] {
  const found = STORAGE.flatMap((kind) => views(document, kind).map((view) => partition(kind, view)));
  return found.sort((a, b) => a.command.start - b.command.start);
}

function partition(kind: Partition['kind'], view: CommandView): Partition {
  const words = view.positionals.map(({ value }) => value);
  const device = kind === 'mount' ? words[0] : option(view, '--onpart')?.value;
  return {
    command: view.command,
    kind,
    target: (kind === 'mount' ? words[1] : words[0]) ?? '',
    ...texts(view, { name: kind === 'raid' ? '--device' : '--name', fstype: '--fstype', label: '--label', disk: '--ondisk' }),
    ...texts(view, { volumeGroup: '--vgname', level: '--level' }),
    ...numbers(view, { size: '--size', maxSize: '--maxsize', percent: '--percent' }),
    ...(device !== undefined && { device }),
    members: kind === 'mount' ? [] : words.slice(1),
    grow: flag(view, '--grow'),
    encrypted: flag(view, '--encrypted'),
    existing: kind === 'mount' ? !flag(view, '--reformat') : flag(view, '--noformat') || flag(view, '--useexisting'),
  };
}

/** Somebody who can log in. */
export interface User {
  /** `rootpw` for root, else `user`. */
  command: Command;
  name: string;
  /** Hash or, when `isCrypted` is false, the password itself. */
  password?: string;
  isCrypted: boolean;
  isLocked: boolean;
  groups: string[];
  uid?: number;
  gid?: number;
  home?: string;
  shell?: string;
  gecos?: string;
  /** Keys of `sshkey` lines for this user. */
  sshKeys: string[];
}

/** root, when `rootpw` sets it, and the users of a file. */
export function users(document: Document): User[] {
  const keys = new Map<string, string[]>();
  for (const view of views(document, 'sshkey')) {
    const name = option(view, '--username')?.value;
    const key = view.positionals[0]?.value;
    if (name === undefined || key === undefined) continue;
    const known = keys.get(name);
    if (known) known.push(key);
    else keys.set(name, [key]);
  }
  const keysOf = (name: string) => keys.get(name) ?? [];
  const root = views(document, 'rootpw').at(-1);
  const found: User[] = [];
  if (root) {
    const password = root.positionals[0]?.value;
    found.push({ ...account(root, 'root', keysOf('root')), ...(password !== undefined && { password }) });
  }
  for (const view of views(document, 'user')) {
    const name = option(view, '--name')?.value ?? '';
    found.push({ ...account(view, name, keysOf(name)), ...texts(view, { password: '--password' }) });
  }
  return found;
}

function account(view: CommandView, name: string, sshKeys: string[]): User {
  return {
    command: view.command,
    name,
    isCrypted: flag(view, '--iscrypted'),
    isLocked: flag(view, '--lock'),
    groups: list(view, '--groups'),
    ...numbers(view, { uid: '--uid', gid: '--gid' }),
    ...texts(view, { home: '--homedir', shell: '--shell', gecos: '--gecos' }),
    sshKeys,
  };
}

/** What the `%packages` sections of a file come to. */
export interface Packages {
  environment?: string;
  groups: string[];
  packages: string[];
  excludedGroups: string[];
  excludedPackages: string[];
  /** Options of the last header, which is the one that counts; flags are `true`. */
  options: Record<string, string | true>;
}

/** What is installed: later lines cancel earlier ones, and the last header's options count. `undefined` without `%packages`. */
export function packages(document: Document): Packages | undefined {
  const sections = document.children.filter((node) => node.type === 'section' && node.kind === 'packages');
  if (sections.length === 0) return undefined;
  const chosen = { package: new Map<string, boolean>(), group: new Map<string, boolean>() };
  let environment: string | undefined;
  let options: Packages['options'] = {};
  for (const section of sections) {
    if (section.type !== 'section') continue;
    options = Object.fromEntries(readSectionOptions(section).options.map(({ spelling, value }) => [spelling, value ?? true]));
    for (const entry of section.body) {
      if (entry.type !== 'entry' || entry.name === '') continue;
      const { kind, name, exclude } = entry as PackageEntry;
      if (kind === 'environment') {
        if (!exclude) environment = name;
        else if (environment === name) environment = undefined;
        continue;
      }
      chosen[kind].delete(name);
      chosen[kind].set(name, !exclude);
    }
  }
  const pick = (kind: 'package' | 'group', wanted: boolean) => [...chosen[kind]].flatMap(([name, is]) => (is === wanted ? [name] : []));
  return {
    ...(environment !== undefined && { environment }),
    groups: pick('group', true),
    packages: pick('package', true),
    excludedGroups: pick('group', false),
    excludedPackages: pick('package', false),
    options,
  };
}

function views(document: Document, canonical: string): CommandView[] {
  return document.children.flatMap((node) => {
    if (node.type !== 'command') return [];
    const view = readOptions(node);
    return view.canonical === canonical ? [view] : [];
  });
}

function flag(view: CommandView, name: string): boolean {
  return option(view, name) !== undefined;
}

function list(view: CommandView, name: string): string[] {
  return (option(view, name)?.value ?? '')
    .split(',')
    .map((item) => item.trim())
    .filter(Boolean);
}

function texts<K extends string>(view: CommandView, names: Record<K, string>): { [P in K]?: string } {
  const found: { [P in K]?: string } = {};
  for (const key of Object.keys(names) as K[]) {
    const value = option(view, names[key])?.value;
    if (value !== undefined) found[key] = value;
  }
  return found;
}

function numbers<K extends string>(view: CommandView, names: Record<K, string>): { [P in K]?: number } {
  const found: { [P in K]?: number } = {};
  for (const key of Object.keys(names) as K[]) {
    const value = parseInteger(option(view, names[key])?.value ?? '');
    if (value !== undefined) found[key] = value;
  }
  return found;
}
