import { stat } from 'node:fs/promises';
import { createTftpServer, type TftpServerOptions } from '@pxekit/tftp';
import { Command, InvalidArgumentError } from 'commander';
import { Failure } from '../../failure.js';
import type { Io } from '../../io.js';
import { json, printable, summary, whole } from './show.js';

interface Flags {
  readonly host: string[];
  readonly port: number;
  readonly singlePort?: boolean;
  readonly portRange?: readonly [number, number];
  readonly maxBlksize?: number;
  readonly maxWindowsize?: number;
  readonly uploads?: boolean;
  readonly overwrite?: boolean;
  readonly foldCase?: boolean;
  readonly fastPath: boolean;
  readonly drain: number;
  readonly json?: boolean;
}

function range(value: string): readonly [number, number] {
  const [first, last = first, ...more] = value.split(':').map(whole(1, 65535)) as [number, ...number[]];
  if (more.length > 0 || last < first) throw new InvalidArgumentError('Expected FIRST:LAST, the lower port first.');
  return [first, last];
}

export function serveCommand(io: Io): Command {
  return new Command('serve')
    .description('Serve a folder.')
    .argument('<dir>')
    .option('-H, --host <address...>', 'the addresses to listen on', ['0.0.0.0'])
    .option('-p, --port <port>', 'the port to listen on; 0: any', whole(0, 65535), 69)
    .option('--single-port', 'all transfers on the listening port, for firewalls and containers')
    .option('--port-range <first:last>', 'the ports for transfers', range)
    .option('--max-blksize <bytes>', 'the largest block size granted', whole(8, 65464))
    .option('--max-windowsize <blocks>', 'the largest window granted (default: 64)', whole(1, 32767))
    .option('--uploads', 'take uploads of new files')
    .option('--overwrite', 'take uploads of files that exist, too')
    .option('--fold-case', 'find names that differ in case only')
    .option('--no-fast-path', 'use ordinary sockets only')
    .option('--drain <seconds>', 'how long running transfers may go on after an interrupt; a second one cuts them', whole(0, 3600), 10)
    .option('--json', 'print a line of JSON per transfer')
    .addHelpText(
      'after',
      `
Examples:
  pxekit tftp serve /srv/tftp
  pxekit tftp serve . --port 1069 --single-port --json
  pxekit tftp serve /srv/tftp --max-blksize 1428 --max-windowsize 8`,
    )
    .action((dir: string, flags: Flags) => serve(io, dir, flags));
}

function optionsOf(dir: string, flags: Flags, io: Io): TftpServerOptions {
  return {
    root: dir,
    host: flags.host,
    port: flags.port,
    singlePort: flags.singlePort ?? false,
    ...(flags.portRange ? { portRange: flags.portRange } : {}),
    uploads: flags.overwrite ? { overwrite: true } : (flags.uploads ?? false),
    paths: { case: flags.foldCase ? 'fold' : 'exact' },
    options: {
      ...(flags.maxBlksize === undefined ? {} : { maxBlockSize: flags.maxBlksize }),
      ...(flags.maxWindowsize === undefined ? {} : { maxWindowSize: flags.maxWindowsize }),
    },
    fastPath: flags.fastPath ? 'auto' : 'off',
    onFinish: (record) => io.out(flags.json ? json(record) : summary(record)),
    onDrop: ({ peer, reason, detail }) => io.err(`dropped from ${peer.address}: ${reason} (${printable(detail)})`),
    onWarning: (error) => io.err(`pxekit: ${error.message}`),
  };
}

async function serve(io: Io, dir: string, flags: Flags): Promise<void> {
  if (!(await stat(dir)).isDirectory()) throw new Failure(`${dir} is not a folder`, { code: 'ENOTDIR', exitCode: 2 });
  const server = createTftpServer(optionsOf(dir, flags, io));
  let addresses: Awaited<ReturnType<typeof server.listen>>;
  try {
    addresses = await server.listen();
  } catch (error) {
    throw explain(error as NodeJS.ErrnoException, flags);
  }
  for (const { address, port, family } of addresses)
    io.err(`serving ${dir} on ${family === 'IPv6' ? `[${address}]` : address} port ${port}`);
  if (server.plainReason && flags.fastPath) io.err(`plain path: ${server.plainReason}`);
  await new Promise<void>((resolve) => {
    const stop = (): void => {
      process.off('SIGINT', stop).off('SIGTERM', stop);
      server.close({ drain: flags.drain * 1000 }).then(resolve);
    };
    process.on('SIGINT', stop).on('SIGTERM', stop);
  });
}

function explain(error: NodeJS.ErrnoException, { port }: Flags): Error {
  const hints: Record<string, string> = {
    EADDRINUSE: `Another program has port ${port}; see "ss -lunp". Choose another with --port.`,
    EACCES: `Port ${port} needs a privilege; run as root, grant CAP_NET_BIND_SERVICE, or choose a port from 1024 with --port.`,
    EADDRNOTAVAIL: 'No interface has this address; see "ip address".',
  };
  const hint = hints[error.code ?? ''];
  return hint ? new Failure(error.message, { code: error.code!, hint }) : error;
}
