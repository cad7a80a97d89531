import { PassThrough, Readable } from 'node:stream';
import type { Io } from '../src/io.js';
import { run } from '../src/program.js';

export interface CliResult {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs a command line in this process, with text or bytes as standard input. */
export async function runCli(args: readonly string[], stdin: string | Uint8Array = ''): Promise<CliResult> {
  const streams = { stdout: new PassThrough(), stderr: new PassThrough() };
  const chunks = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
  for (const name of ['stdout', 'stderr'] as const) streams[name].on('data', (chunk: Buffer) => chunks[name].push(chunk));
  const io: Io = {
    out: (text) => void streams.stdout.write(`${text}\n`),
    err: (text) => void streams.stderr.write(`${text}\n`),
    ...streams,
    stdin: Readable.from([Buffer.from(stdin)]),
    exitCode: 0,
  };
  const code = await run(args, io);
  await new Promise((resolve) => setImmediate(resolve));
  return { code, stdout: Buffer.concat(chunks.stdout).toString(), stderr: Buffer.concat(chunks.stderr).toString() };
}
