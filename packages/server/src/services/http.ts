import { once } from 'node:events';
import type { Server, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import type { Config } from '../config/schema.js';
import type { Core } from '../core.js';
import { createHttpServer } from '../http/server.js';
import { explainListenError } from '../ports.js';

type HttpSection = Exclude<Config['http'], false>;

/** The HTTP service of a site. */
export interface HttpService {
  readonly listens: string[];
  readonly server: Server;
  readonly port: number;
  /** Takes over other limits. */
  configure(config: HttpSection): void;
  /** Ends it; transfers that run may take `drain` milliseconds to finish. */
  stop(drain: number): Promise<void>;
}

/** Opens the port of HTTP, or takes over a socket. */
export async function startHttp(core: Core, address: string, config: HttpSection, socket?: number): Promise<HttpService> {
  const server = createHttpServer(core);
  const limit = limitConnections(core, server);
  limit(config);
  const responses = new Set<ServerResponse>();
  function forget(this: ServerResponse): void {
    responses.delete(this);
  }
  server.on('request', (_, response) => {
    responses.add(response);
    response.on('close', forget);
  });
  await new Promise<void>((done, fail) => {
    server.once('error', (error) => fail(explainListenError(error, 'HTTP', 'tcp', address, config.port)));
    server.listen(socket === undefined ? { host: address, port: config.port } : { fd: socket }, done);
  });
  const bound = server.address() as AddressInfo;
  return {
    listens: [`tcp ${bound.address}:${bound.port}`],
    server,
    port: bound.port,
    configure: limit,
    async stop(drain) {
      await close(server, drain);
      // Downloads that were cut still tell so.
      const told = Promise.all([...responses].map((response) => once(response, 'close')));
      await Promise.race([told, setTimeout(1000, undefined, { ref: false })]);
    },
  };
}

async function close(server: Server, drain: number): Promise<void> {
  const closed = new Promise<void>((done) => void server.close(() => done()));
  server.closeIdleConnections();
  if (drain > 0) await Promise.race([closed, setTimeout(drain, undefined, { ref: false })]);
  server.closeAllConnections();
  await closed;
}

const REFUSAL = 'HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nConnection: close\r\nContent-Length: 0\r\n\r\n';

/** Connections at a time, in all and of one address; those beyond get 503 or, over the limit of all, are closed. */
function limitConnections(core: Core, server: Server): (config: HttpSection) => void {
  const open = new Map<string, number>();
  let perClient = Number.POSITIVE_INFINITY;
  const refuse = (peer: string, message: string) => core.events.emitOnce(peer, 'http.refused', { level: 'warn', peer, message });
  server.on('drop', (data) => refuse(data?.remoteAddress ?? 'unknown', '`http.maxConnections` are open'));
  server.prependListener('connection', (socket: Socket) => {
    const peer = (socket.remoteAddress ?? '').replace(/^::ffff:/, '');
    const count = (open.get(peer) ?? 0) + 1;
    open.set(peer, count);
    socket.once('close', () => {
      const left = (open.get(peer) ?? 1) - 1;
      if (left === 0) open.delete(peer);
      else open.set(peer, left);
    });
    if (count <= perClient) return;
    refuse(peer, '`http.maxConnectionsPerClient` are open');
    socket.end(REFUSAL);
    socket.destroySoon();
  });
  return ({ maxConnections, maxConnectionsPerClient }) => {
    server.maxConnections = maxConnections;
    perClient = maxConnectionsPerClient;
  };
}
