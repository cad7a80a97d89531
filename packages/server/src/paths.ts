import { realpathSync, type Stats, statSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import { ServerError } from './errors.js';

/** A file or folder found inside a root. */
export interface FoundPath {
  path: string;
  stats: Stats;
}

/**
 * The parts of a client's path: `/` and `\` separate, empty parts and `.` fall away.
 *
 * @throws {ServerError} `SERVER_PATH_OUTSIDE` for `..`, NUL and device-like names: no client needs them.
 */
export function splitPath(name: string): string[] {
  const parts = name.split(/[/\\]/).filter((part) => part !== '' && part !== '.');
  if (parts.includes('..') || name.includes('\0')) {
    throw new ServerError(`"${name.replaceAll('\0', '\\0')}" leads out of the folder that is served`, { code: 'SERVER_PATH_OUTSIDE' });
  }
  return parts;
}

/** Whether a real path is a folder or inside it. */
export function isInside(root: string, path: string): boolean {
  return path === root || path.startsWith(root.endsWith(sep) ? root : root + sep);
}

/**
 * A client's path looked up under a root. Symbolic links are followed as long as they stay inside the root.
 *
 * @throws {ServerError} `SERVER_PATH_OUTSIDE` when the path or a link leads out.
 */
export function findInside(root: string, name: string): FoundPath | undefined {
  const wanted = join(resolve(root), ...splitPath(name));
  try {
    const base = realpathSync.native(root);
    const path = realpathSync.native(wanted);
    if (!isInside(base, path)) {
      throw new ServerError(`"${name}" is a link that leads out of ${root}`, { code: 'SERVER_PATH_OUTSIDE' });
    }
    return { path, stats: statSync(path) };
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}
