import { readFileSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { glob, isDynamicPattern } from 'tinyglobby';
import { reportFailure } from './each-file.js';
import { Failure } from './failure.js';
import type { Io } from './io.js';

/**
 * The files that arguments name: a file is itself, `-` is standard input, a folder stands for the files below it that are wanted, and
 * a pattern such as `ks/**` for all it matches. An argument that names nothing is told, and makes the command end with 2.
 *
 * @param wanted by the path
 */
export async function expandFiles(io: Io, args: readonly string[], wanted: (path: string) => boolean): Promise<string[]> {
  const files: string[] = [];
  for (const arg of args) {
    const found = arg === '-' ? ['-'] : await expandOne(arg, wanted);
    if (found.length === 0) {
      reportFailure(io, new Failure(`No file fits ${arg}`, { code: 'CLI_NO_FILES', hint: 'Check the path or the pattern.' }), arg);
    }
    files.push(...found);
  }
  return [...new Set(files)];
}

async function expandOne(arg: string, wanted: (path: string) => boolean): Promise<string[]> {
  const info = await stat(arg).catch(() => undefined);
  if (info?.isDirectory()) {
    const names = await readdir(arg, { recursive: true });
    return names
      .sort()
      .map((name) => join(arg, name))
      .filter(wanted);
  }
  if (info !== undefined || !isDynamicPattern(arg)) return info === undefined ? [] : [arg];
  return (await glob(arg, { expandDirectories: false, absolute: isAbsolute(arg) })).sort();
}

/** The text of a file that an option names; one that cannot be read is a mistake in the command line. */
export function readOptionFile(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { message, code = 'CLI_USAGE' } = error as NodeJS.ErrnoException;
    throw new Failure(message.includes(file) ? message : `${message}: ${file}`, { code, hint: 'Check the path.', exitCode: 2 });
  }
}
