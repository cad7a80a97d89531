import { errorFromPeer, TftpError } from '../error.js';
import { type Agreement, acceptOack, optionMap } from '../negotiate.js';
import {
  DEFAULT_BLOCK_SIZE,
  decodePacket,
  ERROR_CODES,
  encodeError,
  encodeRequest,
  MAX_BLOCK_SIZE,
  MAX_WINDOW_SIZE,
  MIN_BLOCK_SIZE,
  type Option,
  type Packet,
} from '../packet.js';
import { type Retransmission, RoundTrip, retransmissionOf } from '../round-trip.js';
import { systemClock, type Timed, type TimerEntry, TimerWheel } from '../timer-wheel.js';
import type { Incoming } from '../transfer/incoming.js';
import type { Outgoing } from '../transfer/outgoing.js';
import { NOTHING, recordOf, type Subject } from '../transfer/tally.js';
import { createTransport } from '../transport/create.js';
import type { Clock, DatagramPort, Endpoint, Outcome, Target, TransferOptions, TransferRecord, Transport } from '../types.js';
import { onRefused } from './refusal.js';
import { parseTarget, resolveHost } from './target.js';

const DEFAULT_CLIENT_BLOCK = 1428;
const DEFAULT_CLIENT_WINDOW = 16;

/** What stands in the first answer of the server. */
interface Answer {
  readonly agreement: Agreement;
  readonly size: number | undefined;
  /** DATA 1 of a server that knows no options. */
  readonly data: Uint8Array | undefined;
}

/** The parts that a transfer of either direction is made with. */
interface Parts {
  readonly port: DatagramPort;
  readonly peer: Endpoint;
  readonly times: Retransmission;
  readonly wheel: TimerWheel;
  readonly clock: Clock;
  readonly onEnd: (outcome: Outcome, error?: TftpError) => void;
  readonly release: () => void;
}

/** Makes the transfer when the server has answered. */
export type Begin = (answer: Answer, parts: Parts) => Outgoing | Incoming;

function check(name: string, value: number, min: number, max: number): void {
  if (!Number.isInteger(value) || value < min || value > max) {
    throw new TftpError('TFTP_BAD_OPTION', `${name} is ${value}, expected a whole number from ${min} to ${max}`);
  }
}

function requestOptions(type: 'read' | 'write', options: TransferOptions, size: number | undefined): Option[] {
  const {
    blockSize = DEFAULT_CLIENT_BLOCK,
    windowSize = DEFAULT_CLIENT_WINDOW,
    tsize = true,
    timeout,
    rollover,
    extraOptions = {},
  } = options;
  const list: Option[] = [];
  if (blockSize !== false) {
    check('blockSize', blockSize, MIN_BLOCK_SIZE, MAX_BLOCK_SIZE);
    if (blockSize !== DEFAULT_BLOCK_SIZE) list.push(['blksize', String(blockSize)]);
  }
  if (tsize && type === 'read') list.push(['tsize', '0']);
  else if (tsize && size !== undefined) list.push(['tsize', String(size)]);
  if (timeout !== undefined) {
    check('timeout', timeout, 1, 255);
    list.push(['timeout', String(timeout)]);
  }
  if (windowSize !== false) {
    check('windowSize', windowSize, 1, MAX_WINDOW_SIZE);
    if (windowSize !== 1) list.push(['windowsize', String(windowSize)]);
  }
  if (rollover !== undefined) list.push(['rollover', String(rollover)]);
  return [...list, ...Object.entries(extraOptions)];
}

/** One request of the client: asks until the server answers, then runs the transfer that `begin` makes. */
export async function exchange(
  type: 'read' | 'write',
  target: Target,
  options: TransferOptions,
  size: number | undefined,
  begin: Begin,
): Promise<TransferRecord> {
  const { host, port, filename, mode: urlMode } = parseTarget(target);
  const mode = options.mode ?? urlMode ?? 'octet';
  const asked = requestOptions(type, options, size);
  const request = encodeRequest(type === 'read' ? 'rrq' : 'wrq', filename, mode, asked);
  options.signal?.throwIfAborted();
  const server = await resolveHost(host, port);
  const own = options.transport === undefined;
  const transport = options.transport ?? createTransport('off');
  const subject = { type, filename, path: filename, mode, asked: optionMap(asked) };
  try {
    return await new Promise<TransferRecord>((resolve, reject) => {
      const started = new Exchange(request, server, subject, options, transport, begin, resolve, reject, () => {
        if (own) transport.close();
      });
      if (own) started.endWhenRefused();
      started.open();
    });
  } catch (error) {
    if (own) transport.close();
    throw error;
  }
}

