import { createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { get, getFile, getStream, put, type Target, type TransferOptions, type TransferRecord } from '@pxekit/tftp';
import { Command } from 'commander';
import { Failure, isExpected } from '../../failure.js';
import { type Io, readStdin } from '../../io.js';
import { json, size, summary, whole } from './show.js';

interface Flags {
  readonly blksize: number;
  readonly windowsize: number;
  readonly timeout?: number;
  readonly netascii?: boolean;
  readonly tsize: boolean;
  readonly out?: string;
  readonly name?: string;
  readonly port?: number;
  readonly json?: boolean;
}

function withFlags(command: Command): Command {
  return command
    .option('-b, --blksize <bytes>', 'ask for this block size', whole(8, 65464), 1428)
    .option('-w, --windowsize <blocks>', 'ask for this window', whole(1, 65535), 16)
    .option('-t, --timeout <seconds>', 'ask for this retransmission interval', whole(1, 255))
    .option('-p, --port <port>', 'the port when HOST and FILE are given', whole(1, 65535))
    .option('--netascii', 'transfer text with line ends converted')
    .option('--no-tsize', 'do not ask for the size')
    .option('--json', 'print the record of the transfer as JSON');
}

function optionsOf(flags: Flags, io: Io, progress: boolean): TransferOptions {
  return {
    blockSize: flags.blksize,
    windowSize: flags.windowsize,
    tsize: flags.tsize,
    ...(flags.timeout === undefined ? {} : { timeout: flags.timeout }),
    ...(flags.netascii ? { mode: 'netascii' as const } : {}),
    ...(progress ? { onProgress: (record: TransferRecord) => showProgress(io, record) } : {}),
  };
}

const BAR = 24;

function showProgress(io: Io, record: TransferRecord): void {
  const share = record.size ? Math.min(1, record.bytes / record.size) : undefined;
  const bar =
    share === undefined ? '' : `[${'='.repeat(Math.round(share * BAR)).padEnd(BAR)}] ${String(Math.round(share * 100)).padStart(3)} %  `;
  io.stderr.write(`\r${bar}${size(record.bytes)}  ${size(record.rate)}/s\x1b[K${record.outcome ? '\n' : ''}`);
}

/** HOST may be an address, a name, either with `:port`, or an IPv6 address, in brackets where a port follows. */
function targetOf(where: string, file: string | undefined, port: number | undefined): Target {
  if (/^tftp:/i.test(where)) return where;
  if (file === undefined) {
    throw new Failure(`${where} is not a URL, and no file is named`, {
      code: 'CLI_USAGE',
      hint: `Write tftp://${where}/FILE, or HOST FILE.`,
      exitCode: 2,
    });
  }
  const [, host = where, own] = /^(\[[^\]]+\]|[^:]+):([0-9]{1,5})$/.exec(where) ?? [];
  const number = own === undefined ? port : Number(own);
  return { host: host.replace(/^\[|\]$/g, ''), filename: file, ...(number === undefined ? {} : { port: number }) };
}

function textOf(target: Target): string {
  return typeof target === 'object' && 'filename' in target ? `${target.host} ${target.filename}` : String(target);
}

/** Runs a transfer. An interrupt ends it in order, so that nothing half written stays behind. What fails names the file and the host. */
async function transfer<T>(target: Target, run: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const stop = new AbortController();
  const interrupt = (): void => stop.abort();
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  try {
    return await run(stop.signal);
  } catch (error) {
    if (stop.signal.aborted) throw new Failure(`${textOf(target)}: interrupted`, { code: 'CLI_INTERRUPTED', exitCode: 130 });
    if (!isExpected(error) || !error.code.startsWith('TFTP_')) throw error;
    throw new Failure(`${textOf(target)}: ${error.message}`, { code: error.code });
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  }
}

/** Files are replaced when whole; a device or a pipe takes the bytes as they come. */
async function fetch(target: Target, out: string, options: TransferOptions): Promise<TransferRecord> {
  const there = await stat(out).catch(() => undefined);
  if (there?.isDirectory()) throw new Failure(`${out} is a folder`, { code: 'EISDIR', hint: 'Name a file.', exitCode: 2 });
  if (there === undefined || there.isFile()) return getFile(target, out, options);
  let ended: TransferRecord | undefined;
  const onProgress = (record: TransferRecord): void => {
    ended = record;
    options.onProgress?.(record);
  };
  await pipeline(getStream(target, { ...options, onProgress }), createWriteStream(out));
  return ended!;
}

function nameOf(target: Target): string {
  const name = typeof target === 'object' && 'filename' in target ? target.filename : String(target).replace(/;mode=\w+$/i, '');
  return basename(name.replaceAll('\\', '/')) || 'tftp.out';
}

export function getCommand(io: Io): Command {
  return withFlags(
    new Command('get').description('Fetch a file.').argument('<url|host>').argument('[file]', 'the name on the server, after a host'),
  )
    .option(
      '-o, --out <path>',
      'where to write it; "-" is standard output, and the record of --json goes to standard error then (default: its own name, here)',
    )
    .addHelpText(
      'after',
      `
Examples:
  pxekit tftp get tftp://192.168.1.1/pxelinux.0
  pxekit tftp get 192.168.1.1 pxelinux.cfg/default --out -
  pxekit tftp get tftp://192.168.1.1:1069/initrd.gz --blksize 1468 --windowsize 64 --json`,
    )
    .action(async (where: string, file: string | undefined, flags: Flags) => {
      const target = targetOf(where, file, flags.port);
      const out = flags.out ?? nameOf(target);
      const options = optionsOf(flags, io, io.stderr.isTTY === true && !flags.json);
      if (out === '-') {
        const { data, record } = await transfer(target, (signal) => get(target, { ...options, signal }));
        io.stdout.write(data);
        if (flags.json) io.err(json(record));
        return;
      }
      const record = await transfer(target, (signal) => fetch(target, out, { ...options, signal }));
      io.out(flags.json ? json(record) : `${out}: ${summary(record)}`);
    });
}

export function putCommand(io: Io): Command {
  return withFlags(
    new Command('put')
      .description('Send a file.')
      .argument('<file>', 'the file to send; "-" is standard input')
      .argument('<url|host>')
      .argument('[name]', 'the name on the server, after a host'),
  )
    .addHelpText(
      'after',
      `
Examples:
  pxekit tftp put switch.cfg tftp://192.168.1.1/backup/switch.cfg
  pxekit tftp put switch.cfg 192.168.1.1 switch.cfg --blksize 512 --windowsize 1`,
    )
    .action(async (file: string, where: string, name: string | undefined, flags: Flags) => {
      const target = targetOf(where, name ?? (file === '-' ? undefined : basename(file)), flags.port);
      const options = optionsOf(flags, io, io.stderr.isTTY === true && !flags.json);
      if (file !== '-' && (await stat(file)).isDirectory()) {
        throw new Failure(`${file} is a folder`, { code: 'EISDIR', hint: 'Name a file.', exitCode: 2 });
      }
      const body = file === '-' ? await readStdin(io) : { file };
      const record = await transfer(target, (signal) => put(target, body, { ...options, signal }));
      io.out(flags.json ? json(record) : summary(record));
    });
}
