import { constants } from 'node:fs';
import { type FileHandle, lstat, open, readdir, readlink, realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { TftpError } from './error.js';
import type { PathPolicy } from './types.js';

const MAX_NAME = 512;
const MAX_COMPONENT = 255;
const WINDOWS_RESERVED = /^(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|$)/i;

/** Cuts bytes that no name ends with off the end: some ROMs read their boot file name past its length. */
function trimGarbage(filename: string): string {
  let end = filename.length;
  while (end > 0 && (filename.charCodeAt(end - 1) < 0x20 || filename.charCodeAt(end - 1) > 0x7e)) end -= 1;
  return filename.slice(0, end);
}

/**
 * The name inside the root: `/` between the parts. Leading slashes, drive letters, `.` and empty parts go away; nothing is
 * percent-decoded.
 *
 * @throws TftpError `TFTP_NOT_FOUND` for empty and overlong names, `TFTP_ACCESS_VIOLATION` for those that leave the root.
 */
export function normalizeName(filename: string, policy: PathPolicy = {}, platform: string = process.platform): string {
  let name = policy.trimGarbage ? trimGarbage(filename) : filename;
  if (name.length > MAX_NAME) throw new TftpError('TFTP_NOT_FOUND');
  if (name.includes('\0')) throw new TftpError('TFTP_ACCESS_VIOLATION');
  if (policy.backslash !== false && name.includes('\\')) name = name.replaceAll('\\', '/');
  if (name[1] === ':') name = name.replace(/^[A-Za-z]:(?=\/|$)/, '');
  const parts: string[] = [];
  for (const part of name.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..') {
      if (policy.dotdot !== 'resolve' || parts.length === 0) throw new TftpError('TFTP_ACCESS_VIOLATION');
      parts.pop();
      continue;
    }
    if (part.length > MAX_COMPONENT / 3 && Buffer.byteLength(part) > MAX_COMPONENT) throw new TftpError('TFTP_NOT_FOUND');
    if (platform === 'win32' && (part.includes(':') || /[. ]$/.test(part) || WINDOWS_RESERVED.test(part))) {
      throw new TftpError('TFTP_ACCESS_VIOLATION');
    }
    parts.push(part);
  }
  if (parts.length === 0) throw new TftpError('TFTP_NOT_FOUND');
  return parts.join('/');
}

/** A path as the system takes it: bytes where it is not UTF-8. */
export type SystemPath = string | Buffer;

function bytesOf(folder: string, latin1: string): Buffer {
  return Buffer.concat([Buffer.from(folder + sep), Buffer.from(latin1, 'latin1')]);
}

/** Whether `path` is `root` or lies below it; both absolute and without links. */
function isInside(root: string, path: string): boolean {
  return path === root || path.startsWith(root.endsWith(sep) ? root : root + sep);
}

/** An open file. */
export interface OpenedFile {
  readonly handle: FileHandle;
  readonly size: number;
}

/** The sandbox: opens files below one folder and nothing else. */
export class Root {
  #real: string | undefined;

  constructor(
    readonly folder: string,
    readonly policy: PathPolicy = {},
  ) {}

  /**
   * Where a normalised name would stand, links and all.
   *
   * @param latin1 each character of the name is a byte: the name is not UTF-8
   */
  named(path: string, latin1 = false): SystemPath {
    return latin1 ? bytesOf(this.folder, path) : `${this.folder}${sep}${path}`;
  }

  /** The folder without links. @throws the system's error when it is not there. */
  async real(): Promise<string> {
    return (this.#real ??= await realpath(this.folder));
  }

  /** Opens the file of a normalised name for reading; `latin1` as for `named`. @throws TftpError or a system error */
  async open(path: string, latin1 = false): Promise<OpenedFile> {
    const root = await this.real();
    const real = (latin1 ? await this.#locateBytes(root, path) : undefined) ?? (await this.#locate(root, path));
    await this.#refuseSpecial(real);
    const opened = await openRegular(real);
    // A folder on the way may have been swapped since: ask the system what was really opened.
    if (process.platform === 'linux') {
      const proven = await readlink(`/proc/self/fd/${opened.handle.fd}`).catch(() => root);
      if (!isInside(root, proven)) {
        await opened.handle.close();
        throw new TftpError('TFTP_ACCESS_VIOLATION');
      }
    }
    return opened;
  }

  /** The real path of a normalised name of a file that is there. */
  async #locate(root: string, path: string): Promise<string> {
    let named = join(root, path);
    let real: string;
    try {
      real = await realpath(named);
    } catch (error) {
      const folded = this.policy.case === 'fold' ? await this.#fold(root, path) : undefined;
      if (folded === undefined) throw error;
      named = folded;
      real = await realpath(named);
    }
    if (!isInside(root, real)) throw new TftpError('TFTP_ACCESS_VIOLATION');
    if (this.policy.symlinks === 'never' && real !== named) throw new TftpError('TFTP_ACCESS_VIOLATION');
    return real;
  }

  /** The real path of a file whose name has these very bytes. Where there is none, a name in UTF-8 may be meant. */
  async #locateBytes(root: string, path: string): Promise<Buffer | undefined> {
    const named = bytesOf(root, path);
    const real = await realpath(named, 'buffer').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    if (!real) return undefined;
    if (!isInside(Buffer.from(root).toString('latin1'), real.toString('latin1'))) throw new TftpError('TFTP_ACCESS_VIOLATION');
    if (this.policy.symlinks === 'never' && !real.equals(named)) throw new TftpError('TFTP_ACCESS_VIOLATION');
    return real;
  }

  /** The only name that differs from `path` in case alone, part by part. */
  async #fold(root: string, path: string): Promise<string | undefined> {
    let folder = root;
    for (const part of path.split('/')) {
      const names = await readdir(folder).catch(() => [] as string[]);
      const wanted = part.toLowerCase();
      const matches = names.includes(part) ? [part] : names.filter((name) => name.toLowerCase() === wanted);
      if (matches.length !== 1) return undefined;
      folder = join(folder, matches[0]!);
      if (!isInside(root, await realpath(folder).catch(() => ''))) return undefined;
    }
    return folder;
  }

  /** Opening a FIFO may wait for ever and opening a device may do anything: only regular files are opened at all. */
  async #refuseSpecial(real: SystemPath): Promise<void> {
    const stats = await lstat(real);
    if (!stats.isFile()) throw new TftpError('TFTP_ACCESS_VIOLATION');
  }

  /** Where an upload with a normalised name goes: an absolute path whose folder is inside the root. */
  async uploadTarget(path: string, makeFolder?: (folder: string) => Promise<unknown>): Promise<string> {
    const root = await this.real();
    const parts = path.split('/');
    const name = parts.pop()!;
    let folder = root;
    for (const part of parts) {
      const next = join(folder, part);
      let real = await realpath(next).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT' && makeFolder) return undefined;
        throw error;
      });
      if (real === undefined) {
        await makeFolder!(next);
        real = await realpath(next);
      }
      if (!isInside(root, real) || (this.policy.symlinks === 'never' && real !== next)) throw new TftpError('TFTP_ACCESS_VIOLATION');
      folder = real;
    }
    return join(folder, name);
  }
}

/** Opens a regular file without waiting and without following a link. The size is that of the open file. */
export async function openRegular(path: SystemPath): Promise<OpenedFile> {
  const handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0));
  try {
    const stats = await handle.stat();
    if (!stats.isFile()) throw new TftpError('TFTP_ACCESS_VIOLATION');
    return { handle, size: stats.size };
  } catch (error) {
    await handle.close();
    throw error;
  }
}
