import { closeSync, fstat, fstatSync, openSync, read, readSync, type Stats } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { BufferPool } from './buffers.js';
import type { FileAnswer } from './files.js';

type Body = NonNullable<FileAnswer['body']>;

const readAt = promisify(read);
const statOf = promisify(fstat);

/** Files up to this size are read at once, in one go: cheaper than the way through the thread pool. */
const SMALL = 64 * 1024;
/** What is read and written in one go of a larger file. */
const CHUNK = 256 * 1024;

const smallBuffers = new BufferPool(SMALL, 64);
const largeBuffers = new BufferPool(CHUNK, 32);

/** A file that was written to since it was looked at: what is sent would be of two versions under the tag of one. */
function isChanged(before: Stats, now: Stats): boolean {
  return now.mtimeMs !== before.mtimeMs || now.size !== before.size || now.ino !== before.ino;
}

/**
 * Sends an answer straight from the file to the socket.
 * A file that changes or shrinks meanwhile ends the connection before the last byte, so that no client takes a mixture for the file.
 */
export function sendFile({ status, headers, body }: FileAnswer, outgoing: ServerResponse): void {
  if (body === undefined) {
    outgoing.writeHead(status, headers).end();
    return;
  }
  const file = openSync(body.path, 'r');
  if (body.end - body.start < SMALL) {
    const buffer = smallBuffers.take();
    try {
      const bytes = readSmall(file, buffer, body);
      if (bytes) outgoing.writeHead(status, headers).end(bytes, () => smallBuffers.give(buffer));
      else outgoing.destroy();
    } finally {
      closeSync(file);
    }
    return;
  }
  outgoing.writeHead(status, headers);
  void sendLarge(file, body, outgoing).finally(() => closeSync(file));
}

/** The bytes, or `undefined` when they are no longer those of the file that was looked at. */
function readSmall(file: number, buffer: Buffer, { start, end, stats }: Body): Buffer | undefined {
  const size = end - start + 1;
  const got = readSync(file, buffer, 0, size, start);
  return got < size || isChanged(stats, fstatSync(file)) ? undefined : buffer.subarray(0, size);
}

/** Two buffers take turns: one is read into while the other is on its way to the socket. */
async function sendLarge(file: number, { start, end, stats }: Body, outgoing: ServerResponse): Promise<void> {
  let [filling, leaving] = [largeBuffers.take(), largeBuffers.take()];
  let left: Promise<boolean> = Promise.resolve(true);
  try {
    for (let at = start; at <= end; ) {
      const { bytesRead } = await readAt(file, filling, 0, Math.min(CHUNK, end - at + 1), at);
      at += bytesRead;
      const isLast = at > end;
      if (bytesRead === 0 || (isLast && isChanged(stats, await statOf(file)))) throw new Error('The file changed while it was sent');
      if (!(await left)) return;
      left = written(outgoing, filling.subarray(0, bytesRead));
      [filling, leaving] = [leaving, filling];
    }
    if (!(await left)) return;
    outgoing.end();
    largeBuffers.give(filling);
    largeBuffers.give(leaving);
  } catch {
    outgoing.destroy();
  }
}

/** Resolves when the bytes have left their buffer; with `false` when the client went away. */
function written(outgoing: ServerResponse, bytes: Buffer): Promise<boolean> {
  return new Promise((done) => {
    if (outgoing.destroyed) return done(false);
    const gone = () => done(false);
    outgoing.once('close', gone);
    outgoing.write(bytes, (error) => {
      outgoing.off('close', gone);
      done(!error);
    });
  });
}
