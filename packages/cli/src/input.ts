import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { createGunzip } from 'node:zlib';
import type { Io } from './io.js';

type Chunks = AsyncIterable<Uint8Array | string>;

/** Bytes that come piece by piece, with the first of them to look at. */
export interface Input {
  /** At least 12 bytes, unless there are fewer. */
  start: Uint8Array;
  chunks: Chunks;
}

const LOOK = 12;

/** A file, or standard input for `-`, as it comes; gzip is taken off. */
export async function openInput(io: Io, file: string): Promise<Input> {
  const input = await look(file === '-' ? io.stdin : createReadStream(file));
  const isGzip = input.start[0] === 0x1f && input.start[1] === 0x8b;
  if (!isGzip) return input;
  const plain = createGunzip();
  const packed = Readable.from(input.chunks);
  packed.on('error', (error) => plain.destroy(error));
  return look(packed.pipe(plain));
}

async function look(source: Chunks): Promise<Input> {
  const iterator = source[Symbol.asyncIterator]();
  let start: Uint8Array = new Uint8Array();
  while (start.length < LOOK) {
    const { done, value } = await iterator.next();
    if (done) break;
    start = Buffer.concat([start, Buffer.from(value)]);
  }
  async function* chunks(): Chunks {
    yield start;
    for (let next = await iterator.next(); !next.done; next = await iterator.next()) yield next.value;
  }
  return { start, chunks: chunks() };
}

/** All bytes of an input. */
export async function readAll(chunks: Chunks): Promise<Uint8Array> {
  const parts: Buffer[] = [];
  for await (const chunk of chunks) parts.push(Buffer.from(chunk as Uint8Array));
  return Buffer.concat(parts);
}

/** The lines of an input as they come, without their ends. What is printed for one is out before the next, and a reader that left is noticed. */
export async function* linesOf(chunks: Chunks): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of chunks) {
    const lines = (rest + decoder.decode(Buffer.from(chunk as Uint8Array), { stream: true })).split('\n');
    rest = lines.pop()!;
    for (const line of lines) yield line;
    await turn();
  }
  if (rest !== '') yield rest;
}
