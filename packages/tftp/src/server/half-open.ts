import type { Clock } from '../types.js';
import type { Session } from './session.js';

/** A client address with more transfers that it never answered than this gets each first answer only once. */
const REPEATED = 64;

/** Transfers that were answered, but whose peer has not proved yet that it sent the request: their number by address. */
export class HalfOpen {
  readonly #counts = new Map<string, number>();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The first answer leaves now. */
  opened(session: Session): void {
    session.halfOpen = true;
    session.answeredAt = this.#clock.now();
    const { address } = session.request.peer;
    this.#counts.set(address, (this.#counts.get(address) ?? 0) + 1);
  }

  /** The peer answered, or the session ended. */
  closed(session: Session): void {
    if (!session.halfOpen) return;
    session.halfOpen = false;
    const { address } = session.request.peer;
    const left = (this.#counts.get(address) ?? 1) - 1;
    if (left === 0) this.#counts.delete(address);
    else this.#counts.set(address, left);
  }

  /** Whether the first answer may be repeated: the address may be a victim's. */
  mayRepeat(address: string): boolean {
    return (this.#counts.get(address) ?? 0) <= REPEATED;
  }
}
