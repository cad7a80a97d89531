import type { ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Namespace } from './netns.js';

const MAIN = fileURLToPath(new URL('../../packages/cli/src/main.ts', import.meta.url));

export interface ServerEvent {
  type: string;
  [field: string]: unknown;
}

export interface Serving {
  process: ChildProcess;
  /** What the server wrote into its event log so far. */
  events(): ServerEvent[];
  /** Everything it printed. */
  output(): string;
  stop(): Promise<void>;
}

/** Runs `pxekit serve` from the sources inside a namespace and waits until its ports are open. */
export async function serve(namespace: Namespace, config: string, eventLog: string): Promise<Serving> {
  const server = namespace.spawn(process.execPath, ['--conditions=@pxekit/source', '--import', 'tsx', MAIN, 'serve', '-c', config], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [server.stdout, server.stderr]) stream?.on('data', (chunk) => (output += chunk));
  const ended = new Promise<void>((resolve) => server.once('close', () => resolve()));
  const events = () =>
    existsSync(eventLog)
      ? readFileSync(eventLog, 'utf8')
          .split('\n')
          .filter((line) => line !== '')
          .map((line) => JSON.parse(line) as ServerEvent)
      : [];
  const deadline = Date.now() + 30_000;
  while (!events().some(({ type }) => type === 'server.ready')) {
    if (server.exitCode !== null || Date.now() > deadline) {
      server.kill('SIGKILL');
      throw new Error(`pxekit serve did not start:\n${output}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return {
    process: server,
    events,
    output: () => output,
    async stop() {
      server.kill('SIGTERM');
      await ended;
    },
  };
}
