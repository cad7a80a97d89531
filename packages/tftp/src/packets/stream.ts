import type { Rollover } from '../block-number.js';
import { TftpError } from '../error.js';
import { HEADER_LENGTH } from '../packet.js';
import { type PacketSource, type Run, writeHeader } from './source.js';

interface Piece {
  readonly first: number;
  readonly data: Uint8Array;
  readonly capacity: number;
  packets: number;
}

/**
 * DATA packets made from a stream as it comes. Blocks are kept until they are acknowledged; the stream is read at most two
 * windows ahead.
 */
export class StreamSource implements PacketSource {
  last = Number.POSITIVE_INFINITY;
  onReady: () => void = () => {};
  onError: (error: unknown) => void = () => {};
  readonly size: number | undefined;
  readonly #iterator: AsyncIterator<Uint8Array>;
  readonly #blockSize: number;
  readonly #rollover: Rollover;
  readonly #ahead: number;
  readonly #pieces: Piece[] = [];
  #produced = 0;
  #base = 1;
  #fill = 0;
  #bytes = 0;
  #rest: Uint8Array | undefined;
  #pulling = false;
  #closed = false;

  constructor(body: AsyncIterable<Uint8Array>, size: number | undefined, blockSize: number, windowSize: number, rollover: Rollover) {
    this.#iterator = body[Symbol.asyncIterator]();
    this.size = size;
    this.#blockSize = blockSize;
    this.#rollover = rollover;
    this.#ahead = Math.max(2 * windowSize, 8);
  }

  locate(block: number, run: Run): boolean {
    if (block > this.#produced) {
      this.#pull();
      return false;
    }
    for (const piece of this.#pieces) {
      if (block >= piece.first && block < piece.first + piece.packets) {
        run.data = piece.data;
        run.offset = (block - piece.first) * (this.#blockSize + HEADER_LENGTH);
        run.packets = piece.first + piece.packets - block;
        return true;
      }
    }
    return false;
  }

  release(below: number): void {
    this.#base = below;
    while (this.#pieces.length > 0 && this.#pieces[0]!.first + this.#pieces[0]!.capacity <= below) this.#pieces.shift();
    this.#pull();
  }

  bytesUpTo(block: number): number {
    return Math.min(block * this.#blockSize, this.#bytes);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#pieces.length = 0;
    if (this.last === Number.POSITIVE_INFINITY) void Promise.resolve(this.#iterator.return?.()).catch(() => {});
  }

  #pull(): void {
    if (this.#pulling || this.#closed || this.last !== Number.POSITIVE_INFINITY) return;
    this.#pulling = true;
    this.#produce().then(
      () => {
        this.#pulling = false;
      },
      (error) => {
        this.#closed = true;
        this.onError(error);
      },
    );
  }

  async #produce(): Promise<void> {
    while (!this.#closed && this.#produced - this.#base < this.#ahead) {
      const chunk = this.#rest ?? (await this.#next());
      if (this.#closed) return;
      if (chunk === undefined) {
        if (this.size !== undefined && this.#bytes !== this.size) throw new TftpError('TFTP_FILE_CHANGED');
        this.#endBlock();
        this.last = this.#produced;
        this.onReady();
        return;
      }
      const before = this.#produced;
      this.#take(chunk);
      if (this.#produced > before) this.onReady();
    }
  }

  async #next(): Promise<Uint8Array | undefined> {
    const { done, value } = await this.#iterator.next();
    return done ? undefined : value;
  }

  /** Cuts bytes into blocks, no more than may be held; the rest waits. */
  #take(chunk: Uint8Array): void {
    let at = 0;
    while (at < chunk.length && this.#produced - this.#base < this.#ahead) {
      const piece = this.#piece();
      const part = Math.min(this.#blockSize - this.#fill, chunk.length - at);
      const start = piece.packets * (this.#blockSize + HEADER_LENGTH) + HEADER_LENGTH + this.#fill;
      piece.data.set(chunk.subarray(at, at + part), start);
      at += part;
      this.#fill += part;
      this.#bytes += part;
      if (this.#fill === this.#blockSize) this.#endBlock();
    }
    this.#rest = at < chunk.length ? chunk.subarray(at) : undefined;
  }

  #piece(): Piece {
    const open = this.#pieces.at(-1);
    if (open && open.packets < open.capacity) return open;
    const capacity = Math.max(1, Math.min(64, Math.floor(65_536 / (this.#blockSize + HEADER_LENGTH))));
    const piece = {
      first: this.#produced + 1,
      data: new Uint8Array(new ArrayBuffer(capacity * (this.#blockSize + HEADER_LENGTH))),
      capacity,
      packets: 0,
    };
    this.#pieces.push(piece);
    return piece;
  }

  #endBlock(): void {
    const piece = this.#piece();
    this.#produced += 1;
    writeHeader(piece.data, piece.packets * (this.#blockSize + HEADER_LENGTH), this.#produced, this.#rollover);
    piece.packets += 1;
    this.#fill = 0;
  }
}