class Exchange implements Timed {
  deadline = Number.POSITIVE_INFINITY;
  readonly #clock: Clock;
  readonly #wheel: TimerWheel;
  readonly #timer: TimerEntry;
  readonly #times: Retransmission;
  readonly #roundTrip: RoundTrip;
  readonly #begun: number;
  #port: DatagramPort | undefined;
  #peer: Endpoint | undefined;
  #transfer: Outgoing | Incoming | undefined;
  #attempts = 0;
  #request: Uint8Array;
  #asked: ReadonlyMap<string, string>;
  /** Requests with options that were not refused for them. */
  #withOptions = 0;
  #settled = false;
  #released = false;
  #progressAt: number;
  #stopLooking: () => void = () => {};

  constructor(
    request: Uint8Array,
    readonly server: Endpoint,
    readonly subject: Omit<Subject, 'id' | 'peer' | 'local'>,
    readonly options: TransferOptions,
    readonly transport: Transport,
    readonly begin: Begin,
    readonly resolve: (record: TransferRecord) => void,
    readonly reject: (error: unknown) => void,
    readonly released: () => void,
  ) {
    this.#request = request;
    this.#asked = subject.asked;
    this.#clock = options.clock ?? systemClock;
    this.#wheel = new TimerWheel(this.#clock);
    this.#timer = this.#wheel.entry(this);
    this.#times = retransmissionOf(options.retransmission);
    this.#roundTrip = new RoundTrip(this.#times);
    this.#begun = this.#clock.now();
    this.#progressAt = this.#begun;
  }

