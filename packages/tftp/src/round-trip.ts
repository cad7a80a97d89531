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

/** The retransmission interval: round trips measured and smoothed as in RFC 6298, doubled while nothing comes back. */
export class RoundTrip {
  /** Smoothed round trip in ms; -1 before the first sample. */
  smoothed = -1;
  #variation = 0;
  /** The interval is at least so long, in ms. */
  #least: number;
  #backoff = 1;
  readonly #min: number;
  readonly #max: number;
  readonly #initial: number;

  /** @param cap the longest interval, when the peer negotiated one */
  constructor(times: Retransmission, cap = Number.POSITIVE_INFINITY) {
    this.#max = Math.min(times.max, cap);
    this.#min = Math.min(times.min, this.#max);
    this.#initial = Math.min(times.initial, this.#max);
    this.#least = this.#initial;
  }

  sample(roundTrip: number): void {
    if (this.smoothed < 0) {
      this.smoothed = roundTrip;
      this.#variation = roundTrip / 2;
    } else {
      this.#variation += (Math.abs(roundTrip - this.smoothed) - this.#variation) / 4;
      this.smoothed += (roundTrip - this.smoothed) / 8;
    }
    this.progress();
  }

  /** Something arrived that answers nothing measured: the peer lives. */
  progress(): void {
    // The first round trips say little of a peer that may soon be busy: each answer halves what is waited at least.
    this.#least = Math.max(this.#min, this.#least / 2);
    this.#backoff = 1;
  }

  backOff(): void {
    this.#backoff *= 2;
  }

  /** The time to wait before a retransmission, in ms. */
  get interval(): number {
    const base = this.smoothed < 0 ? this.#initial : Math.max(this.#least, this.smoothed + 4 * this.#variation);
    const interval = this.#backoff === 1 ? base : Math.max(base, LEAST_AFTER_SILENCE) * this.#backoff;
    return Math.min(interval, this.#max);
  }
}
