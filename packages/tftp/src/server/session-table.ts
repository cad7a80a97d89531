import type { Endpoint } from '../types.js';
import type { Session } from './session.js';

const SLOTS = 4096;

function slotOf({ address, port }: Endpoint): number {
  let hash = port;
  for (let at = 0; at < address.length; at += 1) hash = (Math.imul(hash, 31) + address.charCodeAt(at)) | 0;
  return (hash ^ (hash >>> 12)) & (SLOTS - 1);
}

/**
 * One session per peer and listening port, linked through `Session.chained`. A `Map` whose entries come and go so fast is
 * copied all the time, and the copies left behind keep finished sessions from being collected as young objects.
 */
export class SessionTable {
  readonly #slots: (Session | undefined)[] = new Array(SLOTS).fill(undefined);

  /** The session of this peer on the listening address. */
  get(peer: Endpoint, listener: string): Session | undefined {
    let session = this.#slots[slotOf(peer)];
    while (session && !belongs(session, peer, listener)) session = session.chained;
    return session;
  }

  /** Puts the session in, in place of the one that its peer had. */
  set(session: Session): void {
    const { peer } = session.request;
    const known = this.get(peer, session.listener.local.address);
    if (known) this.delete(known);
    const slot = slotOf(peer);
    session.chained = this.#slots[slot];
    this.#slots[slot] = session;
  }

  /** Takes exactly this session out; false when it is not in the table. */
  delete(session: Session): boolean {
    const slot = slotOf(session.request.peer);
    let before: Session | undefined;
    let at = this.#slots[slot];
    while (at && at !== session) {
      before = at;
      at = at.chained;
    }
    if (!at) return false;
    if (before) before.chained = session.chained;
    else this.#slots[slot] = session.chained;
    session.chained = undefined;
    return true;
  }
}

function belongs({ request: { peer }, listener }: Session, { address, port }: Endpoint, local: string): boolean {
  return peer.port === port && peer.address === address && listener.local.address === local;
}
