import { TftpError } from '../error.js';
import { type NameMap, parseNameMap } from '../name-map.js';
import { TFTP_PORT } from '../packet.js';
import { ChunkCache } from '../packets/cache.js';
import { FileCache } from '../packets/files.js';
import { fastestLook } from '../packets/look.js';
import { normalizeName, Root } from '../paths.js';
import { retransmissionOf } from '../round-trip.js';
import { withFaults } from '../testing/faults.js';
import { systemClock, TimerWheel } from '../timer-wheel.js';
import { createTransport } from '../transport/create.js';
import type { DatagramPort, Endpoint, TftpServer, TftpServerOptions, TftpServerStats, TransferRecord, Transport } from '../types.js';
import { LIMIT_DEFAULTS } from './admission.js';
import type { Context } from './context.js';
import { Inbox } from './inbox.js';
import { Ports } from './ports.js';
import { Reads } from './reads.js';
import { Reports } from './reports.js';
import type { ServerRequest } from './request.js';
import type { Session } from './session.js';
import { Sessions } from './sessions.js';
import { Writes } from './writes.js';

const DEFAULT_CACHE = 32 * 1024 * 1024;

/** Makes a server; `listen` opens its ports. */
export function createTftpServer(options: TftpServerOptions): TftpServer {
  return new Server(options);
}

function contextOf(options: TftpServerOptions): Context {
  const clock = options.clock ?? systemClock;
  const transport = options.transport ?? createTransport(options.fastPath ?? 'auto');
  const chunks = new ChunkCache(options.cacheBytes ?? DEFAULT_CACHE);
  return {
    options,
    clock,
    wheel: new TimerWheel(clock),
    transport: options.faults ? withFaults(transport, options.faults, clock) : transport,
    limits: { ...LIMIT_DEFAULTS, ...options.limits },
    times: retransmissionOf(options.retransmission),
    root: options.root === undefined ? undefined : new Root(options.root, options.paths),
    chunks,
    files: new FileCache(chunks),
  };
}

/** Joins the parts, and opens and closes the listening ports. */
class Server implements TftpServer {
  plainReason: string | undefined;
  readonly #context: Context;
  readonly #map: NameMap | undefined;
  readonly #reports: Reports;
  readonly #sessions: Sessions;
  readonly #inbox: Inbox;
  readonly #reads: Reads;
  readonly #writes: Writes;
  #listeners: DatagramPort[] = [];
  #started = false;
  #closing: Promise<void> | undefined;

  constructor(options: TftpServerOptions) {
    const context = contextOf(options);
    this.#context = context;
    this.#map = options.map === undefined ? undefined : parseNameMap(options.map);
    this.#reports = new Reports(options, context.clock);
    this.#sessions = new Sessions(context, this.#reports, (session) => this.#run(session));
    const ports = new Ports(context, this.#reports, this.#sessions);
    this.#inbox = new Inbox(context, this.#reports, this.#sessions, ports);
    this.#reads = new Reads(context, this.#sessions, ports);
    this.#writes = new Writes(context, this.#sessions, ports);
  }

  get addresses(): readonly Endpoint[] {
    return this.#listeners.map(({ local }) => local);
  }

  async listen(): Promise<readonly Endpoint[]> {
    if (this.#started || this.#closing) throw new TftpError('TFTP_RUNNING', 'The server is listening already, or was closed');
    const { options, root, transport, files } = this.#context;
    const { host = '0.0.0.0', port = TFTP_PORT, signal, socket } = options;
    signal?.throwIfAborted();
    this.#started = true;
    try {
      await root?.real();
      if (options.fastPath !== 'off') files.look = await fastestLook();
      for (const address of socket !== undefined ? [''] : typeof host === 'string' ? [host] : host)
        await this.#bind(transport, address, port);
    } catch (error) {
      await this.close();
      throw error;
    }
    signal?.addEventListener('abort', () => void this.close(), { once: true });
    this.plainReason = transport.plainReason;
    return this.addresses;
  }

  async #bind(transport: Transport, address: string, port: number): Promise<void> {
    const listener: DatagramPort = await transport.bind(
      { address, port, fd: this.#context.options.socket },
      (data, from, at) => this.#inbox.receive(data, from, listener, at),
      (error) => this.#reports.hook('onWarning', error),
    );
    this.#listeners.push(listener);
    this.#inbox.listeners = this.#listeners;
  }

  /** A request whose turn has come. @throws TftpError where it is refused */
  #run(session: Session): void {
    const { request } = session;
    this.#prepare(request);
    this.#reports.hook('onRequest', request);
    if (session.ended) return;
    const allowed = this.#context.options.authorize?.(request) ?? true;
    if (allowed === true) {
      this.#begin(session);
      return;
    }
    this.#sessions.wait(session, Promise.resolve(allowed), (yes) => {
      if (!yes) throw new TftpError('TFTP_ACCESS_VIOLATION');
      this.#begin(session);
    });
  }

  /** Checks mode and name. @throws TftpError */
  #prepare(request: ServerRequest): void {
    if (request.mode !== 'octet' && request.mode !== 'netascii') throw new TftpError('TFTP_ILLEGAL_OPERATION', 'Unknown transfer mode');
    if (request.filename === '') throw new TftpError('TFTP_NOT_FOUND');
    const name = this.#map ? this.#map.apply(request.filename, request) : request.filename;
    request.path = normalizeName(name, this.#context.options.paths);
  }

  #begin(session: Session): void {
    if (session.request.type === 'read') this.#reads.begin(session);
    else this.#writes.begin(session);
  }

  stats(): TftpServerStats {
    const { requests, outcomes, dropped, bytesSent, bytesReceived } = this.#reports;
    const { running, queued } = this.#sessions;
    return { requests, active: running, queued, outcomes: { ...outcomes }, dropped: { ...dropped }, bytesSent, bytesReceived };
  }

  transfers(): readonly TransferRecord[] {
    return this.#sessions.records();
  }

  close({ drain = 0 }: { readonly drain?: number } = {}): Promise<void> {
    return (this.#closing ??= this.#close(drain));
  }

  async #close(drain: number): Promise<void> {
    this.#inbox.open = false;
    await this.#sessions.drain(drain);
    await this.#sessions.readLastAcks();
    this.#sessions.stop(new TftpError('TFTP_ABORTED', 'Server shutting down'));
    for (const listener of this.#listeners) listener.close();
    this.#listeners = [];
    this.#context.files.close();
    this.#context.transport.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
