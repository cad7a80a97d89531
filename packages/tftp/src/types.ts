import type { TftpError } from './error.js';
import type { Faults } from './testing/faults.js';

/** One end of a UDP exchange. */
export interface Endpoint {
  readonly address: string;
  readonly port: number;
  readonly family: 'IPv4' | 'IPv6';
}

export type TransferMode = 'octet' | 'netascii';

/** A read or write request, as handlers and hooks see it. */
export interface TftpRequest {
  /** Counts the requests of one server, from 1. */
  readonly id: number;
  readonly type: 'read' | 'write';
  /** The name as it was sent: UTF-8, or Latin-1 where it is not UTF-8. */
  readonly filename: string;
  readonly filenameBytes: Uint8Array;
  /** The name inside the root after mapping rules: `/` between the parts, nothing before the first, no `.` or `..`. */
  readonly path: string;
  readonly mode: TransferMode;
  /** The options asked for, names in lower case; of a repeated option the first counts. */
  readonly options: ReadonlyMap<string, string>;
  readonly peer: Endpoint;
  /** The address and port that the request was sent to; a wildcard address where the system does not tell. */
  readonly local: Endpoint;
  /** The size that the client of an upload announced with `tsize`, in bytes. */
  readonly size: number | undefined;
  /** Aborted when the transfer is over for any reason but success, also while the handler still works. */
  readonly signal: AbortSignal;
}

/** A file outside or inside the root, named by a handler. It is opened as it is: the sandbox does not apply. */
export interface FileContent {
  readonly file: string;
}

/** A body whose size is known before it is read; `size` (bytes) becomes `tsize`. */
export interface SizedContent {
  readonly body: Uint8Array | string | AsyncIterable<Uint8Array | string>;
  readonly size?: number;
}

/**
 * What a handler may give. Node streams and web streams are async iterables. Strings are sent as UTF-8.
 * `undefined` means "not mine": the root folder is asked, or ERROR 1 is sent where there is none.
 */
export type ReadResult = Uint8Array | string | AsyncIterable<Uint8Array | string> | FileContent | SizedContent | TftpError | undefined;

/** Answers a read request. Thrown `TftpError`s choose the ERROR; system errors (`ENOENT`, `EACCES`, ...) are translated. */
export type ReadHandler = (request: TftpRequest) => ReadResult | Promise<ReadResult>;

/** Where an upload goes. */
export interface UploadSink {
  /** Takes the next bytes; they must be copied when they are kept. The block is acknowledged when this is done. */
  write(chunk: Uint8Array): void | Promise<void>;
  /** All bytes are there. The last block is acknowledged when this is done. */
  commit(): void | Promise<void>;
  /** The upload failed: leave nothing behind. */
  abort(error: TftpError): void | Promise<void>;
}

/** `{ file }` names a file that is written beside its target and renamed when whole. `undefined`: the root folder's rules. */
export type WriteResult = UploadSink | FileContent | TftpError | undefined;

export type WriteHandler = (request: TftpRequest) => WriteResult | Promise<WriteResult>;

/** How uploads into the root folder are treated. */
export interface UploadOptions {
  /** Whether an existing file may be replaced. Default false (ERROR 6). */
  readonly overwrite?: boolean;
  /** Whether missing folders are made. Default false (ERROR 1). */
  readonly createFolders?: boolean;
  /** The largest upload in bytes. Default 1 GiB (ERROR 3). */
  readonly maxBytes?: number;
  /** Keep what came of an aborted upload, as `NAME.partial-ID`. Default false. */
  readonly keepPartial?: boolean;
  /** What to do when the bytes are not as many as `tsize` announced: only note it in the record, or refuse. Default `'note'`. */
  readonly sizeMismatch?: 'note' | 'reject';
}

/** How names are looked up in the root folder. */
export interface PathPolicy {
  /** Backslashes are separators, as Windows loaders send them. Default true. */
  readonly backslash?: boolean;
  /** `exact` only, or `fold`: the exact name first, then the only name that differs in case alone. Default `exact`. */
  readonly case?: 'exact' | 'fold';
  /** Symbolic links: followed while they stay in the root, or not at all. Default `inside`. */
  readonly symlinks?: 'inside' | 'never';
  /** `..` inside a name: refused, or resolved as long as it stays in the root. Default `refuse`. */
  readonly dotdot?: 'refuse' | 'resolve';
  /** Cut bytes below 0x20 and above 0x7f off the end of a name, as some ROMs append them. Default false. */
  readonly trimGarbage?: boolean;
}

