import { createReadStream } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type FtpAction, FtpSession } from './session.js';
import type { FtpTree } from './tree.js';

/** One transfer that came to an end. */
export interface FtpTransfer {
  peer: string;
  /** `RETR`, `LIST`, `NLST` or `MLSD`. */
  command: string;
  path: string;
  bytes: number;
  milliseconds: number;
  outcome: 'complete' | 'failed' | 'not-connected';
}

export interface FtpServerOptions {
  tree: FtpTree;
  /** Default: every address. */
  address?: string;
  /** Default: 21; 0 takes any free port. */
  port?: number;
  /** File descriptor of a listening socket that was passed in, in place of `address` and `port`. */
  socket?: number;
  /** First and last port of data connections. Default: any free port. */
  passivePorts?: readonly [number, number];
  /** Control connections in all. Default: 100. */
  maxConnections?: number;
  /** Control connections of one address. Default: 10. */
  maxConnectionsPerClient?: number;
  /** Seconds without a command or a byte after which a connection is closed. Default: 300. */
  idleTimeout?: number;
  onTransfer?: (transfer: FtpTransfer) => void;
  /** Milliseconds since 1970. Default: `Date.now`. */
  now?: () => number;
}

export interface FtpServer {
  /** Opens the port and gives its number. Rejects with the error of the system (`EADDRINUSE`, `EACCES`). */
  start(): Promise<number>;
  /** Closes the port and every connection. */
  stop(): Promise<void>;
}

/** Longest command line, in bytes; longer ones are refused. */
const MAX_LINE = 4096;
/** How long a data port waits for its client, in milliseconds. */
const DATA_TIMEOUT = 30_000;

/** A read-only, anonymous FTP server with passive mode, for installers whose `url --url=ftp://` must go on working. */
export function createFtpServer(options: FtpServerOptions): FtpServer {
  const { address, port = 21 } = options;
  const connections = new Set<Connection>();
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    const peer = plainAddress(socket.remoteAddress);
    const same = [...connections].filter((each) => each.peer === peer).length;
    // Read each time: the owner of the options may change them.
    const { maxConnections = 100, maxConnectionsPerClient = 10 } = options;
    if (connections.size >= maxConnections || same >= maxConnectionsPerClient) {
      socket.end('421 Too many connections; try again later.\r\n');
      return;
    }
    const connection = new Connection(socket, options);
    connections.add(connection);
    socket.on('close', () => {
      connection.close();
      connections.delete(connection);
    });
  });
  return {
    start: () => listen(server, options.socket === undefined ? { port, host: address } : { fd: options.socket }),
    async stop() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const connection of connections) connection.close();
      await closed;
    },
  };
}

function listen(server: Server, where: { port: number; host?: string | undefined } | { fd: number }): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(where, () => {
      server.off('error', reject);
      resolve((server.address() as { port: number }).port);
    });
  });
}

/** IPv4 addresses on a dual-stack socket come as `::ffff:192.0.2.1`. */
function plainAddress(address: string | undefined): string {
  return (address ?? '').replace(/^::ffff:(?=\d+\.)/, '');
}

class Connection {
  readonly peer: string;
  readonly #control: Socket;
  readonly #options: FtpServerOptions;
  readonly #session: FtpSession;
  #text = '';
  #passive: Server | undefined;
  /** The client's data connection, once it came. */
  #data: Promise<Socket | undefined> = Promise.resolve(undefined);
  #cut: AbortController | undefined;
  #work: Promise<void> = Promise.resolve();

