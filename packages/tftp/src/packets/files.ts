import type { Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Rollover } from '../block-number.js';
import { TftpError } from '../error.js';
import type { OpenedFile, SystemPath } from '../paths.js';
import type { ChunkCache } from './cache.js';
import { type BodyReader, ImageSource, WireImage } from './image.js';
import { type Identity, type Look, lookByNode, same } from './look.js';
import type { PacketSource } from './source.js';

const IDLE_FILES = 64;
const IDLE_IMAGES = 4;
/** A look at a file that takes longer than this many ms is left to other threads for a while. */
const SLOW_STAT = 10;
/** That while in ms; it doubles each time. One slow look may only mean that the machine was busy. */
const FIRST_PAUSE = 500;

/** An open file with its packets, shared by every transfer of it. */
export class SharedFile implements BodyReader {
  references = 0;
  readonly size: number;
  readonly #images = new Map<number, { image: WireImage; references: number }>();

  constructor(
    readonly path: SystemPath,
    readonly opened: OpenedFile,
    readonly identity: Stats,
    /** What was seen of it when it was opened. */
    readonly seen: Identity,
    private readonly cache: ChunkCache,
    private readonly released: (file: SharedFile) => void,
  ) {
    this.size = identity.size;
  }

  /** Reads, then asks whether the file is still the one that was opened: nothing mixed ever counts as read. */
  async read(target: Uint8Array, position: number): Promise<void> {
    let done = 0;
    while (done < target.length) {
      const { bytesRead } = await this.opened.handle.read(target, done, target.length - done, position + done);
      if (bytesRead === 0) throw new TftpError('TFTP_FILE_CHANGED');
      done += bytesRead;
    }
    const now = await this.opened.handle.stat();
    if (now.size !== this.size || now.mtimeMs !== this.identity.mtimeMs) throw new TftpError('TFTP_FILE_CHANGED');
  }

  packets(blockSize: number, rollover: Rollover): PacketSource {
    const key = blockSize * 2 + rollover;
    let entry = this.#images.get(key);
    if (!entry) this.#images.set(key, (entry = { image: new WireImage(this, blockSize, rollover, this.cache), references: 0 }));
    const used = entry;
    used.references += 1;
    return new ImageSource(used.image, () => {
      used.references -= 1;
      this.#trim();
      this.release();
    });
  }

  #trim(): void {
    if (this.#images.size <= IDLE_IMAGES) return;
    for (const [key, { image, references }] of this.#images) {
      if (references > 0) continue;
      image.drop();
      this.#images.delete(key);
      if (this.#images.size <= IDLE_IMAGES) return;
    }
  }

  release(): void {
    this.references -= 1;
    if (this.references === 0) this.released(this);
  }

  close(): void {
    for (const { image } of this.#images.values()) image.drop();
    this.#images.clear();
    void this.opened.handle.close();
  }
}

/** Files that are being sent or were lately. A file that was replaced or changed is opened anew. */
export class FileCache {
  readonly #files = new Map<string, SharedFile>();
  readonly #opening = new Map<string, Promise<SharedFile>>();
  readonly #stale = new Set<SharedFile>();
  readonly #chunks: ChunkCache;
  /** How files are looked at; only before the first one is opened. */
  look: Look = lookByNode;
  #slowUntil = 0;
  #pause = FIRST_PAUSE;
  #closed = false;

  constructor(chunks: ChunkCache) {
    this.#chunks = chunks;
  }

  /** The file with one reference more. At once when it is open and the disk answers fast. */
  open(key: string, path: SystemPath, opener: () => Promise<OpenedFile>): SharedFile | Promise<SharedFile> {
    const known = this.#files.get(key);
    const begun = performance.now();
    // Names in bytes are rare: they take the long way.
    if (known && typeof known.path === 'string' && begun >= this.#slowUntil) {
      // The inode is held in memory by the open file, so this does not wait for a disk.
      const current = this.look(known.path);
      this.#pace(begun);
      if (current && same(current, known.seen)) return this.#refer(key, known);
      this.#retire(key, known);
    }
    return this.#openLater(key, path, opener);
  }

  /** Notes how long a look that began then has taken. */
  #pace(begun: number): void {
    const now = performance.now();
    if (now - begun <= SLOW_STAT) {
      this.#pause = FIRST_PAUSE;
      return;
    }
    this.#slowUntil = now + this.#pause;
    this.#pause *= 2;
  }

  async #openLater(key: string, path: SystemPath, opener: () => Promise<OpenedFile>): Promise<SharedFile> {
    const known = this.#files.get(key);
    if (known) {
      const current = await stat(known.path).catch(() => undefined);
      if (current && same(current, known.identity) && this.#files.get(key) === known) return this.#refer(key, known);
      if (this.#files.get(key) === known) this.#retire(key, known);
    }
    let opening = this.#opening.get(key);
    if (!opening) {
      opening = this.#open(key, path, opener);
      this.#opening.set(key, opening);
      const done = (): void => void this.#opening.delete(key);
      opening.then(done, done);
    }
    return this.#refer(key, await opening);
  }

  async #open(key: string, path: SystemPath, opener: () => Promise<OpenedFile>): Promise<SharedFile> {
    const opened = await opener();
    // Before its time is noted: what changes between the two is opened again.
    const seen = process.platform === 'linux' ? this.look(`/proc/self/fd/${opened.handle.fd}`) : undefined;
    const identity = await opened.handle.stat();
    const file = new SharedFile(path, opened, identity, seen ?? identity, this.#chunks, (idle) => this.#idle(key, idle));
    if (this.#closed) {
      file.close();
      throw new TftpError('TFTP_ABORTED');
    }
    this.#files.set(key, file);
    return file;
  }

  #refer(key: string, file: SharedFile): SharedFile {
    file.references += 1;
    if (this.#files.get(key) === file) {
      this.#files.delete(key);
      this.#files.set(key, file);
    }
    return file;
  }

  #retire(key: string, file: SharedFile): void {
    this.#files.delete(key);
    if (file.references === 0) file.close();
    else this.#stale.add(file);
  }

  #idle(key: string, file: SharedFile): void {
    if (this.#closed || this.#stale.delete(file) || this.#files.get(key) !== file) {
      if (this.#files.get(key) === file) this.#files.delete(key);
      file.close();
      return;
    }
    if (this.#files.size <= IDLE_FILES) return;
    for (const [other, candidate] of this.#files) {
      if (candidate.references > 0) continue;
      this.#files.delete(other);
      candidate.close();
      return;
    }
  }

  /** Closes what nobody uses; the rest when its last transfer ends. */
  closeIdle(): void {
    for (const [key, file] of this.#files) {
      if (file.references > 0) continue;
      this.#files.delete(key);
      file.close();
    }
  }

  close(): void {
    this.#closed = true;
    this.closeIdle();
  }
}
