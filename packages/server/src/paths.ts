import { closeSync, constants, existsSync, fstatSync, openSync, readlinkSync, realpathSync, type Stats, statSync } from 'node:fs';
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
    if (isMissing(error)) return undefined;
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG', 'ENXIO'].includes((error as NodeJS.ErrnoException).code ?? '');
}

/** A regular file that is open for reading; whoever asked for it closes it. */
export interface OpenFile extends FoundPath {
  file: number;
}

/** How long the real path of a root is taken for true, in milliseconds. It spares most of the work for a small file. */
const ROOT_TRUE = 50;
const roots = new Map<string, { real: string; since: number }>();

function realRoot(root: string): string {
  const known = roots.get(root);
  const now = performance.now();
  if (known && now - known.since < ROOT_TRUE) return known.real;
  const real = realpathSync.native(root);
  roots.set(root, { real, since: now });
  return real;
}

/** Where the system tells the real path of an open file: that of the file itself, whatever becomes of the links that led to it. */
const OPEN_FILES = '/proc/self/fd';
const tellsRealPaths = existsSync(OPEN_FILES);

/**
 * Opens a regular file of a client's path under a root; `undefined` when there is none.
 *
 * @throws {ServerError} `SERVER_PATH_OUTSIDE` when the path or a link leads out.
 */
export function openInside(root: string, name: string): OpenFile | undefined {
  const parts = splitPath(name);
  let file: number | undefined;
  try {
    const base = realRoot(root);
    const wanted = join(base, ...parts);
    const before = tellsRealPaths ? wanted : realpathSync.native(wanted);
    // A pipe without a writer would make all wait.
    file = openSync(before, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const path = tellsRealPaths ? readlinkSync(`${OPEN_FILES}/${file}`) : before;
    if (!isInside(base, path)) {
      throw new ServerError(`"${name}" is a link that leads out of ${root}`, { code: 'SERVER_PATH_OUTSIDE' });
    }
    const stats = fstatSync(file);
    if (stats.isFile()) return { file, path, stats };
    closeSync(file);
    return undefined;
  } catch (error) {
    if (file !== undefined) closeSync(file);
    if (isMissing(error)) return undefined;
    throw error;
  }
}
