import { join } from 'node:path';
import { TftpError, toTftpError } from '../error.js';
import { type NameMap, parseNameMap } from '../name-map.js';
import { type Agreement, negotiate, oackOf } from '../negotiate.js';
import { decodePacket, encodeAck, encodeError, type RequestPacket, TFTP_PORT } from '../packet.js';
import { type Body, bodyOf, openedBody } from '../packets/body.js';
import { ChunkCache } from '../packets/cache.js';
import { FileCache } from '../packets/files.js';
import { emptyRun } from '../packets/source.js';
import { normalizeName, Root } from '../paths.js';
import { type Retransmission, retransmissionOf } from '../round-trip.js';
import { withFaults } from '../testing/faults.js';
import { systemClock, type Timed, TimerWheel } from '../timer-wheel.js';
import { Incoming } from '../transfer/incoming.js';
import { Outgoing } from '../transfer/outgoing.js';
import { recordOf } from '../transfer/tally.js';
import { createTransport } from '../transport/create.js';
import type {
  Clock,
  DatagramPort,
  DroppedDatagram,
  Endpoint,
  Limits,
  Outcome,
  TftpServer,
  TftpServerOptions,
  TftpServerStats,
  TransferRecord,
  Transport,
  UploadOptions,
  UploadSink,
} from '../types.js';
import { Admission, LIMIT_DEFAULTS, TokenBuckets } from './admission.js';
import { ServerRequest } from './request.js';
import { Session } from './session.js';
import { SessionList } from './session-list.js';
import { SessionTable } from './session-table.js';
import { FileSink, makeFolder, UPLOAD_DEFAULTS } from './uploads.js';

const DEFAULT_CACHE = 32 * 1024 * 1024;
/** A client address with more transfers that it never answered than this gets each first answer only once. */
const HALF_OPEN_REPEATED = 8;
const DROP_REPORT_INTERVAL = 60_000;
/** When all places are taken, a transfer that was not answered for so long (ms) gives its place to a new one. */
const UNANSWERED = 2000;

const probe = emptyRun();

/** Makes a server; `listen` opens its ports. */
export function createTftpServer(options: TftpServerOptions): TftpServer {
  return new Server(options);
}

