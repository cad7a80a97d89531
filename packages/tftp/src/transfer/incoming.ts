import { errorFromPeer, TftpError, toTftpError } from '../error.js';
import type { Agreement } from '../negotiate.js';
import { NetasciiDecoder } from '../netascii.js';
import { encodeAck, encodeError, OPCODES } from '../packet.js';
import { RECEIVE, Receiver } from '../receiver.js';
import type { Retransmission } from '../round-trip.js';
import type { Timed, TimerEntry, TimerWheel } from '../timer-wheel.js';
import type { Clock, DatagramPort, Endpoint, Outcome, TransferMode, UploadSink } from '../types.js';
import type { Figures } from './tally.js';

export interface IncomingOptions {
  readonly port: DatagramPort;
  readonly peer: Endpoint;
  readonly sink: UploadSink;
  readonly agreement: Agreement;
  readonly times: Retransmission;
  readonly mode: TransferMode;
  /** What is sent until DATA 1 comes: OACK, ACK 0, or the request of a client. */
  readonly opening: Uint8Array;
  /** The size announced by the peer, in bytes of the wire. */
  readonly announced: number | undefined;
  readonly maxBytes: number;
  readonly sizeMismatch: 'note' | 'reject';
  /** The peer has answered already. Default false. */
  readonly confirmed?: boolean;
  readonly wheel: TimerWheel;
  readonly clock: Clock;
  readonly mayRepeat?: () => boolean;
  readonly onConfirmed?: () => void;
  /** The transfer is over for its caller. With `complete` the port stays open until `onReleased`. */
  readonly onEnd: (outcome: Outcome, error?: TftpError) => void;
  /** Nothing is sent or expected any more. */
  readonly onReleased: () => void;
}

/** The receiving side of one transfer on its port: joins the `Receiver` machine to a sink, a port and a timer. */
export class Incoming implements Timed {
  readonly #options: IncomingOptions;
  readonly #receiver: Receiver;
  readonly #timer: TimerEntry;
  readonly #netascii: NetasciiDecoder | undefined;
  #bytes = 0;
  #mismatch = false;
  /** Writes that are not done; the ACK waits for them. */
  #writing: Promise<void> | undefined;
  #ackDue = false;
  #ended = false;
  #released = false;

  constructor(options: IncomingOptions) {
    this.#options = options;
    const { blockSize, windowSize, rollover, cap } = options.agreement;
    this.#receiver = new Receiver({ blockSize, windowSize, rollover, times: options.times, cap, confirmed: options.confirmed });
    this.#timer = options.wheel.entry(this);
    this.#netascii = options.mode === 'netascii' ? new NetasciiDecoder() : undefined;
  }

  start(): void {
    this.#do(this.#receiver.start(this.#options.clock.now()), undefined);
  }

  get deadline(): number {
    // A slow disk is not a silent peer.
    return this.#writing ? Number.POSITIVE_INFINITY : this.#receiver.deadline;
  }

  get confirmed(): boolean {
    return this.#receiver.confirmed;
  }

