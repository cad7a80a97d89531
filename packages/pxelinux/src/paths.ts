/**
 * How a loader finds files. PXELINUX puts its prefix in front of every name that is no URL, even of one that begins with
 * a slash; the loaders on disks and CDs take names from the folder of the configuration, or from the root.
 */
export type Loader = 'pxelinux' | 'syslinux';

/**
 * The path below the root that a name in a configuration means; `undefined` when it lies on another server.
 *
 * @param base PXELINUX: the prefix, put in front as it is. SYSLINUX and its kin: the folder of the configuration.
 */
export function resolvePath(name: string, { loader, base }: { loader: Loader; base: string }): string | undefined {
  let path = name;
  if (loader === 'pxelinux') {
    if (path.startsWith('::')) path = path.slice(2);
    else if (path.includes('::') || /^[a-z]+:\/\//i.test(path)) return undefined;
    else path = base + path;
  } else if (!path.startsWith('/')) path = `${base}/${path}`;
  return normalize(path);
}

/** Removes doubled slashes, `.` and `..`, and never climbs above the root. */
function normalize(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..') parts.pop();
    else parts.push(part);
  }
  return parts.join('/');
}