/** Which options a server grants, and how far. */
export interface OptionPolicy {
  /** The largest block size in bytes. Default 65464. */
  readonly maxBlockSize?: number;
  /** Keep a DATA packet inside this MTU (bytes, headers included); `false` lets IP fragment. Default: the interface's, else 1500. */
  readonly mtu?: number | false;
  /** The largest window in blocks. Default 64. */
  readonly maxWindowSize?: number;
  /** The largest window in bytes. Default 1 MiB. */
  readonly maxWindowBytes?: number;
  /** Options that are never granted, by lower-case name. */
  readonly refuse?: readonly string[];
  /** Answer ERROR 8 to values out of range instead of leaving them out or lowering them. Default false. */
  readonly strict?: boolean;
  /** Announce `tsize=0` for empty files. Default false: curl takes it for an error. */
  readonly announceEmpty?: boolean;
  /** Grant tftp-hpa's `blksize2`. Default false. */
  readonly blksize2?: boolean;
  /** The block number after 65535 when the client does not ask: 0, 1, or `none` to refuse such files. Default 0. */
  readonly rollover?: 0 | 1 | 'none';
}

/** Retransmission. All times in milliseconds. */
export interface RetransmissionOptions {
  /** The first interval before anything was measured. Default 1000. A granted `timeout` or `utimeout` caps every interval. */
  readonly initial?: number;
  /** The shortest interval. Default 3. */
  readonly min?: number;
  /** The longest interval. Default 8000. */
  readonly max?: number;
  /** Give up after so long without progress. Default 30000. */
  readonly giveUp?: number;
  /** Repetitions of the first answer while the peer has not answered at all. Default 3. */
  readonly unconfirmed?: number;
}

/** Limits against abuse. A request over a limit waits its turn, fairly by client; it is not refused. */
export interface Limits {
  /** Transfers at one time. Default 4096. */
  readonly transfers?: number;
  /** Transfers at one time per client address. Default 256. */
  readonly transfersPerClient?: number;
  /** Requests that wait for a turn; the ones beyond are dropped silently. Default 8192. */
  readonly queue?: number;
  /** New requests per second and client address, in bursts of twice as many; the ones beyond are dropped. Default: no limit. */
  readonly requestsPerSecond?: number;
  /** ERROR answers per second and client address to packets that belong to no transfer. Default 20. */
  readonly errorsPerSecond?: number;
  /** Bytes per second and transfer. Default: no limit. */
  readonly bytesPerSecond?: number;
  /** How long a handler may take, in milliseconds. Default 30000. */
  readonly handlerTimeout?: number;
}

export type Outcome =
  /** Every block was acknowledged. */
  | 'complete'
  /** Everything was sent, the last acknowledgement never came. */
  | 'unconfirmed'
  /** The client only asked for the size and said ERROR 8, or asked again. */
  | 'probe'
  /** The peer sent an ERROR. */
  | 'aborted'
  /** The request was answered with an ERROR. */
  | 'refused'
  /** The peer stopped answering. */
  | 'timeout'
  /** Reading, writing or sending failed on our side. */
  | 'failed'
  /** The same peer started something else from the same port. */
  | 'superseded';

/** What happened in a transfer. */
export interface TransferRecord {
  readonly id: number;
  readonly type: 'read' | 'write';
  readonly peer: Endpoint;
  readonly local: Endpoint;
  readonly filename: string;
  readonly path: string;
  readonly mode: TransferMode;
  /** Options asked for. */
  readonly asked: Readonly<Record<string, string>>;
  /** Options granted, as they stood in the OACK. */
  readonly granted: Readonly<Record<string, string>>;
  readonly blockSize: number;
  readonly windowSize: number;
  /** The size of the file in bytes as transferred, where it is known. */
  readonly size: number | undefined;
  /** Bytes of the file that the peer has acknowledged (or that were received). */
  readonly bytes: number;
  readonly blocks: number;
  /** DATA packets that were sent more than once (sending), or received more than once (receiving). */
  readonly retransmissions: number;
  /** Milliseconds since the request. */
  readonly duration: number;
  /** Bytes per second. */
  readonly rate: number;
  /** `undefined` while the transfer runs. */
  readonly outcome: Outcome | undefined;
  readonly error: TftpError | undefined;
  /** The bytes received are not as many as announced. */
  readonly sizeMismatch: boolean;
}

