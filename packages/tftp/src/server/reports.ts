import type { TftpError } from '../error.js';
import { recordOf } from '../transfer/tally.js';
import type { Clock, DroppedDatagram, Endpoint, Outcome, TftpServerOptions, TransferRecord } from '../types.js';
import type { Session } from './session.js';

const DROP_REPORT_INTERVAL = 60_000;
const REPORTED_DROPS = 4096;

type Hook = 'onRequest' | 'onProgress' | 'onFinish' | 'onDrop' | 'onWarning';

/** What a server tells the outside: counters, records, hooks. */
export class Reports {
  requests = 0;
  bytesSent = 0;
  bytesReceived = 0;
  readonly outcomes: Record<Outcome, number> = {
    complete: 0,
    unconfirmed: 0,
    probe: 0,
    aborted: 0,
    refused: 0,
    timeout: 0,
    failed: 0,
    superseded: 0,
  };
  readonly dropped: Record<DroppedDatagram['reason'], number> = { malformed: 0, unexpected: 0, rate: 0, queue: 0, source: 0, shutdown: 0 };
  readonly #options: TftpServerOptions;
  readonly #clock: Clock;
  /** When a drop was reported last, by reason and address. */
  readonly #reported = new Map<string, number>();

  constructor(options: TftpServerOptions, clock: Clock) {
    this.#options = options;
    this.#clock = clock;
  }

  /** A hook of the user never harms the server. */
  hook<Name extends Hook>(name: Name, value: Parameters<NonNullable<TftpServerOptions[Name]>>[0]): void {
    try {
      (this.#options[name] as ((value: unknown) => void) | undefined)?.(value);
    } catch (error) {
      if (name !== 'onWarning') this.hook('onWarning', error as Error);
    }
  }

  drop(reason: DroppedDatagram['reason'], peer: Endpoint, detail: string): void {
    this.dropped[reason] += 1;
    if (!this.#options.onDrop) return;
    const key = `${reason} ${peer.address}`;
    const now = this.#clock.now();
    if (now - (this.#reported.get(key) ?? Number.NEGATIVE_INFINITY) < DROP_REPORT_INTERVAL) return;
    if (this.#reported.size >= REPORTED_DROPS) this.#reported.clear();
    this.#reported.set(key, now);
    this.hook('onDrop', { reason, peer, detail });
  }

  progress(session: Session): void {
    const { onProgress, progressInterval = 500 } = this.#options;
    if (!onProgress || session.ended) return;
    const now = this.#clock.now();
    if (now - session.progressAt < progressInterval) return;
    session.progressAt = now;
    this.hook('onProgress', this.record(session));
  }

  finish(session: Session, outcome: Outcome, error: TftpError | undefined): void {
    this.outcomes[outcome] += 1;
    const { bytes } = session.figures;
    if (session.request.type === 'read') this.bytesSent += bytes;
    else this.bytesReceived += bytes;
    if (this.#options.onFinish) this.hook('onFinish', this.record(session, outcome, error));
  }

  record(session: Session, outcome?: Outcome, error?: TftpError): TransferRecord {
    return recordOf(session.request, session.figures, this.#clock.now() - session.begun, outcome, error);
  }
}