  constructor(control: Socket, options: FtpServerOptions) {
    this.peer = plainAddress(control.remoteAddress);
    this.#control = control;
    this.#options = options;
    this.#session = new FtpSession(options.tree);
    control.setNoDelay(true);
    control.setTimeout((options.idleTimeout ?? 300) * 1000, () => this.#idle());
    control.on('data', (chunk: Buffer) => this.#hear(chunk));
    this.#act(this.#session.greet());
  }

  close(): void {
    this.#cut?.abort();
    this.#passive?.close();
    this.#control.destroy();
  }

  #idle(): void {
    if (this.#cut) return; // the data connection has its own time-out
    this.#control.end('421 Idle for too long.\r\n');
    this.#control.destroySoon();
  }

  #now(): number {
    return (this.#options.now ?? Date.now)();
  }

  #hear(chunk: Buffer): void {
    this.#text += withoutTelnet(chunk).toString('utf8');
    for (let end = this.#text.indexOf('\n'); end !== -1; end = this.#text.indexOf('\n')) {
      const line = this.#text.slice(0, end).replace(/\r$/, '');
      this.#text = this.#text.slice(end + 1);
      this.#command(line);
    }
    if (this.#text.length > MAX_LINE) {
      this.#text = '';
      this.#control.end('500 The command line is too long.\r\n');
    }
  }

  /** Commands are handled one after another: one may wait for a port to open. */
  #command(line: string): void {
    this.#work = this.#work.then(async () => {
      for (const action of this.#session.receive(line, this.#now())) await this.#do(action);
    });
  }

  #act(actions: readonly FtpAction[]): void {
    for (const action of actions) void this.#do(action);
  }

  async #do(action: FtpAction): Promise<void> {
    switch (action.do) {
      case 'reply':
        if (this.#control.writable) this.#control.write(action.text);
        return;
      case 'passive':
        return this.#openPassive(action.extended);
      case 'send':
        void this.#send(action);
        return;
      case 'abort':
        this.#cut?.abort();
        this.#passive?.close();
        return;
      case 'close':
        this.#control.end();
    }
  }

  async #openPassive(extended: boolean): Promise<void> {
    this.#passive?.close();
    const server = createServer();
    const [first, last] = this.#options.passivePorts ?? [0, 0];
    let port: number | undefined;
    for (let candidate = first; candidate <= last && port === undefined; candidate++) {
      port = await listen(server, { port: candidate, host: this.#control.localAddress }).catch(() => undefined);
    }
    this.#passive = server;
    if (port === undefined) return this.#act(this.#session.passiveOpened(undefined, extended));
    this.#data = this.#awaitData(server);
    this.#act(this.#session.passiveOpened({ address: plainAddress(this.#control.localAddress), port }, extended));
  }

  /** The first connection from the client's own address (RFC 2577 section 3); strangers are turned away. */
  #awaitData(server: Server): Promise<Socket | undefined> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => server.close(), DATA_TIMEOUT);
      server.on('close', () => {
        clearTimeout(timer);
        resolve(undefined);
      });
      server.on('connection', (socket) => {
        socket.on('error', () => socket.destroy());
        if (plainAddress(socket.remoteAddress) !== this.peer) {
          socket.destroy();
          return;
        }
        resolve(socket);
        server.close();
      });
    });
  }

  async #send({ command, path, content }: Extract<FtpAction, { do: 'send' }>): Promise<void> {
    const started = this.#now();
    const cut = new AbortController();
    this.#cut = cut;
    const socket = await this.#data;
    let outcome: FtpTransfer['outcome'] = 'not-connected';
    if (socket) {
      socket.setTimeout((this.#options.idleTimeout ?? 300) * 1000, () => socket.destroy());
      // The size in the reply is the one promised: a file that grows meanwhile is sent up to it.
      const source =
        'text' in content
          ? Readable.from(content.text === '' ? [] : [Buffer.from(content.text)])
          : content.start === content.file.size
            ? Readable.from([])
            : createReadStream(content.file.path, { start: content.start, end: content.file.size - 1, highWaterMark: 256 * 1024 });
      const promised = 'text' in content ? Buffer.byteLength(content.text) : content.file.size - content.start;
      const whole = await pipeline(source, socket, { signal: cut.signal }).then(
        () => socket.bytesWritten === promised,
        () => false,
      );
      outcome = whole ? 'complete' : 'failed';
      socket.destroy();
    }
    this.#cut = undefined;
    this.#options.onTransfer?.({
      peer: this.peer,
      command,
      path,
      bytes: socket?.bytesWritten ?? 0,
      milliseconds: this.#now() - started,
      outcome,
    });
    this.#act(this.#session.transferEnded(outcome));
  }
}

const IAC = 255;

/** Clients put Telnet commands (IAC IP, IAC DM) before ABOR (RFC 959 section 4.1.3); a doubled IAC is the byte itself. */
function withoutTelnet(chunk: Buffer): Buffer {
  if (!chunk.includes(IAC)) return chunk;
  const out: number[] = [];
  for (let at = 0; at < chunk.length; at++) {
    const byte = chunk[at] as number;
    if (byte !== IAC) out.push(byte);
    else if (chunk[++at] === IAC) out.push(IAC);
  }
  return Buffer.from(out);
}
