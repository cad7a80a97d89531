import { join, resolve as resolvePath } from 'node:path';
import { normalizeMac } from './ipv4.js';
import { grubChooser, grubMenu } from './menus/grub.js';
import { ipxeMenu } from './menus/ipxe.js';
import { pxelinuxMenu } from './menus/pxelinux.js';
import { findInside, splitPath } from './paths.js';
import { PLATFORMS, type Platform } from './platforms.js';
import type { BootClient, Decide, Decision } from './resolve.js';
import type { Site } from './site.js';

/** What stands under a name in the boot tree. */
export type BootFileFound =
  | { kind: 'file'; path: string; size: number; modified: Date; rule: string }
  | { kind: 'generated'; text: string; decision: Decision | undefined; rule: string };

/** Who a request comes from, as far as that is known. */
export type WhoAsks = (mac: string | undefined) => BootClient | undefined;

/**
 * The tree that clients see over TFTP and under `/boot` over HTTP:
 * real files first, then images, boot programs and modules of installed packages, and configurations made for the client.
 * `client` says what is known of a hardware address, or of the one who asks.
 *
 * @throws {ServerError} `SERVER_PATH_OUTSIDE` for names that lead out of the tree.
 */
export function findBootFile(site: Site, name: string, client: WhoAsks, decide: Decide): BootFileFound | undefined {
  const parts = splitPath(name.replace(/^::/, ''));
  const path = parts.join('/');
  const { tftp } = site.config;
  if (tftp !== false && tftp.root !== undefined) {
    const real = findInside(resolvePath(site.folder, tftp.root), path);
    if (real?.stats.isFile()) return fileFound(real, 'file in the TFTP root');
  }
  return findInImages(site, parts) ?? findConfiguration(site, parts, client, decide) ?? findProgram(site, path);
}

function fileFound({ path, stats }: NonNullable<ReturnType<typeof findInside>>, rule: string): BootFileFound {
  return { kind: 'file', path, size: stats.size, modified: stats.mtime, rule };
}

function findInImages(site: Site, parts: readonly string[]): BootFileFound | undefined {
  const at = parts.indexOf('images');
  // A boot program in a folder asks for names below that folder.
  if (at < 0 || at > 2) return undefined;
  const image = site.images.get(parts[at + 1] ?? '');
  const found = image && findInside(image.folder, parts.slice(at + 2).join('/'));
  return found?.stats.isFile() ? fileFound(found, `image "${image?.name}"`) : undefined;
}

/** The boot program whose folder a path lies in; `pxelinux.cfg/x` belongs to the BIOS one, `efi64/pxelinux.cfg/x` to the 64-bit EFI one. */
function platformOfFolder(site: Site, folder: string): Platform {
  const found = PLATFORMS.find((platform) => {
    const loader = site.loaders[platform];
    return loader?.kind === 'pxelinux' && loader.name.slice(0, Math.max(0, loader.name.lastIndexOf('/'))) === folder;
  });
  return found ?? 'bios';
}

