import { realpath } from 'node:fs/promises';
import { TftpError } from '../error.js';
import type { Agreement } from '../negotiate.js';
import { encodeNetascii } from '../netascii.js';
import { openRegular } from '../paths.js';
import type { ReadResult, TransferMode } from '../types.js';
import type { ChunkCache } from './cache.js';
import type { FileCache, SharedFile } from './files.js';
import { type BodyReader, ImageSource, WireImage } from './image.js';
import type { PacketSource } from './source.js';
import { StreamSource } from './stream.js';

/** What a transfer sends, before a block size is agreed. */
export interface Body {
  /** Bytes on the wire; `undefined` when not known. */
  readonly size: number | undefined;
  packets(agreement: Agreement): PacketSource;
  /** Gives the body back when no packets were made of it. */
  close(): void;
}

/** Up to this size a file in netascii is encoded in memory, so that its `tsize` is known. */
const NETASCII_IN_MEMORY = 1 << 20;

const encoder = new TextEncoder();

function bytesOf(value: Uint8Array | string): Uint8Array {
  return typeof value === 'string' ? encoder.encode(value) : value;
}

class MemoryReader implements BodyReader {
  readonly size: number;
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.size = bytes.length;
  }

  read(target: Uint8Array, position: number): undefined {
    target.set(this.#bytes.subarray(position, position + target.length));
  }
}

function memoryBody(bytes: Uint8Array, mode: TransferMode, chunks: ChunkCache): Body {
  const reader = new MemoryReader(mode === 'netascii' ? encodeNetascii(bytes) : bytes);
  return {
    size: reader.size,
    packets({ blockSize, rollover }) {
      const image = new WireImage(reader, blockSize, rollover, chunks);
      return new ImageSource(image, () => image.drop());
    },
    close() {},
  };
}

function fileBody(file: SharedFile): Body {
  return {
    size: file.size,
    packets: ({ blockSize, rollover }) => file.packets(blockSize, rollover),
    close: () => file.release(),
  };
}

async function netasciiFileBody(file: SharedFile, chunks: ChunkCache): Promise<Body> {
  if (file.size > NETASCII_IN_MEMORY) return streamBody(fileChunks(file), undefined, 'netascii', () => file.release());
  try {
    const bytes = new Uint8Array(file.size);
    await file.read(bytes, 0);
    return memoryBody(bytes, 'netascii', chunks);
  } finally {
    file.release();
  }
}

async function* fileChunks(file: SharedFile): AsyncGenerator<Uint8Array> {
  for (let position = 0; position < file.size; position += 65_536) {
    const chunk = new Uint8Array(Math.min(65_536, file.size - position));
    await file.read(chunk, position);
    yield chunk;
  }
}

function streamBody(
  body: AsyncIterable<Uint8Array | string>,
  size: number | undefined,
  mode: TransferMode,
  onClose: () => void = () => {},
): Body {
  async function* encoded(): AsyncGenerator<Uint8Array> {
    for await (const chunk of body) yield mode === 'netascii' ? encodeNetascii(bytesOf(chunk)) : bytesOf(chunk);
  }
  return {
    size: mode === 'netascii' ? undefined : size,
    packets({ blockSize, windowSize, rollover }) {
      const source = new StreamSource(encoded(), mode === 'netascii' ? undefined : size, blockSize, windowSize, rollover);
      const close = source.close.bind(source);
      source.close = () => {
        close();
        onClose();
      };
      return source;
    },
    close: onClose,
  };
}

/** A file as a body; at once when it is open already. */
export function openedBody(file: SharedFile | Promise<SharedFile>, mode: TransferMode, chunks: ChunkCache): Body | Promise<Body> {
  const make = (shared: SharedFile): Body | Promise<Body> => (mode === 'netascii' ? netasciiFileBody(shared, chunks) : fileBody(shared));
  return file instanceof Promise ? file.then(make) : make(file);
}

/** What a handler gave, as a body. */
export function bodyOf(
  result: Exclude<ReadResult, undefined>,
  mode: TransferMode,
  chunks: ChunkCache,
  files: FileCache,
): Body | Promise<Body> {
  if (typeof result === 'string' || result instanceof Uint8Array) return memoryBody(bytesOf(result), mode, chunks);
  if (result instanceof Error) throw result;
  if ('file' in result) {
    const { file } = result;
    return openedBody(
      files.open(`file:${file}`, file, async () => openRegular(await realpath(file))),
      mode,
      chunks,
    );
  }
  if ('body' in result) {
    const { body, size } = result;
    if (typeof body === 'string' || body instanceof Uint8Array) return memoryBody(bytesOf(body), mode, chunks);
    return streamBody(body, size, mode);
  }
  if (Symbol.asyncIterator in result) return streamBody(result, undefined, mode);
  throw new TftpError('TFTP_FAILED');
}
