import { distanceAhead, type Rollover } from './block-number.js';
import { type Retransmission, RoundTrip } from './round-trip.js';

/** What the caller of a `Sender` has to do now. */
export const SEND = {
  /** Nothing. */
  nothing: 0,
  /** Send the blocks from `next` up to, not including, `limit`, and report them with `sent`. */
  blocks: 1,
  /** Send the packet again that opened the transfer (OACK, or the request). */
  opening: 2,
  /** Everything is acknowledged. */
  done: 3,
  /** The peer is silent: stop. */
  giveUp: 4,
} as const;

export type SendAction = (typeof SEND)[keyof typeof SEND];

export interface SenderOptions {
  readonly windowSize: number;
  readonly rollover: Rollover;
  readonly times: Retransmission;
  /** The longest retransmission interval in ms, when the peer negotiated one. */
  readonly cap?: number;
  /** Whether block 0 (the OACK or the request) must be acknowledged before DATA 1. */
  readonly opening: boolean;
  /** The peer answered before the transfer began, as a server has when a client starts to send. Default false. */
  readonly confirmed?: boolean;
}

/**
 * The sending side of a transfer: (event, time) to an action. It touches no socket, no timer and no data, and allocates
 * nothing per packet: the shell sends what `next` and `limit` say and calls back.
 *
 * RFC 1350, RFC 1123 section 4.2.3.1 (a repeated ACK never makes a lock-step sender repeat DATA), RFC 7440.
 */
export class Sender {
  /** The first block that is not acknowledged. */
  base: number;
  /** The next block to send. */
  next = 1;
  /** One past the highest block ever sent. */
  high = 1;
  /** The number of the last block; Infinity until it is known. */
  last = Number.POSITIVE_INFINITY;
  /** When `timeout` must be called; Infinity when nothing is in flight. */
  deadline = Number.POSITIVE_INFINITY;
  /** Blocks sent again. */
  retransmissions = 0;
  /** Whether the peer has answered at all. */
  confirmed: boolean;
  readonly roundTrip: RoundTrip;
  readonly #window: number;
  readonly #rollover: Rollover;
  readonly #times: Retransmission;
  #opening: boolean;
  #openingRepeated = false;
  #attempts = 0;
  #progressAt = 0;
  /** The first block of the burst that is being timed; -1: none. */
  #timedBlock = -1;
  #timedAt = 0;
  /** Blocks below this one were sent again after a silence: which copy an ACK answers can not be told. */
  #ambiguousBelow = 0;
  #resentAt = Number.NEGATIVE_INFINITY;
  /** Blocks of the flight that is out were sent again. */
  #resentFlight = false;
  #smallSteps = 0;
  /** Blocks sent beyond the window. */
  #beyond = 0;

  constructor({ windowSize, rollover, times, cap, opening, confirmed = false }: SenderOptions) {
    this.confirmed = confirmed;
    this.#window = windowSize;
    this.#rollover = rollover;
    this.#times = times;
    this.#opening = opening;
    this.base = opening ? 0 : 1;
    this.roundTrip = new RoundTrip(times, cap);
  }

  /** One past the last block that may be sent now. */
  get limit(): number {
    return this.#opening ? 1 : Math.min(this.base + this.#window + this.#beyond, this.last + 1);
  }

  start(now: number): SendAction {
    this.#progressAt = now;
    return this.#opening ? this.#open(now) : SEND.blocks;
  }