  /** On real sockets: nobody waits for a port that is closed. */
  endWhenRefused(): void {
    const { address, port } = this.server;
    this.#stopLooking = onRefused(this.server, this.options.localAddress, () => {
      if (!this.#peer) this.#settle('failed', new TftpError('TFTP_UNREACHABLE', `Nobody listens on ${address} port ${port}`));
    });
  }

  open(): void {
    const { localAddress, signal } = this.options;
    const address = localAddress ?? (this.server.family === 'IPv6' ? '::' : '0.0.0.0');
    const local: Endpoint = { address, port: 0, family: this.server.family };
    const use = (port: DatagramPort): void => {
      this.#port = port;
      if (this.#settled) {
        this.#release();
        return;
      }
      this.#ask();
    };
    signal?.addEventListener('abort', this.#abort, { once: true });
    const opened = this.transport.open(local, this.server, (data, from) => this.#receive(data, from));
    if (opened instanceof Promise) opened.then(use, (error) => this.#settle('failed', error));
    else use(opened);
  }

  readonly #abort = (): void => {
    const error = new TftpError('TFTP_ABORTED', undefined, { cause: this.options.signal?.reason });
    if (this.#transfer) this.#transfer.fail(error, 'aborted');
    else this.#settle('aborted', error);
  };

  #ask(): void {
    if (this.#asked.size > 0) this.#withOptions += 1;
    this.#port!.send(this.#request, this.server);
    this.deadline = this.#clock.now() + this.#roundTrip.interval;
    this.#wheel.update(this.#timer);
  }

  expired(): void {
    if (this.#transfer || this.#settled) return;
    this.#attempts += 1;
    if (this.#clock.now() - this.#begun >= this.#times.giveUp || this.#attempts > this.#times.unconfirmed) {
      this.#settle('timeout', new TftpError('TFTP_TIMEOUT', `No answer from ${this.server.address} port ${this.server.port}`));
      return;
    }
    this.#roundTrip.backOff();
    this.#ask();
  }

  #receive(data: Uint8Array, from: Endpoint): void {
    if (this.#peer) {
      if (from.port !== this.#peer.port || from.address !== this.#peer.address) {
        this.#stranger(data, from);
        return;
      }
      this.#transfer?.receive(data);
      this.#progress();
      return;
    }
    if (this.#settled || from.address !== this.server.address) return;
    const packet = decodePacket(data);
    if (packet.type === 'malformed' || packet.type === 'rrq' || packet.type === 'wrq') return;
    this.#answered(packet, data, { address: from.address, port: from.port, family: from.family });
  }

  #answered(packet: Packet, data: Uint8Array, from: Endpoint): void {
    if (packet.type === 'error') {
      if (packet.code === ERROR_CODES.optionRefused && this.#withOptions > 0) {
        this.#withOptions -= 1;
        if (this.#asked.size > 0) this.#askWithoutOptions();
        return;
      }
      this.#peer = from;
      this.#settle('refused', errorFromPeer(packet.code, packet.message));
      return;
    }
    const reading = this.subject.type === 'read';
    const plain = reading ? packet.type === 'data' && packet.block === 1 : packet.type === 'ack' && packet.block === 0;
    // An OACK that names no option answers nothing that was asked.
    if (!plain && !(packet.type === 'oack' && packet.options.length > 0)) return;
    this.#peer = from;
    this.#stopLooking();
    this.deadline = Number.POSITIVE_INFINITY;
    this.#wheel.remove(this.#timer);
    try {
      const accepted = acceptOack(this.#asked, packet.type === 'oack' ? packet.options : []);
      const answer: Answer = { agreement: accepted, size: accepted.size, data: packet.type === 'data' ? data : undefined };
      this.#transfer = this.begin(answer, {
        port: this.#port!,
        peer: from,
        times: this.#times,
        wheel: this.#wheel,
        clock: this.#clock,
        onEnd: (outcome, error) => this.#settle(outcome, error),
        release: () => this.#release(),
      });
      if (answer.data) this.#transfer.receive(answer.data);
      else this.#transfer.start();
    } catch (error) {
      const wireCode = error instanceof TftpError ? error.wireCode : ERROR_CODES.undefined;
      this.#port!.send(encodeError(wireCode, (error as Error).message), from);
      this.#settle('failed', error);
    }
  }

  /** RFC 2347: the server does not take the options. It may send the file without them. */
  #askWithoutOptions(): void {
    const { type, filename, mode } = this.subject;
    this.#asked = new Map();
    this.#request = encodeRequest(type === 'read' ? 'rrq' : 'wrq', filename, mode, []);
    this.#attempts = 0;
    this.#ask();
  }

  /** RFC 1350 section 4. Nothing is said to the server's own port: it may have answered the same request twice. */
  #stranger(data: Uint8Array, from: Endpoint): void {
    const isError = data.length < 2 || (data[0] === 0 && data[1] === 5);
    if (!isError) this.#port?.send(encodeError(ERROR_CODES.unknownTid, 'Unknown transfer ID'), from);
  }

  #record(outcome?: Outcome, error?: TftpError): TransferRecord {
    const subject: Subject = { id: 1, ...this.subject, peer: this.#peer ?? this.server, local: this.#port?.local ?? this.server };
    return recordOf(subject, this.#transfer?.figures ?? NOTHING, this.#clock.now() - this.#begun, outcome, error);
  }

  #progress(): void {
    const { onProgress, progressInterval = 200 } = this.options;
    if (!onProgress || this.#settled) return;
    const now = this.#clock.now();
    if (now - this.#progressAt < progressInterval) return;
    this.#progressAt = now;
    onProgress(this.#record());
  }

  #settle(outcome: Outcome, error?: unknown): void {
    if (this.#settled) return;
    this.#settled = true;
    this.#stopLooking();
    this.options.signal?.removeEventListener('abort', this.#abort);
    if (outcome === 'complete' || outcome === 'unconfirmed') {
      const record = this.#record(outcome);
      this.options.onProgress?.(record);
      this.#wheel.unref();
      this.#port?.unref?.();
      this.resolve(record);
    } else {
      this.reject(error);
    }
    // A transfer that received its last block stays a while for a peer that missed the last ACK.
    if (!(outcome === 'complete' && this.subject.type === 'read')) this.#release();
  }

  #release(): void {
    if (this.#released || !this.#port) return;
    this.#released = true;
    this.#wheel.remove(this.#timer);
    this.#port.close();
    this.released();
  }
}
