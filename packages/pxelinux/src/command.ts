import { endsWord, isSpace, wordEnd } from './evaluate/text.js';

/** How the core starts a file. `kernel` is Linux, `pxe` and `boot` and `bss` are chained to. */
export type ImageType = 'localboot' | 'kernel' | 'linux' | 'boot' | 'bss' | 'pxe' | 'fdimage' | 'com32' | 'config';

/** A command line as the core takes it apart. */
export interface Command {
  type: ImageType;
  /** File to start; for `localboot` the number as written. */
  file: string;
  /** What follows the file, blanks and quotes as they are. */
  args: string;
}

/** The core's limit for kernel and options, in bytes (seen on the real loader). */
export const MAX_COMMAND_BYTES = 2047;

const EXTENSIONS: readonly [string, ImageType][] = [
  ['.c32', 'com32'],
  ['.img', 'fdimage'],
  ['.bss', 'bss'],
  ['.bin', 'boot'],
  ['.bs', 'boot'],
  ['.0', 'pxe'],
];

/** The extensions tried, in order, for a name that is no label; the bare name comes last. */
export const IMPLICIT_EXTENSIONS: readonly string[] = EXTENSIONS.map(([extension]) => extension);

/** Types that may stand as `.type` in front of a command. `.none` and `.comboot` may not: the core takes those for files. */
const TYPES: ReadonlySet<string> = new Set(['localboot', 'kernel', 'linux', 'boot', 'bss', 'pxe', 'fdimage', 'com32', 'config']);

/** Takes a command line apart: `vmlinuz quiet`, `.com32 chain hd0`. Without a type word the file's extension decides. */
export function parseCommand(line: string): Command {
  let { file, args } = split(line);
  let type = typeOf(file);
  // Types may be stacked; each one strips itself.
  while (file.startsWith('.') && TYPES.has(file.slice(1))) {
    type = file.slice(1) as ImageType;
    ({ file, args } = split(args));
  }
  if (type === 'com32' && !file.endsWith('.c32')) file += '.c32';
  return { type, file, args };
}

/** The type a file's extension stands for; case counts. */
export function typeOf(file: string): ImageType {
  return EXTENSIONS.find(([extension]) => file.endsWith(extension))?.[1] ?? 'kernel';
}

/**
 * The initrds the core loads: what follows the first `initrd=` anywhere in the line, up to a blank, split at commas.
 * So `ks=x,initrd=y` loads `y`, and an `initrd=` in APPEND beats INITRD (seen on the real loader).
 */
export function initrdsOf(commandLine: string): string[] {
  const at = commandLine.indexOf('initrd=');
  if (at === -1) return [];
  const end = commandLine.indexOf(' ', at);
  return commandLine.slice(at + 'initrd='.length, end === -1 ? undefined : end).split(',');
}

function split(line: string): { file: string; args: string } {
  const end = wordEnd(line, 0);
  let at = end;
  while (at < line.length && (endsWord(line.charCodeAt(at)) || isSpace(line.charCodeAt(at)))) at++;
  return { file: line.slice(0, end), args: line.slice(at) };
}
