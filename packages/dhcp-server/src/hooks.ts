import type { Message } from '@pxekit/dhcp';
import type { BootAnswer } from './boot.js';
import type { Directive, DropReason, HandlerInput } from './decision.js';
import type { DhcpServerError } from './errors.js';
import type { RequestFacts } from './facts.js';
import type { Lease } from './leases/store.js';
import type { TraceStep } from './trace.js';

/** Functions of the user that take part in a decision. Requests of other clients go on while one of them is awaited. */
export interface Handlers {
  /** What this client boots: an answer, `null` for nothing, undefined to leave it to the tables of the configuration. */
  resolveBoot?(input: HandlerInput): BootAnswer | null | undefined | Promise<BootAnswer | null | undefined>;
  /** Overrides any decision about a request before it is made; undefined leaves all as it is. */
  handle?(input: HandlerInput): Directive | undefined | Promise<Directive | undefined>;
  /**
   * Whether somebody answers at the address already; asked before an address is offered to a client that did not have
   * it. `true` puts the address into quarantine and another one is chosen. See {@link pingCheck}.
   */
  isInUse?(address: string): Promise<boolean>;
}

/** Called after the fact; what they return or throw changes nothing for the client. */
export interface Hooks {
  onOffer?(event: OfferEvent): void;
  /** The lease is on disk and its ACK on the wire. */
  onLease?(event: LeaseEvent): void;
  onRelease?(event: LeaseEvent): void;
  onDecline?(event: LeaseEvent): void;
  onExpire?(lease: Lease): void;
  /** Every datagram that was sent. */
  onReply?(event: ReplyEvent): void;
  /** Every request that was not answered, and why. */
  onDrop?(event: DropEvent): void;
  /** Trouble that is no fault of one request: the store fails, a hook throws. Called once until it is over. */
  onError?(error: DhcpServerError): void;
}

export interface OfferEvent {
  address: string;
  client: string;
  facts: RequestFacts;
  trace: readonly TraceStep[];
}

export interface LeaseEvent {
  lease: Lease;
  /** The lease of the address before, of this client or of another. */
  before: Lease | undefined;
  facts: RequestFacts;
  trace: readonly TraceStep[];
}

export interface ReplyEvent {
  facts: RequestFacts;
  reply: Message;
  to: { address: string; port: number };
  bytes: number;
  trace: readonly TraceStep[];
}

export interface DropEvent {
  reason: DropReason;
  source: { address: string; port: number };
  /** Missing for datagrams that are no DHCP or BOOTP message. */
  facts: RequestFacts | undefined;
  trace: readonly TraceStep[];
}
