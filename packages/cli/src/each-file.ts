import { explainFailure, isExpected } from './failure.js';
import type { Io } from './io.js';

/**
 * Does one file after the other. A file that cannot be read or written is told on standard error, the others are still done, and the
 * command ends with 2.
 */
export async function eachFile(io: Io, files: Iterable<string>, work: (file: string) => Promise<void>): Promise<void> {
  for (const file of files) {
    try {
      await work(file);
    } catch (error) {
      if (!isExpected(error)) throw error;
      reportFailure(io, error, file);
    }
  }
}

/** Tells what failed, with the name of the file, and makes the command end with 2. */
export function reportFailure(io: Io, error: Error & { code: string }, file: string): void {
  const [first = '', ...rest] = explainFailure(error);
  io.err(first.includes(file) ? first : `${first} (${file})`);
  for (const line of rest) io.err(line);
  io.exitCode = 2;
}

/** Makes the command end with 1, where nothing worse has happened. */
export function foundSomething(io: Io): void {
  io.exitCode = Math.max(io.exitCode, 1);
}