class Server implements TftpServer {
  plainReason: string | undefined;
  readonly #options: TftpServerOptions;
  readonly #clock: Clock;
  readonly #wheel: TimerWheel;
  readonly #transport: Transport;
  readonly #limits: Required<Limits>;
  readonly #times: Retransmission;
  readonly #uploads: Required<UploadOptions> | undefined;
  readonly #root: Root | undefined;
  readonly #map: NameMap | undefined;
  readonly #chunks: ChunkCache;
  readonly #files: FileCache;
  readonly #admission: Admission<Session>;
  readonly #requestRate: TokenBuckets;
  readonly #errorRate: TokenBuckets;
  readonly #sessions = new SessionTable();
  /** Every session that holds a port or a timer. */
  readonly #live = new SessionList();
  /** How many transfers each address has that it never answered. */
  readonly #halfOpen = new Map<string, number>();
  readonly #uploading = new Set<string>();
  readonly #reported = new Map<string, number>();
  readonly #outcomes: Record<Outcome, number> = {
    complete: 0,
    unconfirmed: 0,
    probe: 0,
    aborted: 0,
    refused: 0,
    timeout: 0,
    failed: 0,
    superseded: 0,
  };
  readonly #dropped: Record<DroppedDatagram['reason'], number> = { malformed: 0, unexpected: 0, rate: 0, queue: 0, source: 0, shutdown: 0 };
  #listeners: DatagramPort[] = [];
  #state: 'new' | 'listening' | 'draining' | 'closed' = 'new';
  #requests = 0;
  #bytesSent = 0;
  #bytesReceived = 0;
  #onEmpty: (() => void) | undefined;
  #closing: Promise<void> | undefined;

  constructor(options: TftpServerOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#wheel = new TimerWheel(this.#clock);
    const transport = options.transport ?? createTransport(options.fastPath ?? 'auto');
    this.#transport = options.faults ? withFaults(transport, options.faults, this.#clock) : transport;
    this.#limits = { ...LIMIT_DEFAULTS, ...options.limits };
    this.#times = retransmissionOf(options.retransmission);
    this.#root = options.root === undefined ? undefined : new Root(options.root, options.paths);
    this.#uploads = options.uploads ? { ...UPLOAD_DEFAULTS, ...(options.uploads === true ? {} : options.uploads) } : undefined;
    this.#map = options.map === undefined ? undefined : parseNameMap(options.map);
    this.#chunks = new ChunkCache(options.cacheBytes ?? DEFAULT_CACHE);
    this.#files = new FileCache(this.#chunks);
    this.#admission = new Admission(this.#limits.transfers, this.#limits.transfersPerClient, this.#limits.queue);
    this.#requestRate = new TokenBuckets(this.#limits.requestsPerSecond, 2 * this.#limits.requestsPerSecond, this.#clock);
    this.#errorRate = new TokenBuckets(this.#limits.errorsPerSecond, this.#limits.errorsPerSecond, this.#clock);
  }

  get addresses(): readonly Endpoint[] {
    return this.#listeners.map(({ local }) => local);
  }

  async listen(): Promise<readonly Endpoint[]> {
    if (this.#state !== 'new') throw new TftpError('TFTP_RUNNING', 'The server is listening already, or was closed');
    const { host = '0.0.0.0', port = TFTP_PORT, signal, socket } = this.#options;
    signal?.throwIfAborted();
    this.#state = 'listening';
    try {
      await this.#root?.real();
      for (const address of socket !== undefined ? [''] : typeof host === 'string' ? [host] : host) await this.#bind(address, port);
    } catch (error) {
      await this.close();
      throw error;
    }
    signal?.addEventListener('abort', () => void this.close(), { once: true });
    this.plainReason = this.#transport.plainReason;
    return this.addresses;
  }

  async #bind(address: string, port: number): Promise<void> {
    const listener: DatagramPort = await this.#transport.bind(
      { address, port, fd: this.#options.socket },
      (data, from) => this.#receive(data, from, listener),
      (error) => this.#hook('onWarning', error),
    );
    this.#listeners.push(listener);
  }

  stats(): TftpServerStats {
    return {
      requests: this.#requests,
      active: this.#admission.running,
      queued: this.#admission.queued,
      outcomes: { ...this.#outcomes },
      dropped: { ...this.#dropped },
      bytesSent: this.#bytesSent,
      bytesReceived: this.#bytesReceived,
    };
  }

  transfers(): readonly TransferRecord[] {
    return [...this.#live].filter(({ ended }) => !ended).map((session) => this.#record(session));
  }

  #record(session: Session, outcome?: Outcome, error?: TftpError): TransferRecord {
    return recordOf(session.request, session.figures, this.#clock.now() - session.begun, outcome, error);
  }

  /** A hook of the user never harms the server. */
  #hook<Name extends 'onRequest' | 'onProgress' | 'onFinish' | 'onDrop' | 'onWarning'>(
    name: Name,
    value: Parameters<NonNullable<TftpServerOptions[Name]>>[0],
  ): void {
    try {
      (this.#options[name] as ((value: unknown) => void) | undefined)?.(value);
    } catch (error) {
      if (name !== 'onWarning') this.#hook('onWarning', error as Error);
    }
  }

  #drop(reason: DroppedDatagram['reason'], peer: Endpoint, detail: string): void {
    this.#dropped[reason] += 1;
    if (!this.#options.onDrop) return;
    const key = `${reason} ${peer.address}`;
    const now = this.#clock.now();
    if (now - (this.#reported.get(key) ?? Number.NEGATIVE_INFINITY) < DROP_REPORT_INTERVAL) return;
    if (this.#reported.size >= 4096) this.#reported.clear();
    this.#reported.set(key, now);
    this.#hook('onDrop', { reason, peer, detail });
  }

  // Datagrams to a listening port.

  #receive(data: Uint8Array, from: Endpoint, listener: DatagramPort): void {
    const opcode = data.length < 2 ? -1 : (data[0]! << 8) | data[1]!;
    if (opcode === 1 || opcode === 2) {
      this.#receiveRequest(data, from, listener);
      return;
    }
    if (this.#options.singlePort) {
      const { address } = listener.local;
      const session = this.#sessions.get(from, address) ?? this.#dallying.get(from, address);
      if (session?.transfer) {
        this.#deliver(session, data);
        return;
      }
    }
    if (opcode >= 3 && opcode <= 6) this.#drop('unexpected', from, `opcode ${opcode} without a transfer`);
    else this.#drop('malformed', from, opcode === -1 ? `${data.length} bytes` : `opcode ${opcode}`);
  }

  /** Uploads in single-port mode whose last ACK may have been lost. */
  readonly #dallying = new SessionTable();

  #receiveRequest(data: Uint8Array, from: Endpoint, listener: DatagramPort): void {
    if (from.port === 0 || this.#isOwn(from)) {
      this.#drop('source', from, 'source port 0 or our own');
      return;
    }
    if (this.#state !== 'listening') {
      this.#drop('shutdown', from, 'the server stops');
      return;
    }
    if (this.#admission.running >= this.#limits.transfers) this.#makeRoom();
    const running = this.#sessions.get(from, listener.local.address);
    const repeated = running?.repeats(data) === true;
    if (running && repeated && (!running.transfer?.confirmed || running.request.type === 'write' || running.replaces)) {
      running.transfer?.repeatOpening();
      return;
    }
    const packet = decodePacket(data);
    if (packet.type === 'malformed') {
      this.#drop('malformed', from, packet.reason);
      this.#sendError(listener, from, new TftpError('TFTP_ILLEGAL_OPERATION', 'Malformed request'));
      return;
    }
    if (running && !repeated) this.#supersede(running);
    if (!this.#requestRate.take(from.address)) {
      this.#drop('rate', from, 'too many requests');
      return;
    }
    this.#accept(packet as RequestPacket, data.slice(), { address: from.address, port: from.port, family: from.family }, listener);
  }

  #isOwn(from: Endpoint): boolean {
    return this.#listeners.some(({ local }) => local.port === from.port && local.address === from.address);
  }

  #supersede(session: Session): void {
    const probe = session.request.options.has('tsize') && !(session.transfer && session.transfer.figures.blocks > 0);
    this.#cancel(session, probe ? 'probe' : 'superseded');
  }

  /**
   * A datagram of the peer of a transfer. Where the same request came again in the middle, it was a late copy or a new
   * beginning: the transfer that the peer goes on with stays.
   */
  #deliver(session: Session, data: Uint8Array): void {
    const { replacedBy, replaces } = session;
    if (this.#options.singlePort && replaces?.transfer && !replaces.ended) {
      this.#deliver(replaces, data);
      if (session.ended) return;
    }
    const before = replacedBy ? session.figures.blocks : 0;
    session.transfer?.receive(data);
    // A transfer that is complete says nothing about the request behind it.
    if (replacedBy && !replacedBy.ended && !session.ended && session.figures.blocks > before) this.#cancel(replacedBy, 'superseded');
    if (this.#options.onProgress) this.#progress(session);
  }

  /** Stops a session without a word to the peer. */
  #cancel(session: Session, outcome: Outcome): void {
    if (session.transfer) {
      session.transfer.drop(outcome);
    } else {
      session.cancel?.(new TftpError('TFTP_ABORTED'));
      this.#finish(session, outcome);
      this.#release(session);
    }
  }

  /** ERROR to a packet that belongs to no transfer; not more of them than the limit, as they may go to a victim. */
  #sendError(port: DatagramPort, to: Endpoint, error: TftpError): void {
    if (this.#errorRate.take(to.address)) port.send(encodeError(error.wireCode, error.message), to);
  }

  #accept(packet: RequestPacket, bytes: Uint8Array, from: Endpoint, listener: DatagramPort): void {
    this.#requests += 1;
    const request = new ServerRequest(this.#requests, packet, from, listener.local);
    const session = new Session(request, bytes, listener, this.#clock.now());
    const admitted = this.#admission.enter(from.address, session);
    if (admitted === undefined) {
      this.#drop('queue', from, 'too many requests wait');
      return;
    }
    const running = this.#sessions.get(from, listener.local.address);
    if (running) {
      session.replaces = running;
      running.replacedBy = session;
    }
    this.#sessions.set(session);
    this.#live.add(session);
    if (admitted) this.#run(session);
  }

  /** A flood of requests that nobody meant must not keep the others waiting. */
  #makeRoom(): void {
    const now = this.#clock.now();
    for (const session of this.#live) {
      if (now - session.begun <= UNANSWERED) return;
      if (session.halfOpen && now - session.answeredAt > UNANSWERED) this.#cancel(session, 'timeout');
    }
  }

  /** The session's turn has come. */
  #run(session: Session): void {
    session.admitted = true;
    try {
      this.#prepare(session.request);
      this.#hook('onRequest', session.request);
      if (session.ended) return;
      const { authorize } = this.#options;
      const allowed = authorize ? authorize(session.request) : true;
      if (allowed === true) this.#begin(session);
      else
        this.#await(session, Promise.resolve(allowed), (yes) =>
          yes ? this.#begin(session) : this.#refuse(session, new TftpError('TFTP_ACCESS_VIOLATION')),
        );
    } catch (error) {
      this.#refuse(session, error);
    }
  }

  /** Checks mode and name. @throws TftpError */
  #prepare(request: ServerRequest): void {
    if (request.mode !== 'octet' && request.mode !== 'netascii') throw new TftpError('TFTP_ILLEGAL_OPERATION', 'Unknown transfer mode');
    if (request.filename === '') throw new TftpError('TFTP_NOT_FOUND');
    const name = this.#map ? this.#map.apply(request.filename, request) : request.filename;
    request.path = normalizeName(name, this.#options.paths);
  }

  /** Goes on when a promise is there, unless the session ended meanwhile. Handlers that never answer are given up. */
  #await<T>(session: Session, promise: Promise<T>, then: (value: T) => void, orphan?: (value: T) => void): void {
    let open = true;
    const timed: Timed = {
      deadline: this.#clock.now() + this.#limits.handlerTimeout,
      expired: () => settle(() => this.#refuse(session, new TftpError('TFTP_TIMEOUT', 'No content in time'))),
    };
    const timer = this.#wheel.entry(timed);
    const settle = (work: () => void): void => {
      if (!open) return;
      open = false;
      this.#wheel.remove(timer);
      session.cancel = undefined;
      try {
        work();
      } catch (error) {
        this.#refuse(session, error);
      }
    };
    session.cancel = () => settle(() => {});
    this.#wheel.update(timer);
    promise.then(
      (value) => (open ? settle(() => then(value)) : orphan?.(value)),
      (error) => settle(() => this.#refuse(session, error)),
    );
  }

  #begin(session: Session): void {
    if (session.request.type === 'write') {
      this.#await(
        session,
        this.#sink(session),
        (sink) => this.#receiveFile(session, sink),
        (sink) => void sink.abort(new TftpError('TFTP_ABORTED')),
      );
      return;
    }
    const body = this.#body(session.request);
    if (body instanceof Promise)
      this.#await(
        session,
        body,
        (ready) => this.#sendFile(session, ready),
        (late) => late.close(),
      );
    else this.#sendFile(session, body);
  }

  /** What to send: virtual files, then the handler, then the root folder. */
  #body(request: ServerRequest): Body | Promise<Body> {
    const { files, handler } = this.#options;
    const virtual = files && Object.hasOwn(files, request.path) ? files[request.path]! : undefined;
    const result = virtual === undefined ? handler?.(request) : typeof virtual === 'function' ? virtual(request) : virtual;
    if (result instanceof Promise)
      return result.then((value) => (value === undefined ? this.#fromRoot(request) : this.#bodyOf(value, request)));
    return result === undefined ? this.#fromRoot(request) : this.#bodyOf(result, request);
  }

  #bodyOf(result: Parameters<typeof bodyOf>[0], request: ServerRequest): Body | Promise<Body> {
    return bodyOf(result, request.mode, this.#chunks, this.#files);
  }

  #fromRoot({ path, mode }: ServerRequest): Body | Promise<Body> {
    const root = this.#root;
    if (!root) throw new TftpError('TFTP_NOT_FOUND');
    const file = this.#files.open(path, join(root.folder, path), () => root.open(path));
    return openedBody(file, mode, this.#chunks);
  }

  #agree(session: Session, size: number | undefined): Agreement {
    const { request, listener } = session;
    const { options } = this.#options;
    return negotiate(request.options, {
      type: request.type,
      policy: (typeof options === 'function' ? options(request) : options) ?? {},
      family: request.peer.family,
      mtu: this.#transport.mtu?.(listener.local.address),
      size,
    });
  }

  #sendFile(session: Session, body: Body): void {
    let agreement: Agreement;
    try {
      agreement = this.#agree(session, body.size);
      this.#refuseUncountable(session.request, body.size, agreement);
    } catch (error) {
      body.close();
      throw error;
    }
    const source = body.packets(agreement);
    const { clock, wheel, times } = { clock: this.#clock, wheel: this.#wheel, times: this.#times };
    const { peer } = session.request;
    const start = (): void => {
      this.#withPort(
        session,
        (port) => {
          this.#halfOpened(session);
          const transfer = new Outgoing({
            port,
            peer,
            source,
            agreement,
            times,
            opening: oackOf(agreement),
            wheel,
            clock,
            bytesPerSecond: this.#limits.bytesPerSecond,
            mayRepeat: () => this.#mayRepeat(peer),
            onConfirmed: () => this.#confirmed(session),
            onEnd: (outcome, error) => {
              this.#finish(session, outcome, error);
              this.#release(session);
            },
          });
          session.transfer = transfer;
          transfer.start();
        },
        () => source.close(),
      );
    };
    // The first block must be readable before anything is promised: an error can still be told then.
    if (source.locate(1, probe)) {
      start();
      return;
    }
    const ready = new Promise<void>((resolve, reject) => {
      source.onReady = resolve;
      source.onError = reject;
    });
    this.#await(
      session,
      ready.then(
        () => undefined,
        (error) => {
          source.close();
          throw error;
        },
      ),
      start,
      () => source.close(),
    );
    const { cancel } = session;
    session.cancel = (error) => {
      cancel?.(error);
      source.close();
    };
  }

  #refuseUncountable(request: ServerRequest, size: number | undefined, { blockSize, granted }: Agreement): void {
    const { options } = this.#options;
    const policy = (typeof options === 'function' ? options(request) : options) ?? {};
    if (policy.rollover !== 'none' || granted.some(([name]) => name === 'rollover')) return;
    if (size !== undefined && size >= 65_535 * blockSize) throw new TftpError('TFTP_DISK_FULL', 'File has too many blocks');
  }

  /** Opens the port of a transfer, the listening port in single-port mode. */
  #withPort(session: Session, start: (port: DatagramPort) => void, orphan: () => void): void {
    const { listener, request } = session;
    const use = (port: DatagramPort): void => {
      session.port = port;
      start(port);
    };
    if (this.#options.singlePort) {
      use({ local: listener.local, send: listener.send.bind(listener), sendRun: listener.sendRun.bind(listener), close() {} });
      return;
    }
    const { peer } = request;
    const opened = this.#transport.open(
      listener.local,
      peer,
      (data, from) => {
        if (from.port === peer.port && from.address === peer.address) {
          this.#deliver(session, data);
        } else {
          this.#stranger(session, data, from);
        }
      },
      this.#options.portRange,
    );
    if (opened instanceof Promise) {
      this.#await(
        session,
        opened.catch((error) => {
          orphan();
          throw error;
        }),
        use,
        (port) => port.close(),
      );
    } else {
      use(opened);
    }
  }

  /** RFC 1350 section 4: the sender of a packet with the wrong TID is told, the transfer goes on. An ERROR is never answered. */
  #stranger(session: Session, data: Uint8Array, from: Endpoint): void {
    this.#drop('unexpected', from, 'unknown transfer ID');
    const isError = data.length < 2 || (data[0] === 0 && data[1] === 5);
    if (!isError && session.port) this.#sendError(session.port, from, new TftpError('TFTP_UNKNOWN_TID'));
  }

  // Uploads.

  async #sink(session: Session): Promise<UploadSink> {
    const { request } = session;
    const { writeHandler } = this.#options;
    const result = await writeHandler?.(request);
    if (result instanceof Error) throw result;
    if (result && !('file' in result)) return result;
    const options = this.#uploads ?? (result ? UPLOAD_DEFAULTS : undefined);
    if (!options || (!result && !this.#root)) throw new TftpError('TFTP_ACCESS_VIOLATION');
    const target = result ? result.file : await this.#root!.uploadTarget(request.path, options.createFolders ? makeFolder : undefined);
    if (this.#uploading.has(target)) throw new TftpError('TFTP_BUSY', 'File is being uploaded');
    this.#uploading.add(target);
    try {
      const sink = await FileSink.open(target, request.size, options, request.id);
      return {
        write: (chunk) => sink.write(chunk),
        commit: () => sink.commit().finally(() => this.#uploading.delete(target)),
        abort: () => sink.abort().finally(() => this.#uploading.delete(target)),
      };
    } catch (error) {
      this.#uploading.delete(target);
      throw error;
    }
  }

  #receiveFile(session: Session, sink: UploadSink): void {
    const { request } = session;
    const { peer } = request;
    const abandon = (): void => void Promise.resolve(sink.abort(new TftpError('TFTP_ABORTED'))).catch(() => {});
    let agreement: Agreement;
    try {
      agreement = this.#agree(session, undefined);
    } catch (error) {
      abandon();
      throw error;
    }
    this.#withPort(
      session,
      (port) => {
        this.#halfOpened(session);
        const transfer = new Incoming({
          port,
          peer,
          sink,
          agreement,
          times: this.#times,
          mode: request.mode,
          opening: oackOf(agreement) ?? encodeAck(0),
          announced: request.size,
          maxBytes: (this.#uploads ?? UPLOAD_DEFAULTS).maxBytes,
          sizeMismatch: (this.#uploads ?? UPLOAD_DEFAULTS).sizeMismatch,
          wheel: this.#wheel,
          clock: this.#clock,
          mayRepeat: () => this.#mayRepeat(peer),
          onConfirmed: () => this.#confirmed(session),
          onEnd: (outcome, error) => this.#finish(session, outcome, error),
          onReleased: () => this.#release(session),
        });
        session.transfer = transfer;
        transfer.start();
      },
      abandon,
    );
  }

  // Half-open transfers: the peer has not proved that it sent the request.

  #halfOpened(session: Session): void {
    session.halfOpen = true;
    session.answeredAt = this.#clock.now();
    const { address } = session.request.peer;
    this.#halfOpen.set(address, (this.#halfOpen.get(address) ?? 0) + 1);
  }

  #confirmed(session: Session): void {
    if (session.replaces && !session.replaces.ended && !session.ended) this.#supersede(session.replaces);
    if (!session.halfOpen) return;
    session.halfOpen = false;
    const { address } = session.request.peer;
    const left = (this.#halfOpen.get(address) ?? 1) - 1;
    if (left === 0) this.#halfOpen.delete(address);
    else this.#halfOpen.set(address, left);
  }

  #mayRepeat({ address }: Endpoint): boolean {
    return (this.#halfOpen.get(address) ?? 0) <= HALF_OPEN_REPEATED;
  }

  #progress(session: Session): void {
    const { onProgress, progressInterval = 500 } = this.#options;
    if (!onProgress || session.ended) return;
    const now = this.#clock.now();
    if (now - session.progressAt < progressInterval) return;
    session.progressAt = now;
    this.#hook('onProgress', this.#record(session));
  }

  // Ends.

  #refuse(session: Session, cause: unknown): void {
    if (session.ended) return;
    const error = toTftpError(cause);
    session.listener.send(encodeError(error.wireCode, error.message), session.request.peer);
    this.#finish(session, 'refused', error);
    this.#release(session);
  }

  #finish(session: Session, outcome: Outcome, error?: TftpError): void {
    if (session.ended) return;
    session.ended = true;
    // The transfer that was not replaced after all is the peer's again.
    if (this.#sessions.delete(session) && session.replaces && !session.replaces.ended) this.#sessions.set(session.replaces);
    if (session.replaces) session.replaces.replacedBy = undefined;
    if (session.replacedBy) session.replacedBy.replaces = undefined;
    if (this.#options.singlePort && session.request.type === 'write' && outcome === 'complete') this.#dallying.set(session);
    this.#confirmed(session);
    this.#outcomes[outcome] += 1;
    const { bytes } = session.figures;
    if (session.request.type === 'read') this.#bytesSent += bytes;
    else this.#bytesReceived += bytes;
    if (outcome !== 'complete') session.request.abort();
    if (this.#options.onFinish) this.#hook('onFinish', this.#record(session, outcome, error));
    if (!session.admitted) this.#admission.withdraw(session.request.peer.address, session);
    else if (outcome !== 'complete' || session.request.type === 'read') this.#leave(session);
  }

  /** Gives the session's place to the next that waits. */
  #leave(session: Session): void {
    session.admitted = false;
    let next = this.#admission.leave(session.request.peer.address);
    while (next) {
      this.#run(next);
      next = this.#admission.next();
    }
  }

  #release(session: Session): void {
    if (!this.#live.delete(session)) return;
    this.#dallying.delete(session);
    session.port?.close();
    if (session.admitted) this.#leave(session);
    if (this.#live.size === 0) this.#onEmpty?.();
  }

  close({ drain = 0 }: { readonly drain?: number } = {}): Promise<void> {
    return (this.#closing ??= this.#close(drain));
  }

  async #close(drain: number): Promise<void> {
    this.#state = 'draining';
    if (drain > 0 && this.#live.size > 0) {
      await new Promise<void>((resolve) => {
        const timer = this.#clock.setTimeout(resolve, drain);
        this.#onEmpty = () => {
          this.#clock.clearTimeout(timer);
          resolve();
        };
      });
    }
    this.#state = 'closed';
    const stopping = new TftpError('TFTP_ABORTED', 'Server shutting down');
    for (const session of [...this.#live]) {
      if (session.ended) session.transfer?.drop('failed');
      else if (session.transfer) session.transfer.fail(stopping, 'failed');
      else {
        session.cancel?.(stopping);
        this.#refuse(session, stopping);
      }
    }
    for (const listener of this.#listeners) listener.close();
    this.#listeners = [];
    this.#files.close();
    this.#transport.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
