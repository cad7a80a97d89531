import { setImmediate } from 'node:timers/promises';
import { TftpError, toTftpError } from '../error.js';
import { encodeError, type RequestPacket } from '../packet.js';
import type { Timed } from '../timer-wheel.js';
import type { DatagramPort, Endpoint, Outcome, TransferRecord } from '../types.js';
import { Admission } from './admission.js';
import type { Context } from './context.js';
import { HalfOpen } from './half-open.js';
import type { Reports } from './reports.js';
import { ServerRequest } from './request.js';
import { Session } from './session.js';
import { SessionList } from './session-list.js';
import { SessionTable } from './session-table.js';

/** When all places are taken, a transfer that was not answered for so long (ms) gives its place to a new one. */
const UNANSWERED = 2000;
/** So often (ms) such transfers are looked for. */
const ROOM_INTERVAL = 100;
/** Turns of the event loop: what came in before the end of the first is found in the second, and read at the end of it. */
const TURNS_TO_READ = 3;

/** The life of every session: accepted, admitted, under way, ended, released. */
export class Sessions {
  readonly #context: Context;
  readonly #reports: Reports;
  readonly #begin: (session: Session) => void;
  readonly #admission: Admission<Session>;
  readonly #table = new SessionTable();
  /** Uploads in single-port mode whose last ACK may have been lost. */
  readonly #dallying = new SessionTable();
  /** Every session that holds a port or a timer. */
  readonly #live = new SessionList();
  readonly #halfOpen: HalfOpen;
  #roomMadeAt = Number.NEGATIVE_INFINITY;
  #onEmpty: (() => void) | undefined;

  /** @param begin starts the transfer of a session whose turn has come; what it throws refuses the request */
  constructor(context: Context, reports: Reports, begin: (session: Session) => void) {
    const { limits, clock } = context;
    this.#context = context;
    this.#reports = reports;
    this.#begin = begin;
    this.#admission = new Admission(limits.transfers, limits.transfersPerClient, limits.queue);
    this.#halfOpen = new HalfOpen(clock);
  }

  get running(): number {
    return this.#admission.running;
  }

  get queued(): number {
    return this.#admission.queued;
  }

