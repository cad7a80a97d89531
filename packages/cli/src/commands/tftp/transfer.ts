import { basename } from 'node:path';
import { get, getFile, put, type Target, type TransferOptions, type TransferRecord } from '@pxekit/tftp';
import { Command } from 'commander';
import type { Io } from '../../io.js';
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

function targetOf(where: string, file: string | undefined, port: number | undefined): Target {
  if (file === undefined || /^tftp:/i.test(where)) return where;
  return port === undefined ? { host: where, filename: file } : { host: where, filename: file, port };
}

function nameOf(target: Target): string {
  const name = typeof target === 'object' && 'filename' in target ? target.filename : String(target).replace(/;mode=\w+$/i, '');
  return basename(name.replaceAll('\\', '/')) || 'tftp.out';
}

export function getCommand(io: Io): Command {
  return withFlags(
    new Command('get').description('Fetch a file.').argument('<url|host>').argument('[file]', 'the name on the server, after a host'),
  )
    .option('-o, --out <path>', 'where to write it; "-" is standard output (default: its own name, here)')
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
        const { data, record } = await get(target, options);
        io.stdout.write(data);
        if (flags.json) io.err(json(record));
        return;
      }
      const record = await getFile(target, out, options);
      io.out(flags.json ? json(record) : `${out}: ${summary(record)}`);
    });
}

export function putCommand(io: Io): Command {
  return withFlags(
    new Command('put')
      .description('Send a file.')
      .argument('<file>', 'the file to send')
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
      const target = targetOf(where, name ?? (/^tftp:/i.test(where) ? undefined : basename(file)), flags.port);
      const record = await put(target, { file }, optionsOf(flags, io, io.stderr.isTTY === true && !flags.json));
      io.out(flags.json ? json(record) : summary(record));
    });
}