/** A datagram that was not served, for logs. */
export interface DroppedDatagram {
  readonly reason: 'malformed' | 'unexpected' | 'rate' | 'queue' | 'source' | 'shutdown';
  readonly peer: Endpoint;
  readonly detail: string;
}

export interface Hooks {
  /** A request was read and will be looked at. */
  readonly onRequest?: (request: TftpRequest) => void;
  /** Called at most every `progressInterval` milliseconds and transfer. */
  readonly onProgress?: (record: TransferRecord) => void;
  /** A transfer ended, or a request was refused. */
  readonly onFinish?: (record: TransferRecord) => void;
  /** A datagram was dropped; once per reason and client address until another minute begins. */
  readonly onDrop?: (dropped: DroppedDatagram) => void;
  /** Something is wrong with the server itself, for example a socket error. */
  readonly onWarning?: (error: Error) => void;
}

/** Time, so that tests can hold it. Milliseconds; `now` never goes back. */
export interface Clock {
  now(): number;
  setTimeout(callback: () => void, delay: number): unknown;
  clearTimeout(timer: unknown): void;
}

export interface TftpServerOptions extends Hooks {
  /** The folder to serve. Without it only `files` and `handler` answer. */
  readonly root?: string;
  /** Files that stand in no folder, by path (`pxelinux.cfg/default`). They come before `handler` and `root`. */
  readonly files?: Readonly<Record<string, Exclude<ReadResult, undefined> | ReadHandler>>;
  /** Asked before the root folder; `undefined` passes the request on to it. */
  readonly handler?: ReadHandler;
  /** Uploads into the root folder. Default false. */
  readonly uploads?: boolean | UploadOptions;
  /** Asked about uploads before the root folder. Uploads are off (ERROR 2) unless this or `uploads` is given. */
  readonly writeHandler?: WriteHandler;
  /** Whether a request may go on at all, after the name was mapped. `false` answers ERROR 2. */
  readonly authorize?: (request: TftpRequest) => boolean | Promise<boolean>;

  /**
   * The addresses to listen on. A transfer answers from the address that its request was sent to; without the fast path, on a
   * wildcard address, from the one that the system chooses. Default `0.0.0.0`.
   */
  readonly host?: string | readonly string[];
  /** Default 69. With 0 the system chooses one. */
  readonly port?: number;
  /** File descriptor of a bound UDP socket that was passed in, in place of `host` and `port`. */
  readonly socket?: number;
  /** All transfers on the listening port, for firewalls and containers. Default false: a port per transfer. */
  readonly singlePort?: boolean;
  /** The ports for transfers, both ends included, for firewalls. Default: the system chooses. */
  readonly portRange?: readonly [first: number, last: number];

  readonly paths?: PathPolicy;
  /** Mapping rules for names in the form of tftpd-hpa's map file. */
  readonly map?: string;
  readonly options?: OptionPolicy | ((request: TftpRequest) => OptionPolicy);
  readonly retransmission?: RetransmissionOptions;
  readonly limits?: Limits;
  /** Milliseconds between two `onProgress` calls of a transfer. Default 500. */
  readonly progressInterval?: number;
  /** Memory for ready packets of files, in bytes, shared by all transfers. Default 32 MiB. */
  readonly cacheBytes?: number;
  /** The native fast path on Linux: used where it works, or never. Default `auto`. */
  readonly fastPath?: 'auto' | 'off';

  /** Misbehaviour on purpose, for test rigs. */
  readonly faults?: Faults;
  /** Stops the server at once: running transfers get ERROR 0. */
  readonly signal?: AbortSignal;
  readonly transport?: Transport;
  readonly clock?: Clock;
}

export interface TftpServerStats {
  /** Requests read since the start. */
  readonly requests: number;
  readonly active: number;
  readonly queued: number;
  readonly outcomes: Readonly<Record<Outcome, number>>;
  readonly dropped: Readonly<Record<DroppedDatagram['reason'], number>>;
  readonly bytesSent: number;
  readonly bytesReceived: number;
}