  get figures(): Figures {
    const { agreement, announced } = this.#options;
    const { received, duplicates } = this.#receiver;
    return { agreement, size: announced, bytes: this.#bytes, blocks: received, retransmissions: duplicates, sizeMismatch: this.#mismatch };
  }

  receive(data: Uint8Array): void {
    if (this.#released || data.length < 4 || data[0] !== 0) return;
    const number = (data[2]! << 8) | data[3]!;
    if (data[1] === OPCODES.data) {
      const confirmed = this.#receiver.confirmed;
      this.#do(this.#receiver.data(number, data.length - 4, this.#options.clock.now()), data);
      if (!confirmed) this.#options.onConfirmed?.();
    } else if (data[1] === OPCODES.error && !this.#ended) {
      const end = data.indexOf(0, 4);
      const message = Buffer.from(data.subarray(4, end === -1 ? Math.min(data.length, 132) : end)).toString('latin1');
      this.#end('aborted', errorFromPeer(number, message));
    }
  }

  /** The peer repeats its request: it has not had the first answer. */
  repeatOpening(): void {
    if (this.#ended || this.#receiver.confirmed) return;
    this.#receiver.repeated();
    this.#options.port.send(this.#options.opening, this.#options.peer);
  }

  expired(now: number): void {
    if (this.#released || this.deadline > now) return;
    const actions = this.#receiver.timeout(now);
    if (!this.#receiver.confirmed && actions !== RECEIVE.giveUp && this.#options.mayRepeat?.() === false) return;
    this.#do(actions, undefined);
  }

  #do(actions: number, data: Uint8Array | undefined): void {
    const { port, peer, wheel, opening } = this.#options;
    if (actions & RECEIVE.opening) port.send(opening, peer);
    if (actions & RECEIVE.giveUp) {
      this.fail(new TftpError('TFTP_TIMEOUT'), 'timeout');
      return;
    }
    if (actions & RECEIVE.done) {
      this.#release();
      return;
    }
    if (actions & RECEIVE.illegal) {
      this.fail(new TftpError('TFTP_ILLEGAL_OPERATION', 'Block is longer than agreed'));
      return;
    }
    if (actions & RECEIVE.accept) this.#accept(data!.subarray(4), (actions & RECEIVE.final) !== 0);
    if (this.#released) return;
    if (actions & RECEIVE.ack && !(actions & RECEIVE.final)) {
      if (this.#writing) this.#ackDue = true;
      else this.#acknowledge();
    }
    wheel.update(this.#timer);
  }

  #acknowledge(): void {
    this.#ackDue = false;
    this.#options.port.send(encodeAck(this.#receiver.acknowledged), this.#options.peer);
    this.#receiver.acked(this.#options.clock.now());
  }

  #accept(payload: Uint8Array, final: boolean): void {
    this.#bytes += payload.length;
    if (this.#bytes > this.#options.maxBytes) {
      this.fail(new TftpError('TFTP_DISK_FULL', 'File is too large'));
      return;
    }
    try {
      const bytes = this.#netascii ? this.#netascii.decode(payload) : payload;
      if (this.#writing) this.#later(bytes.slice());
      else if (bytes.length > 0) this.#await(this.#options.sink.write(bytes));
      if (final) this.#finish();
    } catch (error) {
      this.fail(toTftpError(error));
    }
  }

  /** Writes after the writes that are not done. */
  #later(bytes: Uint8Array): void {
    const before = this.#writing!;
    this.#await(before.then(() => (this.#ended ? undefined : this.#options.sink.write(bytes))));
  }

  #await(write: void | Promise<void>): void {
    if (!(write instanceof Promise)) return;
    this.#writing = write;
    write.then(
      () => {
        if (this.#writing !== write) return;
        this.#writing = undefined;
        if (this.#ended) return;
        if (this.#ackDue) this.#acknowledge();
        this.#options.wheel.update(this.#timer);
      },
      (error) => this.fail(toTftpError(error)),
    );
  }

  #finish(): void {
    const { sink, announced, sizeMismatch } = this.#options;
    this.#mismatch = announced !== undefined && announced !== this.#bytes;
    if (this.#mismatch && sizeMismatch === 'reject') {
      this.fail(new TftpError('TFTP_SIZE_MISMATCH'));
      return;
    }
    const rest = this.#netascii?.end();
    if (rest && rest.length > 0) {
      if (this.#writing) this.#later(rest);
      else this.#await(sink.write(rest));
    }
    const commit = this.#writing ? this.#writing.then(() => (this.#ended ? undefined : sink.commit())) : sink.commit();
    if (commit instanceof Promise) {
      this.#writing = commit;
      commit.then(
        () => this.#committed(),
        (error) => this.fail(toTftpError(error)),
      );
    } else {
      this.#committed();
    }
  }

  /** The file is safe: now the last block may be acknowledged. */
  #committed(): void {
    this.#writing = undefined;
    if (this.#ended) return;
    this.#ended = true;
    this.#acknowledge();
    this.#receiver.finished(this.#options.clock.now());
    this.#options.wheel.update(this.#timer);
    this.#options.onEnd('complete');
  }

  fail(error: TftpError, outcome: Outcome = 'failed'): void {
    if (this.#ended) return;
    this.#options.port.send(encodeError(error.wireCode, error.message), this.#options.peer);
    this.#end(outcome, error);
  }

  /** Ends the transfer, or its last wait, without a word. */
  drop(outcome: Outcome): void {
    if (this.#ended) this.#release();
    else this.#end(outcome, new TftpError('TFTP_ABORTED'));
  }

  #end(outcome: Outcome, error: TftpError): void {
    if (this.#ended) return;
    this.#ended = true;
    void (async () => {
      try {
        await this.#writing;
      } catch {
        // The failure of the write is the reason that is being reported.
      }
      try {
        await this.#options.sink.abort(error);
      } catch {
        // Nothing more can be done for the sink.
      }
    })();
    this.#options.onEnd(outcome, error);
    this.#release();
  }

  #release(): void {
    if (this.#released) return;
    this.#released = true;
    this.#options.wheel.remove(this.#timer);
    this.#options.onReleased();
  }
}
