import type { Chunk } from './image.js';

/** Reads that run at one time; the threads that do them are few, and others need them, too. */
const MAX_LOADS = 8;

/** The bound for all chunks of a server: the ones not used for longest go first. */
export class ChunkCache {
  readonly #limit: number;
  readonly #chunks = new Set<Chunk>();
  readonly #queue: (() => void)[] = [];
  #bytes = 0;
  #loads = 0;
  #uses = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  touch(chunk: Chunk): void {
    chunk.used = ++this.#uses;
  }

  add(chunk: Chunk): void {
    this.touch(chunk);
    this.#chunks.add(chunk);
    this.#bytes += chunk.data.length;
    while (this.#bytes > this.#limit && this.#chunks.size > 1) this.#evict(chunk);
  }

  remove(chunk: Chunk): void {
    if (this.#chunks.delete(chunk)) this.#bytes -= chunk.data.length;
  }

  /** Runs a load now, or when another one is done. */
  load(work: () => Promise<Chunk> | Chunk): Promise<Chunk> | Chunk {
    if (this.#loads >= MAX_LOADS) {
      return new Promise((resolve, reject) => {
        this.#queue.push(() => {
          try {
            Promise.resolve(this.load(work)).then(resolve, reject);
          } catch (error) {
            reject(error);
          }
        });
      });
    }
    const loading = work();
    if (!(loading instanceof Promise)) return loading;
    this.#loads += 1;
    const done = (): void => {
      this.#loads -= 1;
      this.#queue.shift()?.();
    };
    loading.then(done, done);
    return loading;
  }

  #evict(keep: Chunk): void {
    let oldest: Chunk | undefined;
    for (const chunk of this.#chunks) if (chunk !== keep && (!oldest || chunk.used < oldest.used)) oldest = chunk;
    if (!oldest) return;
    this.remove(oldest);
    oldest.image.forget(oldest);
  }
}