  /** The opening packet leaves now. */
  #open(now: number): SendAction {
    this.#timedAt = now;
    this.deadline = now + this.roundTrip.interval;
    return SEND.opening;
  }

  /** The first answer was repeated because the peer asked again: which copy it will answer can not be told. */
  repeated(): void {
    this.#openingRepeated = true;
    this.#timedBlock = -1;
  }

  /** Blocks `next` to `until` (not included) left at this time. */
  sent(until: number, now: number): void {
    if (this.high === this.base) this.#progressAt = now;
    if (this.next < this.high) this.retransmissions += Math.min(until, this.high) - this.next;
    if (this.#timedBlock < 0 && until > this.#ambiguousBelow) {
      this.#timedBlock = Math.max(this.next, this.#ambiguousBelow);
      this.#timedAt = now;
    }
    this.next = until;
    if (until > this.high) this.high = until;
    this.deadline = now + this.roundTrip.interval;
  }

  /** An ACK with this wire number arrived. */
  ack(wire: number, now: number): SendAction {
    if (this.#opening) return this.#openingAcknowledged(wire, now);
    const known = this.base - 1;
    const ahead = distanceAhead(wire, known, this.#rollover);
    if (ahead === 0) return this.#repeated(now);
    const block = known + ahead;
    if (block >= this.high) return SEND.nothing;
    this.confirmed = true;
    this.#attempts = 0;
    this.#beyond = 0;
    this.#progressAt = now;
    this.#measure(block, now);
    const step = block + 1 - this.base;
    this.base = block + 1;
    if (block === this.last) {
      this.deadline = Number.POSITIVE_INFINITY;
      return SEND.done;
    }
    if (this.next < this.base) this.next = this.base;
    if (this.base < this.high) return this.#partial(step, now);
    this.#resentFlight = false;
    this.#smallSteps = 0;
    this.deadline = Number.POSITIVE_INFINITY;
    return SEND.blocks;
  }

  #measure(block: number, now: number): void {
    const trip = now - this.#timedAt;
    const timed = this.#timedBlock >= 0 && block >= this.#timedBlock;
    // What answers a resend sooner than the peer can was on its way before.
    if (timed && !(this.#resentFlight && trip < this.roundTrip.shortest / 2)) this.roundTrip.sample(trip);
    else this.roundTrip.progress(block < this.#ambiguousBelow ? now - this.#resentAt : 0);
    if (timed) this.#timedBlock = -1;
  }

  #openingAcknowledged(wire: number, now: number): SendAction {
    if (wire !== 0) return SEND.nothing;
    // Counted from the last copy: too short where an earlier one was meant, which the next round trips put right.
    if (this.#openingRepeated) this.roundTrip.progress();
    else this.roundTrip.sample(now - this.#timedAt);
    this.#opening = false;
    this.confirmed = true;
    this.#attempts = 0;
    this.#progressAt = now;
    this.base = 1;
    this.deadline = Number.POSITIVE_INFINITY;
    return SEND.blocks;
  }

  /** The ACK of the block before the window came again: with windows it says that the first block was lost. */
  #repeated(now: number): SendAction {
    this.confirmed = true;
    if (this.#window === 1 || this.base >= this.high || this.#recently(now)) return SEND.nothing;
    return this.#goBack(now);
  }

  /**
   * An ACK inside the window. RFC 7440 section 4: the receiver missed the next block, the window starts again there. Some
   * clients acknowledge every block whatever was agreed; their ACKs follow each other in steps of one without a resend.
   */
  #partial(step: number, now: number): SendAction {
    this.deadline = now + this.roundTrip.interval;
    if (this.#resentFlight && now - this.#resentAt < this.roundTrip.shortest * (step === 1 ? 2 : 0.5)) {
      // It is not about what was sent again.
      this.#smallSteps += 1;
      return SEND.blocks;
    }
    return this.#smallSteps >= 2 ? SEND.blocks : this.#goBack(now);
  }

  /**
   * Whether the window was sent again lately. Longer than a round trip, and not only in this flight: a peer repeats its ACK
   * for every block that comes twice, and must not get the window again for that.
   */
  #recently(now: number): boolean {
    return now - this.#resentAt < Math.max(this.roundTrip.smoothed, this.roundTrip.interval / 2);
  }

  #goBack(now: number): SendAction {
    this.#resentAt = now;
    this.#resentFlight = true;
    this.#timedBlock = -1;
    this.next = this.base;
    return SEND.blocks;
  }

  /** The deadline passed. */
  timeout(now: number): SendAction {
    if (now < this.deadline) return SEND.nothing;
    this.#attempts += 1;
    const silent = this.confirmed ? now - this.#progressAt >= this.#times.giveUp : this.#attempts > this.#times.unconfirmed;
    if (silent) {
      this.deadline = Number.POSITIVE_INFINITY;
      return SEND.giveUp;
    }
    this.roundTrip.backOff();
    if (this.#opening) return this.#open(now);
    this.#ambiguousBelow = this.high;
    // U-Boot says once that it has a window already, then nothing for 5 s: only blocks that it does not know make it talk.
    if (this.#window > 1) this.#beyond = Math.min(Math.max(0, this.#attempts - 2), this.#window);
    return this.#goBack(now);
  }

  /** Everything was sent and only the last ACK is missing. */
  get onlyLastAckMissing(): boolean {
    return this.high === this.last + 1;
  }
}
