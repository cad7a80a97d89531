import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { librariesOf, MENU_MODULES } from '@pxekit/pxelinux';
import { loaderPackages } from '../loaders.js';
import type { Platform } from '../platforms.js';
import type { Image, Site } from '../site.js';
import { usesInstPrefix } from '../treeinfo.js';
import { type DoctorItem, fail, ok, warn } from './item.js';

/** A boot program for each architecture, with the modules it needs. */
export function* checkLoaders(site: Site): Generator<DoctorItem> {
  const wanted: Platform[] = ['bios', 'uefi-x64', 'uefi-arm64', 'uefi-http-x64'];
  for (const platform of wanted) {
    const id = `loader/${platform}`;
    const loader = site.loaders[platform];
    if (!loader) {
      yield warn(
        id,
        `no boot program for ${platform}: such machines get an address and no file`,
        `Install ${loaderPackages(platform)}, or name a file under \`loaders\`.`,
      );
      continue;
    }
    const have = site.modules[platform];
    if (loader.kind !== 'pxelinux' || !have) {
      yield ok(id, `${platform} loads ${loader.name} (${loader.file})`);
      continue;
    }
    const ui = site.config.menu.ui ?? 'menu.c32';
    const core = platform === 'bios' ? 'ldlinux.c32' : 'ldlinux.e64';
    const needed = [core, ui, ...(MENU_MODULES.includes(ui) ? librariesOf(ui) : [])];
    const missing = needed.filter((name) => !have.has(name));
    if (missing.length > 0)
      yield fail(
        id,
        `${missing.join(', ')} missing for ${loader.name}`,
        `Copy them from the same SYSLINUX version as ${loader.file}, or install ${loaderPackages(platform)}.`,
      );
    else yield ok(id, `${platform} loads ${loader.name} with ${needed.join(', ')}`);
  }
}

/** Kernel, initrd and package repository of each image, and whether they belong together. */
export function* checkImages(site: Site): Generator<DoctorItem> {
  for (const image of site.images.values()) {
    const id = `image/${image.name}`;
    const files = [image.kernel, ...image.initrds];
    const missing = files.filter((file) => !isFile(join(image.folder, file)));
    if (missing.length > 0) {
      yield fail(
        id,
        `${missing.join(', ')} missing in ${image.folder}`,
        'Copy the whole tree, hidden files included (`cp -a DVD/. FOLDER`), or correct `kernel` and `initrd`.',
      );
      continue;
    }
    const foreign = files.filter((file) => !matchesTree(image, file));
    if (foreign.length > 0)
      yield fail(
        id,
        `${foreign.join(', ')} does not belong to this tree: the digest in .treeinfo is another`,
        'Kernel, initrd and tree must be of one release: copy all three from the same medium.',
      );
    else if (!isLinuxKernel(join(image.folder, image.kernel)))
      yield warn(
        id,
        `${image.kernel} is no Linux kernel that boot loaders take`,
        'Take `vmlinuz`, the compressed kernel of the installer, not `vmlinux`.',
      );
    else
      yield ok(
        id,
        `${image.kernel} and ${image.initrds.join(', ')}${image.treeInfo ? ` of ${image.treeInfo.family} ${image.treeInfo.version}` : ''}`,
      );
    const repository = image.isTree ? ['repodata', 'Packages', 'BaseOS'].some((name) => existsSync(join(image.folder, name))) : true;
    if (!repository)
      yield warn(
        `${id}/repository`,
        `${image.folder} has no package repository`,
        `Name one in the kickstart (\`url --url=\`) or with ${usesInstPrefix(image.release) ? 'inst.repo=' : 'method='}.`,
      );
  }
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

function matchesTree(image: Image, file: string): boolean {
  const expected = image.treeInfo?.checksums[file];
  const [algorithm, digest] = expected?.split(':') ?? [];
  if (algorithm === undefined || digest === undefined || !['sha256', 'sha1', 'md5'].includes(algorithm)) return true;
  return (
    createHash(algorithm)
      .update(readFileSync(join(image.folder, file)))
      .digest('hex') === digest
  );
}

/** The boot protocol's magic at 0x202 (x86), a PE header with an EFI stub (`MZ`), or a gzip stream (other machines). */
function isLinuxKernel(path: string): boolean {
  const head = readFileSync(path).subarray(0, 0x206);
  const magic = head.subarray(0x202, 0x206).toString('latin1');
  return magic === 'HdrS' || head.subarray(0, 2).toString('latin1') === 'MZ' || (head[0] === 0x1f && head[1] === 0x8b);
}
