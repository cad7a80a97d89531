import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { DhcpServerOptions } from '@pxekit/dhcp-server';
import type { Namespace } from '../lib/netns.js';

interface ServerEvent {
  event: string;
  [field: string]: unknown;
}

/** A DHCP server in a namespace, and what it said. */
export interface Serving {
  readonly events: ServerEvent[];
  readonly process: ChildProcess;
  /** The first event that has these fields, and this rule in its trace. Fails after `timeout` milliseconds. */
  wait(fields: Record<string, unknown>, rule?: string, timeout?: number): Promise<ServerEvent>;
  stop(): Promise<void>;
}

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));
export const NODE_ARGS = ['--conditions=@pxekit/source', '--import', 'tsx'];

/** Starts `serve.ts` in the namespace and resolves when it listens. `before` stands in front of node: a launcher that passes sockets. */
export async function serveIn(namespace: Namespace, options: DhcpServerOptions, before: string[] = []): Promise<Serving> {
  const script = fileURLToPath(new URL('./serve.ts', import.meta.url));
  const [program, ...args] = [...before, process.execPath, ...NODE_ARGS, script, JSON.stringify(options)];
  return listenTo(namespace.spawn(program!, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] }));
}

/** Resolves when the server in the process listens. */
export async function listenTo(child: ChildProcess): Promise<Serving> {
  const events: ServerEvent[] = [];
  const heard = new Set<() => void>();
  createInterface({ input: child.stdout! }).on('line', (line) => {
    events.push(JSON.parse(line));
    for (const each of [...heard]) each();
  });
  const ended = new Promise<void>((resolve) => child.on('exit', () => resolve()));
  const serving: Serving = {
    events,
    process: child,
    wait: (fields, rule, timeout = 20_000) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = events.find(
            (event) =>
              Object.entries(fields).every(([name, value]) => event[name] === value) &&
              (rule === undefined || (event.rules as string[] | undefined)?.includes(rule)),
          );
          if (found === undefined) return;
          clearTimeout(timer);
          heard.delete(look);
          resolve(found);
        };
        const timer = setTimeout(() => {
          heard.delete(look);
          reject(new Error(`no event ${JSON.stringify(fields)} among\n${events.map((event) => JSON.stringify(event)).join('\n')}`));
        }, timeout);
        heard.add(look);
        look();
      }),
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
  const first = await Promise.race([serving.wait({ event: 'listening' }), serving.wait({ event: 'failed' })]);
  if (first.event === 'failed') throw new Error(`${first.code}: ${first.message}`);
  return serving;
}
