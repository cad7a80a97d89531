import { watch } from 'node:fs';
import { basename, dirname } from 'node:path';
import { activatedSockets, type BootServer, checkSite, createServer, type LoadedConfig, type ServerError } from '@pxekit/server';
import { Command } from 'commander';
import type { Io } from '../io.js';
import { configOption, loadNamed } from '../server/config-option.js';
import { eventLine } from '../server/event-line.js';

interface ServeOptions {
  config?: string;
  json?: boolean;
  quiet?: boolean;
  drain: string;
}

export function serveCommand(io: Io): Command {
  return new Command('serve')
    .addOption(configOption())
    .option('--json', 'print events as JSON lines')
    .option('-q, --quiet', 'print warnings and errors only')
    .option('--drain <seconds>', 'how long running transfers may take to finish at the end', '5')
    .addHelpText(
      'after',
      `
Examples:
  pxekit serve                      # pxekit.yaml in this folder
  pxekit serve -c lab.yaml --json   # events as JSON lines
  kill -HUP PID                     # read the configuration again, all or nothing

The ports below 1024 need root or CAP_NET_BIND_SERVICE; with \`user: NAME\` the server becomes that user once they are open.
Ports that systemd passes in (\`pxekit systemd --sockets\`) are taken as they are. On SIGHUP ports that changed are opened before the old ones close.
The first SIGINT or SIGTERM lets transfers finish, the second ends at once.`,
    )
    .action((options: ServeOptions) => serve(io, options));
}

async function serve(io: Io, options: ServeOptions): Promise<void> {
  const loaded = loadNamed(options.config);
  const server = createServer(loaded, {
    sockets: activatedSockets(),
    hooks: {
      onEvent: (event) => {
        if (options.quiet && event.level === 'info') return;
        io.out(options.json ? JSON.stringify(event) : eventLine(event));
      },
    },
  });
  const stopWatching = followChanges(io, server, loaded);
  try {
    const signal = untilSignal();
    await server.start();
    if (!options.json && !options.quiet) announce(io, server);
    await tellFindings(server, loaded);
    await signal;
  } finally {
    stopWatching();
  }
  const second = untilSignal();
  await Promise.race([server.stop({ drain: Number(options.drain) * 1000 }), second.then(() => server.stop())]);
}

/** What `check` would say goes into the event log, once the ports are open. */
async function tellFindings({ events }: BootServer, { file }: LoadedConfig): Promise<void> {
  if (file === undefined) return;
  for (const { severity, code, message, source, range } of (await checkSite(file)).findings) {
    if (severity === 'info') continue;
    const level = severity === 'error' ? 'error' : 'warn';
    events.emit('check.finding', { level, code, message, source, line: range.start.line });
  }
}

function announce(io: Io, server: BootServer): void {
  for (const [service, places] of Object.entries(server.listens)) io.out(`${service.padEnd(5)} ${places.join(', ')}`);
  if (server.site.httpUrl !== undefined) io.out(`tree  ${server.site.httpUrl}/`);
}

/** Reads the configuration again on SIGHUP, and on changes of the file where `watch` is set. A bad file changes nothing. */
function followChanges(io: Io, server: BootServer, { file, config }: LoadedConfig): () => void {
  const reload = () =>
    void server.reload().catch((error: ServerError) => {
      io.err(`pxekit: the configuration stays as it was: ${error.message}`);
      server.events.emit('server.reload-failed', { level: 'error', message: error.message.split('\n')[0], code: error.code });
    });
  process.on('SIGHUP', reload);
  let timer: NodeJS.Timeout | undefined;
  const watcher =
    config.watch && file !== undefined
      ? // The folder: editors replace the file by another of the same name.
        watch(dirname(file), (_, name) => {
          if (name !== basename(file)) return;
          clearTimeout(timer);
          timer = setTimeout(reload, 100);
        })
      : undefined;
  return () => {
    process.off('SIGHUP', reload);
    clearTimeout(timer);
    watcher?.close();
  };
}

function untilSignal(): Promise<void> {
  return new Promise((done) => {
    const end = () => {
      process.off('SIGINT', end);
      process.off('SIGTERM', end);
      done();
    };
    process.on('SIGINT', end);
    process.on('SIGTERM', end);
  });
}