  records(): TransferRecord[] {
    return [...this.#live].filter(({ ended }) => !ended).map((session) => this.#reports.record(session));
  }

  /** The session of a peer on a listening address. */
  of(peer: Endpoint, listener: string): Session | undefined {
    return this.#table.get(peer, listener);
  }

  /** In single-port mode: the session that a datagram of this peer belongs to. */
  awaiting(peer: Endpoint, listener: string): Session | undefined {
    return this.#table.get(peer, listener) ?? this.#dallying.get(peer, listener);
  }

  // Beginnings.

  accept(packet: RequestPacket, bytes: Uint8Array, from: Endpoint, listener: DatagramPort): void {
    this.#reports.requests += 1;
    const request = new ServerRequest(this.#reports.requests, packet, from, listener.local);
    const session = new Session(request, bytes, listener, this.#context.clock.now());
    const admitted = this.#admission.enter(from.address, session);
    if (admitted === undefined) {
      this.#reports.drop('queue', from, 'too many requests wait');
      return;
    }
    const running = this.#table.get(from, listener.local.address);
    if (running) {
      session.replaces = running;
      running.replacedBy = session;
    }
    this.#table.set(session);
    this.#live.add(session);
    if (admitted) this.#run(session);
  }

  /** A flood of requests that nobody meant must not keep the others of this address, or of all addresses, waiting. */
  makeRoom(address: string): void {
    if (this.#admission.free(address)) return;
    const now = this.#context.clock.now();
    if (now - this.#roomMadeAt < ROOM_INTERVAL) return;
    this.#roomMadeAt = now;
    const full = this.#admission.running >= this.#context.limits.transfers;
    for (const session of this.#live) {
      if (now - session.begun <= UNANSWERED) return;
      if (!session.halfOpen || now - session.answeredAt <= UNANSWERED) continue;
      if (full || session.request.peer.address === address) this.cancel(session, 'timeout');
    }
  }

  /** The session's turn has come. */
  #run(session: Session): void {
    session.admitted = true;
    try {
      this.#begin(session);
    } catch (error) {
      this.refuse(session, error);
    }
  }

  /** Goes on when a promise is there, unless the session ended meanwhile. Handlers that never answer are given up. */
  wait<T>(session: Session, promise: Promise<T>, then: (value: T) => void, orphan?: (value: T) => void): void {
    const { clock, wheel, limits } = this.#context;
    let open = true;
    const timed: Timed = {
      deadline: clock.now() + limits.handlerTimeout,
      expired: () => settle(() => this.refuse(session, new TftpError('TFTP_TIMEOUT', 'No content in time'))),
    };
    const timer = wheel.entry(timed);
    const settle = (work: () => void): void => {
      if (!open) return;
      open = false;
      wheel.remove(timer);
      session.cancel = undefined;
      try {
        work();
      } catch (error) {
        this.refuse(session, error);
      }
    };
    session.cancel = () => settle(() => {});
    wheel.update(timer);
    promise.then(
      (value) => (open ? settle(() => then(value)) : orphan?.(value)),
      (error) => settle(() => this.refuse(session, error)),
    );
  }

  // Under way.

  /** The first answer leaves; the peer has not proved yet that it sent the request. */
  answered(session: Session): void {
    this.#halfOpen.opened(session);
  }

  mayRepeat(session: Session): boolean {
    return this.#halfOpen.mayRepeat(session.request.peer.address);
  }

  confirmed(session: Session): void {
    if (session.replaces && !session.replaces.ended && !session.ended) this.supersede(session.replaces);
    this.#halfOpen.closed(session);
  }

  /**
   * A datagram of the peer of a transfer. Where the same request came again in the middle, it was a late copy or a new
   * beginning: the transfer that the peer goes on with stays.
   */
  deliver(session: Session, data: Uint8Array): void {
    const { replacedBy, replaces } = session;
    if (this.#context.options.singlePort && replaces?.transfer && !replaces.ended) {
      this.deliver(replaces, data);
      if (session.ended) return;
    }
    const before = replacedBy ? session.figures.blocks : 0;
    session.transfer?.receive(data);
    // A transfer that is complete says nothing about the request behind it.
    if (replacedBy && !replacedBy.ended && !session.ended && session.figures.blocks > before) this.cancel(replacedBy, 'superseded');
    if (this.#context.options.onProgress) this.#reports.progress(session);
  }

  // Ends.

  /** The peer began something else from the same port. */
  supersede(session: Session): void {
    const probe = session.request.options.has('tsize') && !(session.transfer && session.transfer.figures.blocks > 0);
    this.cancel(session, probe ? 'probe' : 'superseded');
  }

  /** Stops a session without a word to the peer. */
  cancel(session: Session, outcome: Outcome): void {
    if (session.transfer) {
      session.transfer.drop(outcome);
    } else {
      session.cancel?.(new TftpError('TFTP_ABORTED'));
      this.finish(session, outcome);
      this.release(session);
    }
  }

  /** Answers the request with an ERROR. */
  refuse(session: Session, cause: unknown): void {
    if (session.ended) return;
    const error = toTftpError(cause);
    session.listener.send(encodeError(error.wireCode, error.message), session.request.peer);
    this.finish(session, 'refused', error);
    this.release(session);
  }

  /** The outcome is known. The port may still answer late packets, until `release`. */
  finish(session: Session, outcome: Outcome, error?: TftpError): void {
    if (session.ended) return;
    session.ended = true;
    // The transfer that was not replaced after all is the peer's again.
    if (this.#table.delete(session) && session.replaces && !session.replaces.ended) this.#table.set(session.replaces);
    if (session.replaces) session.replaces.replacedBy = undefined;
    if (session.replacedBy) session.replacedBy.replaces = undefined;
    if (this.#context.options.singlePort && session.request.type === 'write' && outcome === 'complete') this.#dallying.set(session);
    this.confirmed(session);
    if (outcome !== 'complete') session.request.abort();
    this.#reports.finish(session, outcome, error);
    if (!session.admitted) this.#admission.withdraw(session.request.peer.address, session);
    else if (outcome !== 'complete' || session.request.type === 'read') this.#leave(session);
  }

  /** Gives the session's place to the next that waits. */
  #leave(session: Session): void {
    session.admitted = false;
    let next = this.#admission.leave(session.request.peer.address);
    while (next) {
      this.#run(next);
      next = this.#admission.next();
    }
  }

  release(session: Session): void {
    if (!this.#live.delete(session)) return;
    this.#dallying.delete(session);
    session.port?.close();
    if (session.admitted) this.#leave(session);
    if (this.#live.size === 0) this.#onEmpty?.();
  }

  /** Lets what runs end by itself for so many milliseconds. */
  async drain(milliseconds: number): Promise<void> {
    if (milliseconds <= 0 || this.#live.size === 0) return;
    const { clock } = this.#context;
    await new Promise<void>((resolve) => {
      const timer = clock.setTimeout(resolve, milliseconds);
      this.#onEmpty = () => {
        clock.clearTimeout(timer);
        resolve();
      };
    });
  }

  /** Reads the last ACKs that wait in a socket: a peer that has everything may be the one who stops the server. */
  async readLastAcks(): Promise<void> {
    for (let turn = 0; turn < TURNS_TO_READ && [...this.#live].some((session) => session.lastAckMissing); turn += 1) await setImmediate();
  }

  /** Ends everything with an ERROR. */
  stop(error: TftpError): void {
    for (const session of [...this.#live]) {
      if (session.ended) session.transfer?.drop('failed');
      else if (session.transfer) session.transfer.fail(error, session.lastAckMissing ? 'unconfirmed' : 'failed');
      else {
        session.cancel?.(error);
        this.refuse(session, error);
      }
    }
  }
}
