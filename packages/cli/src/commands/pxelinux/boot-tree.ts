import { readFileSync, statSync } from 'node:fs';
import { resolve, sep } from 'node:path';
import type { BootTree, IncludeReader } from '@pxekit/pxelinux';
import { Failure } from '../../failure.js';

/** A folder as the loader sees it through TFTP: names are relative to it, whatever they begin with, and stay inside. */
export interface FolderTree extends BootTree {
  read: IncludeReader;
}

export function folderTree(root: string): FolderTree {
  const top = resolve(root);
  if (!statSync(top, { throwIfNoEntry: false })?.isDirectory()) {
    throw new Failure(`${root} is not a folder`, {
      code: 'ENOTDIR',
      hint: 'Name the folder the loader gets its files from.',
      exitCode: 2,
    });
  }
  const locate = (name: string): string | undefined => {
    if (name.includes('\0')) return undefined;
    const path = resolve(top, name.replace(/^\/+/, ''));
    return path.startsWith(top + sep) ? path : undefined;
  };
  const isFile = (path: string | undefined): path is string =>
    path !== undefined && statSync(path, { throwIfNoEntry: false })?.isFile() === true;
  return {
    has: (name) => isFile(locate(name)),
    read: (name) => {
      const path = locate(name);
      return isFile(path) ? readFileSync(path) : undefined;
    },
  };
}
