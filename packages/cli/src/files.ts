import { readdir, stat } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { glob, isDynamicPattern } from 'tinyglobby';
import { Failure } from './failure.js';

/**
 * The files that arguments name: a file is itself, `-` is standard input, a folder stands for the files below it with one of the
 * extensions, and a pattern such as `ks/**` for all it matches.
 *
 * @throws {Failure} `CLI_NO_FILES` when an argument names nothing
 */
export async function expandFiles(args: readonly string[], extensions: readonly string[]): Promise<string[]> {
  const files: string[] = [];
  for (const arg of args) {
    const found = arg === '-' ? ['-'] : await expandOne(arg, extensions);
    if (found.length === 0) {
      throw new Failure(`No file fits ${arg}`, { code: 'CLI_NO_FILES', hint: 'Check the path or the pattern.', exitCode: 2 });
    }
    files.push(...found);
  }
  return [...new Set(files)];
}

async function expandOne(arg: string, extensions: readonly string[]): Promise<string[]> {
  const info = await stat(arg).catch(() => undefined);
  if (info?.isDirectory()) {
    const names = await readdir(arg, { recursive: true });
    return names
      .filter((name) => extensions.some((extension) => name.endsWith(extension)))
      .sort()
      .map((name) => join(arg, name));
  }
  if (info !== undefined || !isDynamicPattern(arg)) return info === undefined ? [] : [arg];
  return (await glob(arg, { expandDirectories: false, absolute: isAbsolute(arg) })).sort();
}
