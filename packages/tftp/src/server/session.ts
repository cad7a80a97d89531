import type { TftpError } from '../error.js';
import type { Incoming } from '../transfer/incoming.js';
import type { Outgoing } from '../transfer/outgoing.js';
import { type Figures, NOTHING } from '../transfer/tally.js';
import type { DatagramPort } from '../types.js';
import type { ServerRequest } from './request.js';

/** A request from its arrival to the release of its port. */
export class Session {
  transfer: Outgoing | Incoming | undefined;
  port: DatagramPort | undefined;
  /** Whether it counts as running (and not as waiting for its turn). */
  admitted = false;
  /** The record was given. */
  ended = false;
  halfOpen = false;
  /** When the first answer left. */
  answeredAt = 0;
  progressAt = 0;
  /** The transfer that this one replaces if the peer takes it up: its request may be a late copy of the old one. */
  replaces: Session | undefined;
  replacedBy: Session | undefined;
  /** Called when the transfer ends before it began, for example while the handler works. */
  cancel: ((error: TftpError) => void) | undefined;
  /** The next session in the same slot of the `SessionTable`. */
  chained: Session | undefined;
  /** The neighbours in the `SessionList`. */
  older: Session | undefined;
  younger: Session | undefined;
  listed = false;

  constructor(
    readonly request: ServerRequest,
    /** The request as it came, to know its repetitions. */
    readonly bytes: Uint8Array,
    readonly listener: DatagramPort,
    readonly begun: number,
  ) {}

  get figures(): Figures {
    return this.transfer?.figures ?? NOTHING;
  }

  /** The peer has been sent everything and may be done; its last ACK was not read. */
  get lastAckMissing(): boolean {
    return this.transfer !== undefined && 'lastAckMissing' in this.transfer && this.transfer.lastAckMissing;
  }

  /** Whether it came from the same bytes. */
  repeats(bytes: Uint8Array): boolean {
    return Buffer.compare(this.bytes, bytes) === 0;
  }
}