export interface TftpServer {
  /** Opens the ports. Gives the addresses that are listened on. Errors of the system (`EADDRINUSE`, `EACCES`) come as they are. */
  listen(): Promise<readonly Endpoint[]>;
  /** The addresses that are listened on; empty before `listen`. */
  readonly addresses: readonly Endpoint[];
  /** Why the fast path is not used; `undefined` when it is. Known after `listen`. */
  readonly plainReason: string | undefined;
  stats(): TftpServerStats;
  /** Records of the running transfers. */
  transfers(): readonly TransferRecord[];
  /**
   * Takes no more requests, lets running transfers finish for `drain` milliseconds (default 0), then ends the others with
   * ERROR 0. Resolves when every port and timer is released.
   */
  close(options?: { readonly drain?: number }): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Takes a datagram. The bytes are valid only during the call; the endpoint never changes and may be kept. A port on the
 * wildcard address gives `at`, where it can: itself on the address that the datagram was sent to. Answers that are sent there
 * leave from that address.
 */
export type Receive = (data: Uint8Array, from: Endpoint, at?: DatagramPort) => void;

/** An open UDP port. */
export interface DatagramPort {
  readonly local: Endpoint;
  /** Sends one datagram. It may be lost; errors of the system are loss, too. The bytes are read during the call. */
  send(data: Uint8Array, to: Endpoint): void;
  /**
   * Sends the packets that lie one behind another in `data` from `offset`: `packetSize` bytes each, the last one up to
   * `offset + length`.
   */
  sendRun(data: Uint8Array, offset: number, length: number, packetSize: number, to: Endpoint): void;
  close(): void;
  /** From now on the port does not keep the process alive. */
  unref?(): void;
}

/** Where datagrams come from and go to: real sockets, or a network in memory. */
export interface Transport {
  /** Opens a port that hears everyone, or takes over the bound socket `fd`. */
  bind(
    local: { readonly address: string; readonly port: number; readonly fd?: number | undefined },
    receive: Receive,
    onError: (error: Error) => void,
  ): Promise<DatagramPort>;
  /** Opens a port for one transfer with `peer` on the address of `listener`. */
  open(
    listener: Endpoint,
    peer: Endpoint,
    receive: Receive,
    range?: readonly [first: number, last: number],
  ): DatagramPort | Promise<DatagramPort>;
  /** Releases what is kept for later use. */
  close(): void;
  /** The MTU of the interface that has this address, where it is known. */
  mtu?(address: string): number | undefined;
  /** Why the fast path is not used, where it could be. */
  readonly plainReason?: string;
}

/** What the client asks for. */
export interface TransferOptions {
  readonly mode?: TransferMode;
  /** Default 1428 (fits an Ethernet frame over IPv6); 512 and `false` ask for nothing. */
  readonly blockSize?: number | false;
  /** Default 16; 1 and `false` ask for nothing. */
  readonly windowSize?: number | false;
  /** Ask for, or announce, the size. Default true. */
  readonly tsize?: boolean;
  /** Seconds, 1 to 255. Default: not asked for. */
  readonly timeout?: number;
  /** Ask which number follows block 65535. Default: not asked for, 0 expected. */
  readonly rollover?: 0 | 1;
  /** More options for the request. */
  readonly extraOptions?: Readonly<Record<string, string>>;
  /** The local address to send from. */
  readonly localAddress?: string;
  readonly retransmission?: RetransmissionOptions;
  readonly onProgress?: (record: TransferRecord) => void;
  /** Milliseconds between two `onProgress` calls. Default 200. */
  readonly progressInterval?: number;
  /** The largest file taken, in bytes. Default: no limit for files and streams, 1 GiB into memory. */
  readonly maxBytes?: number;
  readonly signal?: AbortSignal;
  readonly transport?: Transport;
  readonly clock?: Clock;
}

/** `tftp://host[:port]/name[;mode=octet]` (RFC 3617), or its parts. */
export type Target = string | URL | { readonly host: string; readonly port?: number; readonly filename: string };

export interface GetResult {
  readonly data: Uint8Array;
  readonly record: TransferRecord;
}

/** What `put` sends. */
export type PutBody = Uint8Array | string | AsyncIterable<Uint8Array | string> | FileContent | SizedContent;
