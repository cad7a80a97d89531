import { TftpError } from '../error.js';
import { encodeAck } from '../packet.js';
import { FileSink } from '../server/uploads.js';
import { Incoming } from '../transfer/incoming.js';
import type { GetResult, Target, TransferOptions, TransferRecord, UploadSink } from '../types.js';
import { type Begin, exchange } from './exchange.js';

const MAX_IN_MEMORY = 2 ** 30;

/**
 * Fetches a file into memory.
 *
 * @throws TftpError with the server's error, `TFTP_TIMEOUT`, `TFTP_UNREACHABLE`, `TFTP_ABORTED`, `TFTP_DISK_FULL` (over `maxBytes`) or `TFTP_BAD_URL`
 */
export async function get(target: Target, options: TransferOptions = {}): Promise<GetResult> {
  const sink = new MemorySink();
  const record = await receive(target, { maxBytes: MAX_IN_MEMORY, ...options }, (size) => sink.expect(size));
  return { data: sink.bytes(), record };
}

/** Fetches a file into a file: it is written beside `path` and renamed when whole. */
export async function getFile(target: Target, path: string, options: TransferOptions = {}): Promise<TransferRecord> {
  const sinkOptions = { overwrite: true, createFolders: false, maxBytes: Number.POSITIVE_INFINITY, keepPartial: false } as const;
  const sink = await FileSink.open(path, undefined, { ...sinkOptions, sizeMismatch: 'note' }, Math.floor(Math.random() * 1e9));
  try {
    return await receive(target, options, () => sink);
  } catch (error) {
    await sink.abort().catch(() => {});
    throw error;
  }
}

/** Fetches a file as a stream: blocks are acknowledged as fast as the chunks are taken. */
export async function* getStream(target: Target, options: TransferOptions = {}): AsyncGenerator<Uint8Array, TransferRecord | undefined> {
  const sink = new StreamSink();
  const stop = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, stop.signal]) : stop.signal;
  const done = receive(target, { ...options, signal }, () => sink);
  done.then(
    () => sink.end(undefined),
    (error) => sink.end(error),
  );
  try {
    yield* sink.chunks();
    return await done;
  } finally {
    stop.abort();
    await done.catch(() => {});
  }
}

/** Fetches a file into a sink that is made when the server has answered; `size` is what the server announced. */
function receive(target: Target, options: TransferOptions, open: (size: number | undefined) => UploadSink): Promise<TransferRecord> {
  const begin: Begin = ({ agreement, size }, parts) => {
    const maxBytes = options.maxBytes ?? Number.POSITIVE_INFINITY;
    if (size !== undefined && size > maxBytes) throw new TftpError('TFTP_DISK_FULL', 'File is too large');
    return new Incoming({
      ...parts,
      agreement,
      sink: open(size),
      mode: options.mode ?? (/;mode=netascii$/i.test(String(target)) ? 'netascii' : 'octet'),
      opening: encodeAck(0),
      announced: size,
      maxBytes,
      sizeMismatch: 'reject',
      confirmed: true,
      onReleased: parts.release,
    });
  };
  return exchange('read', target, options, undefined, begin);
}

class MemorySink implements UploadSink {
  #bytes = new Uint8Array(0);
  #length = 0;

  /** A hint only: a server may lie. */
  expect(size: number | undefined): this {
    if (size !== undefined) this.#bytes = new Uint8Array(Math.min(size, 64 * 1024 * 1024));
    return this;
  }

  write(chunk: Uint8Array): void {
    const end = this.#length + chunk.length;
    if (end > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(end, 2 * this.#bytes.length, 65_536));
      larger.set(this.#bytes.subarray(0, this.#length));
      this.#bytes = larger;
    }
    this.#bytes.set(chunk, this.#length);
    this.#length = end;
  }

  commit(): void {}

  abort(): void {}

  bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }
}

const STREAM_BUFFER = 1 << 20;

class StreamSink implements UploadSink {
  readonly #chunks: Uint8Array[] = [];
  #held = 0;
  #ended = false;
  #error: unknown;
  #wake: (() => void) | undefined;
  #drained: (() => void) | undefined;

  write(chunk: Uint8Array): void | Promise<void> {
    this.#chunks.push(chunk.slice());
    this.#held += chunk.length;
    this.#wake?.();
    if (this.#held < STREAM_BUFFER) return undefined;
    return new Promise((resolve) => {
      this.#drained = resolve;
    });
  }

  commit(): void {}

  abort(): void {
    this.#drained?.();
  }

  end(error: unknown): void {
    this.#ended = true;
    this.#error = error;
    this.#wake?.();
  }

  async *chunks(): AsyncGenerator<Uint8Array> {
    for (;;) {
      const chunk = this.#chunks.shift();
      if (chunk) {
        this.#held -= chunk.length;
        if (this.#held < STREAM_BUFFER) this.#drained?.();
        yield chunk;
      } else if (this.#ended) {
        if (this.#error) throw this.#error;
        return;
      } else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    }
  }
}
