import { statSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { expandFiles } from '../../files.js';
import type { Io } from '../../io.js';

/** Names that configurations have; in a folder `pxelinux.cfg` all names. */
function isConfiguration(path: string): boolean {
  return (/(\.cfg|[/\\](ext|sys)linux\.conf)$/i.test(path) || /(^|[/\\])pxelinux\.cfg[/\\][^/\\]+$/.test(path)) && isFile(path);
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

/**
 * The configurations that arguments name: files, folders and patterns. What is in `root` under a relative name is meant before what
 * is in the working folder.
 */
export async function expandConfigurations(io: Io, args: readonly string[], root?: string): Promise<string[]> {
  const files: string[] = [];
  for (const arg of args) {
    const below = root === undefined || arg === '-' || isAbsolute(arg) ? undefined : join(root, arg);
    if (below !== undefined && isFile(below)) files.push(arg);
    else if (below !== undefined && statSync(below, { throwIfNoEntry: false }))
      files.push(...(await expandFiles(io, [below], isConfiguration)));
    else files.push(...(await expandFiles(io, [arg], isConfiguration)));
  }
  return [...new Set(files)];
}
