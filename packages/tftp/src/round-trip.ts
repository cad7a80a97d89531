import type { RetransmissionOptions } from './types.js';

const RETRANSMISSION_DEFAULTS = { initial: 1000, min: 3, max: 8000, giveUp: 30_000, unconfirmed: 3 } as const;

/**
 * After the first retransmission the next one waits at least twice this, and doubles, in ms: a ROM that pauses between
 * its packets is not sent one copy after another, and yet a link that loses 8 % does not stand still for long.
 */
const LEAST_AFTER_SILENCE = 25;

/** `RetransmissionOptions` with every value filled in. */
export type Retransmission = Required<RetransmissionOptions>;

export function retransmissionOf(options: RetransmissionOptions | undefined): Retransmission {
  return { ...RETRANSMISSION_DEFAULTS, ...options };
}

/** Until a round trip is measured again the interval stays doubled so far (Karn's rule): a peer that became slow is noticed. */
const MOST_KEPT = 2;

/** The retransmission interval: round trips measured and smoothed as in RFC 6298, doubled while nothing comes back. */
export class RoundTrip {
  /** Smoothed round trip in ms; -1 before the first sample. */
  smoothed = -1;
  /** The shortest round trip seen in ms: nothing can answer sooner. */
  shortest = 0;
  #variation = 0;
  /** The interval is at least so long, in ms. */
  #least: number;
  #backoff = 1;
  #silent = false;
  readonly #min: number;
  readonly #max: number;

  /** @param cap the longest interval, when the peer negotiated one */
  constructor(times: Retransmission, cap = Number.POSITIVE_INFINITY) {
    this.#max = Math.min(times.max, cap);
    this.#min = Math.min(times.min, this.#max);
    this.#least = Math.min(times.initial, this.#max);
  }

  sample(roundTrip: number): void {
    // Twice as quick as ever before: what was measured until now was no round trip alone, but a wait for what the peer repeats
    // when its ACK was lost, or for a peer that was busy. An average would take dozens of packets to forget it.
    const isFirst = this.smoothed < 0 || roundTrip < this.shortest / 2;
    if (isFirst || roundTrip < this.shortest) this.shortest = roundTrip;
    if (isFirst) {
      this.smoothed = roundTrip;
      this.#variation = roundTrip / 2;
    } else {
      this.#variation += (Math.abs(roundTrip - this.smoothed) - this.#variation) / 4;
      this.smoothed += (roundTrip - this.smoothed) / 8;
    }
    this.progress();
    this.#backoff = 1;
  }

  /**
   * Something arrived that answers nothing measured: the peer lives.
   *
   * @param sinceResend ms since what it answers was sent again. Where that is long the peer may have become slow, or a loss
   *   may have kept it waiting: it is believed a little each time.
   */
  progress(sinceResend = 0): void {
    const believed = Math.max(this.#min, this.smoothed + 4 * this.#variation);
    if (this.smoothed >= 0 && sinceResend > believed) {
      this.sample(Math.min(sinceResend, 2 * believed));
      return;
    }
    // The first round trips say little of a peer that may soon be busy: each answer halves what is waited at least.
    this.#least = Math.max(this.#min, this.#least / 2);
    this.#silent = false;
    this.#backoff = this.smoothed < 0 ? 1 : Math.min(this.#backoff, MOST_KEPT);
  }

  backOff(): void {
    this.#backoff *= 2;
    this.#silent = true;
  }

  /** The time to wait before a retransmission, in ms. */
  get interval(): number {
    const estimate = this.smoothed < 0 ? this.#least : this.smoothed + 4 * this.#variation;
    const least = this.#silent ? Math.max(this.#min, LEAST_AFTER_SILENCE) : this.#min;
    return Math.min(this.#max, Math.max(this.#least, Math.max(least, estimate) * this.#backoff));
  }
}
