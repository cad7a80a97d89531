import { existsSync, statSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { guessLoader, type IncludeReader, type Loader, resolvePath } from '@pxekit/pxelinux';
import { Failure } from '../../failure.js';
import { folderTree } from './boot-tree.js';

/** A configuration in the tree its loader reads from. */
export interface LocatedConfig {
  /** Path of the file on this machine. */
  path: string;
  /** Name the loader knows it by: `::name` under PXELINUX, `/name` on a disk. */
  name: string;
  include: IncludeReader;
  /** Path on this machine of a file that the configuration names. */
  pathOf(name: string): string | undefined;
  loader: Loader;
}

/**
 * Places a configuration below a root. The name may be relative to the root, or a path that lies inside.
 * Without a root it is the folder above `pxelinux.cfg`, or the file's own folder.
 */
export function locateConfig(file: string, { root, loader }: { root?: string; loader?: Loader }): LocatedConfig {
  const top = resolve(root ?? likelyRoot(resolve(file)));
  const tree = folderTree(top);
  const path = root !== undefined && !isAbsolute(file) && isFile(resolve(top, file)) ? resolve(top, file) : resolve(file);
  const inside = relative(top, path).split(sep).join('/');
  if (inside === '' || inside.startsWith('../') || isAbsolute(inside)) {
    throw new Failure(`${file} does not lie in ${root}`, {
      code: 'CLI_OUTSIDE_ROOT',
      exitCode: 2,
      hint: 'Name a file relative to --root, or a path inside it.',
    });
  }
  const kind = loader ?? guessLoader(inside, existsSync(resolve(top, 'pxelinux.cfg')));
  const base = kind === 'pxelinux' ? '' : dirname(inside);
  return {
    path,
    loader: kind,
    name: kind === 'pxelinux' ? `::${inside}` : `/${inside}`,
    include: (name) => {
      const target = resolvePath(name, { loader: kind, base });
      return target === undefined ? undefined : tree.read(target);
    },
    pathOf: (name) => {
      const target = resolvePath(name, { loader: kind, base });
      return target === undefined ? undefined : join(root ?? likelyRoot(file), target);
    },
  };
}

function likelyRoot(path: string): string {
  const folder = dirname(path);
  return basename(folder) === 'pxelinux.cfg' ? dirname(folder) : folder;
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}
