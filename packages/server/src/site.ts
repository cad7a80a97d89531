import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Config, ImageConfig, MachineConfig, SubnetConfig } from './config/schema.js';
import { type Network, parseNetwork } from './ipv4.js';
import { findLoader, type Loader, syslinuxModules } from './loaders.js';
import { PLATFORMS, type Platform } from './platforms.js';
import { parseTreeInfo, releaseOf, type TreeInfo } from './treeinfo.js';

/** An image with what its folder says about it. */
export interface Image {
  name: string;
  title: string;
  /** Absolute path. */
  folder: string;
  /** Paths relative to the folder. */
  kernel: string;
  initrds: string[];
  arguments: string;
  release: string | undefined;
  /** Whether the folder is an install tree, to be named as the installer's source. */
  isTree: boolean;
  treeInfo: TreeInfo | undefined;
}

export interface Subnet {
  network: Network;
  config: SubnetConfig;
  index: number;
}

/**
 * A configuration made ready for questions: machines indexed, folders looked into, loaders found.
 * `resolve` reads it and nothing else.
 */
export interface Site {
  config: Config;
  /** Folder that relative paths start from. */
  folder: string;
  /** Address of this server on the network it serves. */
  address: string;
  network: Network | undefined;
  /** URL of the HTTP tree, without a slash at the end; `undefined` when there is none. */
  httpUrl: string | undefined;
  images: ReadonlyMap<string, Image>;
  machinesByMac: ReadonlyMap<string, { machine: MachineConfig; index: number }>;
  machinesByName: ReadonlyMap<string, { machine: MachineConfig; index: number }>;
  subnets: readonly Subnet[];
  loaders: Readonly<Partial<Record<Platform, Loader>>>;
  /** SYSLINUX modules by name, for each platform that has any. */
  modules: Readonly<Partial<Record<Platform, ReadonlyMap<string, string>>>>;
}

export interface SiteOptions {
  folder: string;
  /** The server's address with its prefix length, such as `10.77.0.1/24`. */
  address: string;
  httpUrl: string | undefined;
}

function prepareImage(name: string, config: ImageConfig, base: string): Image {
  const folder = resolve(base, config.folder);
  const info = ['.treeinfo', 'treeinfo'].map((file) => join(folder, file)).find((file) => existsSync(file));
  const treeInfo = info === undefined ? undefined : parseTreeInfo(readFileSync(info, 'utf8'));
  const usual = (file: string) => [`images/pxeboot/${file}`, `isolinux/${file}`].find((path) => existsSync(join(folder, path))) ?? file;
  return {
    name,
    title: config.title ?? name,
    folder,
    kernel: config.kernel ?? treeInfo?.kernel ?? usual('vmlinuz'),
    initrds: config.initrd ?? [treeInfo?.initrd ?? usual('initrd.img')],
    arguments: config.arguments,
    release: config.release ?? (treeInfo && releaseOf(treeInfo)),
    isTree: treeInfo !== undefined,
    treeInfo,
  };
}

/** Looks up everything that `resolve` needs to know. Reads folders; opens no port. */
export function prepareSite(config: Config, { folder, address, httpUrl }: SiteOptions): Site {
  const own = parseNetwork(address);
  const machinesByMac = new Map<string, { machine: MachineConfig; index: number }>();
  const machinesByName = new Map<string, { machine: MachineConfig; index: number }>();
  for (const [index, machine] of config.machines.entries()) {
    const entry = { machine, index };
    machinesByName.set(machine.name, entry);
    for (const mac of machine.mac) machinesByMac.set(mac, entry);
  }
  const root = config.tftp !== false && config.tftp.root !== undefined ? [resolve(folder, config.tftp.root)] : [];
  const folders = [...root, ...(config.loaders.folder === undefined ? [] : [resolve(folder, config.loaders.folder)])];
  const loaders: Partial<Record<Platform, Loader>> = {};
  const modules: Partial<Record<Platform, ReadonlyMap<string, string>>> = {};
  for (const platform of PLATFORMS) {
    const found = findLoader(platform, { named: config.loaders[platform], folders });
    if (!found) continue;
    loaders[platform] = found;
    if (found.kind === 'pxelinux') modules[platform] = syslinuxModules(platform, platform === 'bios' ? folders : []);
  }
  return {
    config,
    folder,
    address: address.replace(/\/.*/, ''),
    network: own && own.prefix < 32 ? own : undefined,
    httpUrl: config.httpUrl?.replace(/\/+$/, '') ?? httpUrl,
    images: new Map(Object.entries(config.images).map(([name, image]) => [name, prepareImage(name, image, folder)])),
    machinesByMac,
    machinesByName,
    subnets:
      config.dhcp === false
        ? []
        : config.dhcp.subnets.map((subnet, index) => ({ config: subnet, index, network: parseNetwork(subnet.subnet) as Network })),
    loaders,
    modules,
  };
}
