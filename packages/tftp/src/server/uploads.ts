import { constants } from 'node:fs';
import { type FileHandle, link, lstat, mkdir, open, rename, statfs, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { TftpError } from '../error.js';
import type { UploadOptions, UploadSink } from '../types.js';

export const UPLOAD_DEFAULTS: Required<UploadOptions> = {
  overwrite: false,
  createFolders: false,
  maxBytes: 2 ** 30,
  keepPartial: false,
  sizeMismatch: 'note',
};

const BUFFER = 256 * 1024;

/** Makes missing folders one by one, never through a link that leads out: the caller checks each. */
export function makeFolder(folder: string): Promise<unknown> {
  return mkdir(folder);
}

/** Takes an upload into a file beside its target, and puts it in the target's place when it is whole. */
export class FileSink implements UploadSink {
  readonly #target: string;
  readonly #temporary: string;
  readonly #handle: FileHandle;
  readonly #options: Required<UploadOptions>;
  readonly #id: number;
  readonly #buffer = Buffer.allocUnsafe(BUFFER);
  #filled = 0;

  private constructor(target: string, temporary: string, handle: FileHandle, options: Required<UploadOptions>, id: number) {
    this.#target = target;
    this.#temporary = temporary;
    this.#handle = handle;
    this.#options = options;
    this.#id = id;
  }

  /** @throws TftpError `TFTP_FILE_EXISTS`, `TFTP_DISK_FULL`, or an error of the system */
  static async open(target: string, size: number | undefined, options: Required<UploadOptions>, id: number): Promise<FileSink> {
    const existing = await lstat(target).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    if (existing && !existing.isFile()) throw new TftpError('TFTP_ACCESS_VIOLATION');
    if (existing && !options.overwrite) throw new TftpError('TFTP_FILE_EXISTS');
    if (size !== undefined) await refuseWithoutRoom(dirname(target), size, options);
    const temporary = join(dirname(target), `.${basename(target).slice(0, 200)}.${process.pid}-${id}.tftp`);
    const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0);
    return new FileSink(target, temporary, await open(temporary, flags, existing?.mode ?? 0o644), options, id);
  }

  write(chunk: Uint8Array): void | Promise<void> {
    if (this.#filled + chunk.length <= BUFFER) {
      this.#buffer.set(chunk, this.#filled);
      this.#filled += chunk.length;
      return undefined;
    }
    const kept = chunk.slice();
    return this.#flush().then(() => {
      this.#buffer.set(kept, 0);
      this.#filled = kept.length;
    });
  }

  async #flush(): Promise<void> {
    await this.#writeAll(this.#buffer.subarray(0, this.#filled));
    this.#filled = 0;
  }

  async #writeAll(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length; ) at += (await this.#handle.write(bytes, at)).bytesWritten;
  }

  async commit(): Promise<void> {
    await this.#flush();
    await this.#handle.datasync();
    await this.#handle.close();
    if (this.#options.overwrite) {
      await rename(this.#temporary, this.#target);
      return;
    }
    // Unlike a rename, a link never replaces what came into being meanwhile.
    await link(this.#temporary, this.#target);
    await unlink(this.#temporary);
  }

  async abort(): Promise<void> {
    if (this.#options.keepPartial) {
      await this.#flush().catch(() => {});
      await this.#handle.close().catch(() => {});
      await rename(this.#temporary, `${this.#target}.partial-${this.#id}`);
      return;
    }
    await this.#handle.close().catch(() => {});
    await unlink(this.#temporary);
  }
}

async function refuseWithoutRoom(folder: string, size: number, options: Required<UploadOptions>): Promise<void> {
  if (size > options.maxBytes) throw new TftpError('TFTP_DISK_FULL', 'File is too large');
  const room = await statfs(folder);
  if (size > room.bavail * room.bsize) throw new TftpError('TFTP_DISK_FULL');
}
