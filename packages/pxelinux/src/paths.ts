/** Loaders of the SYSLINUX family, by where they read from: the network, a CD, a FAT disk, a Linux file system. */
export type Loader = 'pxelinux' | 'isolinux' | 'syslinux' | 'extlinux';

/** The files a loader can reach. Paths are relative to the root, without a leading slash. */
export interface BootTree {
  has(path: string): boolean;
}

/** A tree whose files can be read. */
export interface ReadableTree extends BootTree {
  read(path: string): string | Uint8Array | undefined;
}

/** A tree that answers later. */
export interface AsyncTree {
  has(path: string): Promise<boolean> | boolean;
  read(path: string): Promise<string | Uint8Array | undefined> | string | Uint8Array | undefined;
}

/**
 * The path below the root that a name in a configuration means; `undefined` when it lies on another server.
 *
 * PXELINUX puts its prefix in front of every name that is no URL, even of one that begins with a slash. The loaders on
 * disks and CDs take names from the folder of the configuration, or from the root.
 *
 * @param base PXELINUX: the prefix, put in front as it is. The others: the folder of the configuration.
 */
export function resolvePath(name: string, { loader, base }: { loader: Loader; base: string }): string | undefined {
  if (loader === 'pxelinux') {
    const path = prefixed(name, base);
    return path === undefined ? undefined : normalizePath(path);
  }
  return normalizePath(name.startsWith('/') ? name : `${base}/${name}`);
}

/** A name with PXELINUX's prefix: `::name` has none, `host::name` and URLs are `undefined`, as they lie elsewhere. */
export function prefixed(name: string, prefix: string): string | undefined {
  if (name.startsWith('::')) return name.slice(2);
  if (name.includes('::') || /^[a-z]+:\/\//i.test(name)) return undefined;
  return prefix + name;
}

/** A path without doubled slashes, `.` and `..`; it never climbs above the root. */
export function normalizePath(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..') parts.pop();
    else parts.push(part);
  }
  return parts.join('/');
}

/**
 * Which kind of loader a file in a tree is meant for, by the names around it: a folder `pxelinux.cfg` means PXELINUX,
 * `isolinux`, `syslinux` and `extlinux` mean themselves. Without any sign it is PXELINUX.
 *
 * @param hasPxelinuxFolder whether the tree holds a folder `pxelinux.cfg`.
 */
export function guessLoader(path: string, hasPxelinuxFolder: boolean): Loader {
  const folders = normalizePath(path).toLowerCase().split('/');
  const file = folders.pop() ?? '';
  if (folders.includes('pxelinux.cfg')) return 'pxelinux';
  const named = (name: string) => (['isolinux', 'syslinux', 'extlinux'] as const).find((kind) => name.includes(kind));
  for (const folder of folders) {
    const kind = named(folder);
    if (kind) return kind;
  }
  return (hasPxelinuxFolder ? undefined : named(file)) ?? 'pxelinux';
}
