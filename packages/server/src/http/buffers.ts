/** Buffers of one size that are used again. Fresh ones cost more than reading a file: the kernel must clear them. */
export class BufferPool {
  readonly #size: number;
  readonly #limit: number;
  readonly #spare: Buffer[] = [];

  /** Keeps up to `limit` buffers that nobody needs. */
  constructor(size: number, limit: number) {
    this.#size = size;
    this.#limit = limit;
  }

  take(): Buffer {
    return this.#spare.pop() ?? Buffer.allocUnsafeSlow(this.#size);
  }

  /** Takes a buffer back; nothing may read or write it any more. */
  give(buffer: Buffer): void {
    if (this.#spare.length < this.#limit) this.#spare.push(buffer);
  }
}
