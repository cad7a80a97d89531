import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { DhcpServerOptions, Endpoint } from '@pxekit/dhcp-server';
import { listenTo, NODE_ARGS, ROOT, type Serving } from './serving.js';

/** A DHCP server in a process of its own on a free loopback port. */
export async function serveOnLoopback(options: DhcpServerOptions): Promise<Serving & { port: number }> {
  const script = fileURLToPath(new URL('./serve.ts', import.meta.url));
  const listen = { address: '127.0.0.1', port: 0 };
  const child = spawn(process.execPath, [...NODE_ARGS, script, JSON.stringify({ listen, ...options }), 'quiet'], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const serving = await listenTo(child);
  const endpoints = serving.events.find((event) => event.event === 'listening')!.endpoints as Endpoint[];
  return { ...serving, port: endpoints[0]!.port };
}
