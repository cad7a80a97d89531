import type { Session } from './session.js';

/** Sessions in the order of their beginning, linked through `Session.older` and `Session.younger`. */
export class SessionList {
  size = 0;
  #oldest: Session | undefined;
  #youngest: Session | undefined;

  add(session: Session): void {
    session.older = this.#youngest;
    if (this.#youngest) this.#youngest.younger = session;
    else this.#oldest = session;
    this.#youngest = session;
    session.listed = true;
    this.size += 1;
  }

  /** False when it is not in the list. */
  delete(session: Session): boolean {
    if (!session.listed) return false;
    const { older, younger } = session;
    if (older) older.younger = younger;
    else this.#oldest = younger;
    if (younger) younger.older = older;
    else this.#youngest = older;
    session.older = undefined;
    session.younger = undefined;
    session.listed = false;
    this.size -= 1;
    return true;
  }

  /** The oldest first. The session that was given last may be deleted on the way. */
  *[Symbol.iterator](): Generator<Session> {
    let session = this.#oldest;
    while (session) {
      const { younger } = session;
      yield session;
      session = younger;
    }
  }
}
