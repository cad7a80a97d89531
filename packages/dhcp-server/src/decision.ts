import type { Message } from '@pxekit/dhcp';
import type { BootAnswer } from './boot.js';
import type { RequestFacts } from './facts.js';
import type { Ipv4 } from './ipv4.js';
import type { LeasesView, Offer } from './leases/book.js';
import type { Lease } from './leases/store.js';
import type { OptionValues } from './options.js';
import type { Plan } from './plan.js';
import type { Situation } from './situation.js';
import type { TraceStep } from './trace.js';

/** Everything `respond` decides from, besides the request. */
export interface RespondContext {
  plan: Plan;
  leases: LeasesView;
  /** Milliseconds since 1970. */
  now: number;
  /** Whether the rules that decide are written down: `false` saves the work where nobody looks. Default true. */
  isTraced?: boolean | undefined;
  /** What a handler wants done otherwise. */
  directive?: Directive | undefined;
  /** What the boot hook said; undefined leaves it to the tables of the configuration. */
  boot?: BootAnswer | null | undefined;
  /** Whether this source may bring one more client to an address now. Default: yes. */
  admits?: ((source: string) => boolean) | undefined;
  /** The store cannot be written: only what is known and needs no writing may be acknowledged. */
  storeFailing?: boolean | undefined;
  /** Addresses of this machine, which are nobody else's. */
  own?: ReadonlySet<Ipv4> | undefined;
  /** The port of the PXE boot service; a request that came in there is one to a boot server. Default 4011. */
  proxyPort?: number | undefined;
  /** Milliseconds that every reply of a proxy waits. Default 0. */
  proxyDelay?: number | undefined;
}

/** What a handler may say about a request. Fields left out leave the decision as it is. */
export interface Directive {
  /** Do not answer; the text is counted as the reason. */
  drop?: string;
  /** Answer a REQUEST with NAK; the text goes into option 56. */
  nak?: string;
  /** The address to give. It must be in the client's network and not be somebody else's. */
  address?: string;
  /** Seconds. */
  leaseTime?: number;
  hostname?: string;
  /** Sent whether asked for or not; `null` leaves an option out. */
  options?: OptionValues;
  /** Comes before the boot hook and the tables; `null` for no boot answer. */
  boot?: BootAnswer | null;
}

/** What a handler sees. */
export interface HandlerInput extends Situation {
  facts: RequestFacts;
  /** The client's last lease in this network. */
  lease: Lease | undefined;
  trace: readonly TraceStep[];
}

export type Effect =
  /** Keep the address for the client for a moment. `fresh`: the client did not have it before. */
  | { type: 'offer'; offer: Offer; fresh: boolean }
  /** The client chose another server. */
  | { type: 'withdraw'; offer: Offer }
  /** Must be on disk before the reply leaves. `source` is set for a client that had no lease before. */
  | { type: 'lease'; lease: Lease; source: string | undefined }
  | { type: 'release'; lease: Lease }
  /** `source` is set for an address that was only offered. */
  | { type: 'decline'; lease: Lease; source: string | undefined };

/** Why a request got no answer. Counted by these names. */
export type DropReason =
  | 'not-a-request'
  | 'malformed'
  | 'no-subnet'
  | 'no-identity'
  | 'ignored'
  | 'unknown-client'
  | 'no-free-address'
  | 'other-server'
  | 'unknown-lease'
  | 'rate'
  | 'busy'
  | 'not-stored'
  | 'handler'
  | 'hook-failed'
  | 'bootp-off'
  | 'no-boot-answer'
  | 'leasequery-refused'
  | 'nothing-to-say'
  | 'unsupported-type';

export interface Reply {
  message: Message;
  /** Milliseconds to wait before sending. */
  delay: number;
}

/** What the rules for a kind of message say; without a reply and without a reason there is nothing to answer. */
export interface Verdict {
  reply?: Reply;
  effects?: Effect[];
  drop?: DropReason;
  /** For the trace. */
  why?: string;
}

export function drop(reason: DropReason, why: string): Verdict {
  return { drop: reason, why };
}

export interface Outcome {
  reply?: Reply | undefined;
  effects: Effect[];
  /** Set when there is no reply and that is not simply how the protocol goes (RELEASE, DECLINE). */
  drop?: DropReason | undefined;
  /** Empty where `isTraced` is false. */
  trace: TraceStep[];
}
