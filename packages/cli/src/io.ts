import { readFile } from 'node:fs/promises';

/** What a command sees of the world, so that tests run commands without a process of their own. */
export interface Io {
  /** Prints to standard output; a line end is added. */
  out(text: string): void;
  /** Prints to standard error; a line end is added. */
  err(text: string): void;
  /** Raw standard output, for binary results and progress bars. */
  stdout: NodeJS.WritableStream & { isTTY?: boolean; columns?: number };
  stderr: NodeJS.WritableStream & { isTTY?: boolean; columns?: number };
  stdin: NodeJS.ReadableStream & { isTTY?: boolean };
  /** The exit code to end with: 0 good, 1 findings or failure, 2 usage. */
  exitCode: number;
}

/** The streams of this process. A reader that goes away, such as `head`, ends it in silence as it ends every Unix tool. */
export function processIo(): Io {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(0);
  });
  return {
    out: (text) => void process.stdout.write(`${text}\n`),
    err: (text) => void process.stderr.write(`${text}\n`),
    stdout: process.stdout,
    stderr: process.stderr,
    stdin: process.stdin,
    exitCode: 0,
  };
}

/** All of standard input. */
export async function readStdin(io: Io): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of io.stdin) chunks.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
  return Buffer.concat(chunks);
}

/** The bytes of a file, or of standard input for `-`. */
export async function readInput(io: Io, file: string): Promise<Uint8Array> {
  return file === '-' ? readStdin(io) : readFile(file);
}
