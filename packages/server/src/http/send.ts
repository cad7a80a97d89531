import { closeSync, fstat, fstatSync, read, readSync, type Stats } from 'node:fs';
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

/** How much of a body has left; it grows while the body is sent. */
export interface Sent {
  bytes: number;
}

/**
 * Sends an answer straight from its open file to the socket, and closes the file.
 * A file that changes or shrinks meanwhile ends the connection before the last byte, so that no client takes a mixture for the file.
 */
export function sendFile({ status, headers, body }: FileAnswer, file: number, outgoing: ServerResponse): Sent {
  const sent = { bytes: 0 };
  if (body !== undefined && body.end - body.start >= SMALL) {
    outgoing.writeHead(status, headers);
    void sendLarge(file, body, outgoing, sent).finally(() => closeSync(file));
    return sent;
  }
  try {
    if (body === undefined) outgoing.writeHead(status, headers).end();
    else sendSmall(file, body, outgoing.writeHead(status, headers), sent);
  } catch {
    outgoing.destroy();
  } finally {
    closeSync(file);
  }
  return sent;
}

function sendSmall(file: number, { start, end, stats }: Body, outgoing: ServerResponse, sent: Sent): void {
  const size = end - start + 1;
  const buffer = smallBuffers.take();
  const got = readSync(file, buffer, 0, size, start);
  if (got < size || isChanged(stats, fstatSync(file))) {
    smallBuffers.give(buffer);
    outgoing.destroy();
    return;
  }
  // Before those who ask how much was sent. A buffer that did not leave may still be read by the kernel.
  outgoing.prependListener('close', () => {
    if (!outgoing.writableFinished) return;
    sent.bytes = size;
    smallBuffers.give(buffer);
  });
  outgoing.end(buffer.subarray(0, size));
}

/** Two buffers take turns: one is read into while the other is on its way to the socket. */
async function sendLarge(file: number, { start, end, stats }: Body, outgoing: ServerResponse, sent: Sent): Promise<void> {
  const write = writer(outgoing, sent);
  let [filling, leaving] = [largeBuffers.take(), largeBuffers.take()];
  let left: Promise<boolean> = Promise.resolve(true);
  try {
    for (let at = start; at <= end; ) {
      const { bytesRead } = await readAt(file, filling, 0, Math.min(CHUNK, end - at + 1), at);
      at += bytesRead;
      const isLast = at > end;
      if (bytesRead === 0 || (isLast && isChanged(stats, await statOf(file)))) throw new Error('The file changed while it was sent');
      if (!(await left)) return;
      left = write(filling.subarray(0, bytesRead));
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

/** Writes bytes, one call after the other; gives `true` when they have left their buffer, `false` when the client went away. */
function writer(outgoing: ServerResponse, sent: Sent): (bytes: Buffer) => Promise<boolean> {
  let settle: ((left: boolean) => void) | undefined;
  outgoing.once('close', () => settle?.(false));
  return (bytes) =>
    new Promise((done) => {
      if (outgoing.destroyed) return done(false);
      settle = done;
      outgoing.write(bytes, (error) => {
        if (!error) sent.bytes += bytes.length;
        done(!error);
      });
    });
}
