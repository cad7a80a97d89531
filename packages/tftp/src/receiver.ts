import { distanceAhead, type Rollover, wireNumber } from './block-number.js';
import { type Retransmission, RoundTrip } from './round-trip.js';

/** What the caller of a `Receiver` has to do now; several may be set. */
export const RECEIVE = {
  nothing: 0,
  /** Take the payload. */
  accept: 1,
  /** Send an ACK for `acknowledged`, after everything taken so far is safe. */
  ack: 2,
  /** The payload was the last one: make it durable, send the ACK, then call `finished`. */
  final: 4,
  /** Send the packet again that opened the transfer (the request, OACK or ACK 0). */
  opening: 8,
  /** The peer is silent: stop. */
  giveUp: 16,
  /** The peer must have had the last ACK: release everything. */
  done: 32,
  /** The payload is longer than a block: ERROR 4. */
  illegal: 64,
} as const;

export interface ReceiverOptions {
  readonly blockSize: number;
  readonly windowSize: number;
  readonly rollover: Rollover;
  readonly times: Retransmission;
  /** The longest retransmission interval in ms, when the peer negotiated one. */
  readonly cap?: number;
  /** The peer answered before the transfer began, as a server has with its OACK. Default false. */
  readonly confirmed?: boolean;
}

/** A receiver that sends an ACK too early makes a sender repeat whole windows; its interval is never shorter than this. */
const MIN_INTERVAL = 50;
/** RFC 1350 section 6: wait before the end, the peer may not have had the last ACK. */
const MIN_DALLY = 3000;

/**
 * The receiving side of a transfer: (event, time) to a set of actions. Blocks are taken in order only; RFC 7440 section 4:
 * a gap is answered once with the ACK of the last block in order, and the window starts again there.
 */
export class Receiver {
  /** The last block taken in order. */
  received = 0;
  deadline = Number.POSITIVE_INFINITY;
  /** Blocks that arrived more than once. */
  duplicates = 0;
  confirmed: boolean;
  readonly roundTrip: RoundTrip;
  readonly blockSize: number;
  readonly windowSize: number;
  readonly #rollover: Rollover;
  readonly #times: Retransmission;
  #sinceAck = 0;
  #gapReported = false;
  #complete = false;
  #finishedAt = Number.NaN;
  #attempts = 0;
  #progressAt = 0;
  #ackedAt = -1;

  constructor({ blockSize, windowSize, rollover, times, cap, confirmed = false }: ReceiverOptions) {
    this.confirmed = confirmed;
    this.blockSize = blockSize;
    this.windowSize = windowSize;
    this.#rollover = rollover;
    this.#times = times;
    this.roundTrip = new RoundTrip({ ...times, min: Math.max(times.min, MIN_INTERVAL) }, cap);
  }

  /** The wire number for the ACK. */
  get acknowledged(): number {
    return wireNumber(this.received, this.#rollover);
  }

  start(now: number): number {
    this.#progressAt = now;
    this.#arm(now);
    this.#ackedAt = now;
    return RECEIVE.opening;
  }

  #arm(now: number): void {
    this.deadline = now + this.roundTrip.interval;
  }

  /** An ACK left at this time. */
  acked(now: number): void {
    this.#sinceAck = 0;
    if (this.#ackedAt < 0) this.#ackedAt = now;
    if (!this.#complete) this.#arm(now);
  }

  /** The first answer was repeated because the peer asked again: which copy it will answer can not be told. */
  repeated(): void {
    this.#ackedAt = -1;
  }

  /** DATA with this wire number and payload length arrived. */
  data(wire: number, length: number, now: number): number {
    this.confirmed = true;
    const ahead = distanceAhead(wire, this.received, this.#rollover);
    if (ahead === 1 && !this.#complete) return this.#next(length, now);
    if (ahead === 0 && this.received > 0) return this.#repeated();
    if (ahead > 1 && ahead <= this.windowSize && !this.#complete) return this.#gap();
    this.duplicates += ahead === 0 || ahead > 0x7fff ? 1 : 0;
    return RECEIVE.nothing;
  }

  #next(length: number, now: number): number {
    if (length > this.blockSize) return RECEIVE.illegal;
    this.received += 1;
    this.#sinceAck += 1;
    this.#gapReported = false;
    this.#attempts = 0;
    this.#progressAt = now;
    if (this.#ackedAt >= 0) {
      this.roundTrip.sample(now - this.#ackedAt);
      this.#ackedAt = -1;
    } else {
      this.roundTrip.progress();
    }
    if (length < this.blockSize) {
      this.#complete = true;
      this.deadline = Number.POSITIVE_INFINITY;
      return RECEIVE.accept | RECEIVE.ack | RECEIVE.final;
    }
    this.#arm(now);
    return this.#sinceAck >= this.windowSize ? RECEIVE.accept | RECEIVE.ack : RECEIVE.accept;
  }

  /** The last block came again: the peer has not had its ACK. In the middle of a window it says nothing. */
  #repeated(): number {
    this.duplicates += 1;
    if (this.#complete) return Number.isNaN(this.#finishedAt) ? RECEIVE.nothing : RECEIVE.ack;
    return this.#sinceAck === 0 ? RECEIVE.ack : RECEIVE.nothing;
  }

  #gap(): number {
    if (this.windowSize === 1 || this.#gapReported) return RECEIVE.nothing;
    this.#gapReported = true;
    return RECEIVE.ack;
  }

  /** The last ACK left: dally for peers that did not get it. */
  finished(now: number): void {
    this.#finishedAt = now;
    this.deadline = now + Math.max(2 * this.roundTrip.interval, MIN_DALLY);
  }

  timeout(now: number): number {
    if (now < this.deadline) return RECEIVE.nothing;
    if (!Number.isNaN(this.#finishedAt)) {
      this.deadline = Number.POSITIVE_INFINITY;
      return RECEIVE.done;
    }
    this.#attempts += 1;
    const silent = now - this.#progressAt >= this.#times.giveUp || (!this.confirmed && this.#attempts > this.#times.unconfirmed);
    if (silent) {
      this.deadline = Number.POSITIVE_INFINITY;
      return RECEIVE.giveUp;
    }
    this.roundTrip.backOff();
    this.#ackedAt = -1;
    this.#arm(now);
    return this.received === 0 ? RECEIVE.opening : RECEIVE.ack;
  }
}
