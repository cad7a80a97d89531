import { createServer, type Server } from 'node:http';
import type { Core } from '../core.js';
import { answerDirectly } from './direct.js';

async function loadListener(core: Core) {
  const { createHttpListener } = await import('../http.js');
  return createHttpListener(core);
}

/**
 * The HTTP server of a site: files straight from the disk, everything else by the app, which is loaded when it is first needed.
 * Bytes that are no HTTP are answered with 400, counted, and logged once per kind and peer.
 */
export function createHttpServer(core: Core): Server {
  let others: ReturnType<typeof loadListener> | undefined;
  const server = createServer((incoming, outgoing) => {
    if (answerDirectly(core, incoming, outgoing)) return;
    others ??= loadListener(core);
    void others.then((listener) => listener(incoming, outgoing));
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    const peer = ((socket as { remoteAddress?: string }).remoteAddress ?? '').replace(/^::ffff:/, '');
    // UEFI firmware ends its connections with RST; that is no fault.
    if (error.code !== 'ECONNRESET') {
      core.events.emitOnce(`${error.code} ${peer}`, 'http.malformed', { level: 'warn', peer, kind: error.code, message: error.message });
    }
    if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n');
    else socket.destroy();
  });
  server.headersTimeout = 30_000;
  server.keepAliveTimeout = 30_000;
  return server;
}
