import type { Rollover } from '../block-number.js';
import { HEADER_LENGTH } from '../packet.js';
import type { ChunkCache } from './cache.js';
import { type PacketSource, type Run, spread } from './source.js';

/** Reads a stretch of a body that does not change. */
export interface BodyReader {
  readonly size: number;
  /** Fills `target` from `position`; done at once (`undefined`) or later. Rejects when the body is not what it was. */
  read(target: Uint8Array, position: number): Promise<void> | undefined;
}

/** A chunk is about this large, and holds whole windows of 64 blocks where they fit. */
const CHUNK_BYTES = 256 * 1024;

function packetsPerChunk(packetSize: number): number {
  const fit = Math.max(1, Math.floor(CHUNK_BYTES / packetSize));
  return fit >= 64 ? fit - (fit % 64) : fit;
}

export interface Chunk {
  readonly image: WireImage;
  readonly index: number;
  readonly data: Uint8Array;
  readonly packets: number;
  used: number;
}

/**
 * The DATA packets of one body at one block size, laid one behind another in chunks, read on demand and shared by every
 * transfer of that body. The chunks live in a `ChunkCache` with a bound for all images together.
 */
export class WireImage {
  readonly last: number;
  readonly #chunks: (Chunk | undefined)[] = [];
  readonly #waiting = new Map<number, Set<ImageSource>>();
  readonly #perChunk: number;
  readonly #chunkCount: number;

  constructor(
    readonly reader: BodyReader,
    readonly blockSize: number,
    readonly rollover: Rollover,
    readonly cache: ChunkCache,
  ) {
    this.last = Math.floor(reader.size / blockSize) + 1;
    this.#perChunk = packetsPerChunk(blockSize + HEADER_LENGTH);
    this.#chunkCount = Math.ceil(this.last / this.#perChunk);
  }

  locate(block: number, run: Run, source: ImageSource): boolean {
    const index = Math.floor((block - 1) / this.#perChunk);
    const chunk = this.#chunks[index] ?? this.#load(index, source);
    if (!chunk) return false;
    const offset = block - 1 - index * this.#perChunk;
    this.cache.touch(chunk);
    run.data = chunk.data;
    run.offset = offset * (this.blockSize + HEADER_LENGTH);
    run.packets = chunk.packets - offset;
    // Read ahead when a transfer comes into the second half of a chunk.
    if (run.packets * 2 <= this.#perChunk && index + 1 < this.#chunkCount && !this.#chunks[index + 1]) this.#load(index + 1, undefined);
    return true;
  }

  #load(index: number, source: ImageSource | undefined): Chunk | undefined {
    const waiting = this.#waiting.get(index);
    if (waiting) {
      if (source) waiting.add(source);
      return undefined;
    }
    const first = index * this.#perChunk + 1;
    const packets = Math.min(this.#perChunk, this.last - first + 1);
    const position = (first - 1) * this.blockSize;
    const length = Math.min(packets * this.blockSize, this.reader.size - position);
    const waiters = new Set<ImageSource>();
    if (source) waiters.add(source);
    this.#waiting.set(index, waiters);
    const loaded = this.cache.load(() => {
      // Memory of its own: small views may lie in the JavaScript heap, which moves.
      const data = new Uint8Array(new ArrayBuffer(length + packets * HEADER_LENGTH));
      const done = (): Chunk => {
        spread(data, length, first, packets, this.blockSize, this.rollover);
        const chunk: Chunk = { image: this, index, data, packets, used: 0 };
        this.#chunks[index] = chunk;
        this.#waiting.delete(index);
        this.cache.add(chunk);
        return chunk;
      };
      const reading = length === 0 ? undefined : this.reader.read(data.subarray(data.length - length), position);
      return reading ? reading.then(done) : done();
    });
    if (!(loaded instanceof Promise)) return loaded;
    loaded.then(
      () => {
        for (const waiter of waiters) waiter.onReady();
      },
      (error) => {
        this.#waiting.delete(index);
        for (const waiter of waiters) waiter.onError(error);
      },
    );
    return undefined;
  }

  forget(chunk: Chunk): void {
    this.#chunks[chunk.index] = undefined;
  }

  stopWaiting(source: ImageSource): void {
    for (const waiters of this.#waiting.values()) waiters.delete(source);
  }

  drop(): void {
    for (const chunk of this.#chunks) if (chunk) this.cache.remove(chunk);
    this.#chunks.length = 0;
  }
}

/** One transfer's view of a shared image. */
export class ImageSource implements PacketSource {
  readonly size: number;
  readonly last: number;
  onReady: () => void = () => {};
  onError: (error: unknown) => void = () => {};
  readonly #image: WireImage;
  readonly #onClose: () => void;

  constructor(image: WireImage, onClose: () => void) {
    this.#image = image;
    this.#onClose = onClose;
    this.size = image.reader.size;
    this.last = image.last;
  }

  locate(block: number, run: Run): boolean {
    return this.#image.locate(block, run, this);
  }

  release(): void {}

  bytesUpTo(block: number): number {
    return Math.min(block * this.#image.blockSize, this.size);
  }

  close(): void {
    this.#image.stopWaiting(this);
    this.#onClose();
  }
}