function findConfiguration(site: Site, parts: readonly string[], client: WhoAsks, decide: Decide): BootFileFound | undefined {
  const [folder, file = ''] = [parts.slice(0, -1).join('/'), parts.at(-1)];
  const made = (asking: BootClient, write: (decision: Decision) => string, rule: string): BootFileFound | undefined => {
    const decision = decide(asking, 'kickstart');
    return decision.menu && { kind: 'generated', text: write(decision), decision, rule };
  };
  if (parts.at(-2) === 'pxelinux.cfg') {
    const base = parts.slice(0, -2).join('/');
    const options = { platform: platformOfFolder(site, base) };
    const write = ({ menu }: Decision) => pxelinuxMenu(menu as NonNullable<Decision['menu']>, options);
    if (file === 'default') return made(client(undefined) ?? {}, write, 'generated for clients without a file of their own');
    const mac = /^01-/.test(file) ? normalizeMac(file.slice(3)) : undefined;
    const asking = mac === undefined ? undefined : client(mac);
    // Machines nobody has named go on to `default`, as they would with a tree of files.
    const known = mac !== undefined && (site.machinesByMac.has(mac) || (asking?.memory && asking.memory.state !== 'discovered'));
    return known ? made(asking ?? { mac }, write, 'generated for the machine') : undefined;
  }
  if (file === 'grub.cfg' && (folder === 'grub' || folder === '' || folder.startsWith('grub/'))) {
    const asking = client(undefined);
    if (asking?.mac === undefined) return { kind: 'generated', text: grubChooser(), decision: undefined, rule: 'generated for GRUB' };
    return findBootFile(site, `grub/machines/${asking.mac}.cfg`, client, decide);
  }
  const [, named] = /^grub\/machines\/(.+)\.cfg$/.exec(parts.join('/')) ?? /^ipxe\/(.+)\.ipxe$/.exec(parts.join('/')) ?? [];
  if (named === undefined) return undefined;
  const mac = normalizeMac(named);
  if (mac === undefined && named !== 'default') return undefined;
  const asking = client(mac) ?? { mac };
  if (parts[0] === 'grub') return made(asking, ({ menu }) => grubMenu(menu as NonNullable<Decision['menu']>), 'generated for GRUB');
  const base = site.httpUrl ?? `tftp://${site.address}`;
  return made({ ...asking, ipxe: true }, ({ menu }) => ipxeMenu(menu as NonNullable<Decision['menu']>, { base }), 'generated for iPXE');
}

function findProgram(site: Site, path: string): BootFileFound | undefined {
  for (const platform of PLATFORMS) {
    const loader = site.loaders[platform];
    if (!loader) continue;
    if (path === loader.name) return program(loader.file, `boot program for ${platform}`);
    const companion = loader.companions[path];
    if (companion !== undefined) return program(companion, `goes with ${loader.name}`);
    if (loader.kind !== 'pxelinux') continue;
    const folder = loader.name.slice(0, loader.name.lastIndexOf('/') + 1);
    const module = path.startsWith(folder) ? site.modules[platform]?.get(path.slice(folder.length)) : undefined;
    if (module !== undefined) return program(module, `SYSLINUX module for ${platform}`);
  }
  return undefined;
}

function program(file: string, rule: string): BootFileFound | undefined {
  const found = findInside('/', file);
  return found?.stats.isFile() ? fileFound(found, rule) : undefined;
}

/** Names in the tree that can be listed: what a client can get without asking for anything made up. */
export function listBootTree(site: Site, client: BootClient, decide: Decide): { name: string; source: string }[] {
  const names: { name: string; source: string }[] = [];
  for (const platform of PLATFORMS) {
    const loader = site.loaders[platform];
    if (!loader) continue;
    names.push({ name: loader.name, source: loader.file });
    for (const [name, file] of Object.entries(loader.companions)) names.push({ name, source: file });
    const folder = loader.name.slice(0, loader.name.lastIndexOf('/') + 1);
    for (const [name, file] of site.modules[platform] ?? []) names.push({ name: `${folder}${name}`, source: file });
  }
  const generated = client.mac === undefined ? ['default'] : [`01-${client.mac.replaceAll(':', '-')}`, 'default'];
  for (const name of generated) {
    const path = `pxelinux.cfg/${name}`;
    if (findBootFile(site, path, (mac) => (mac === undefined || mac === client.mac ? client : undefined), decide))
      names.push({ name: path, source: 'generated' });
  }
  names.push({ name: 'grub/grub.cfg', source: 'generated' });
  if (client.mac !== undefined) {
    names.push({ name: `grub/machines/${client.mac}.cfg`, source: 'generated' });
    names.push({ name: `ipxe/${client.mac.replaceAll(':', '-')}.ipxe`, source: 'generated' });
  }
  for (const { name, folder, kernel, initrds } of site.images.values()) {
    for (const file of [kernel, ...initrds]) names.push({ name: `images/${name}/${file}`, source: join(folder, file) });
  }
  const seen = new Set<string>();
  return names.filter(({ name }) => !seen.has(name) && seen.add(name));
}
