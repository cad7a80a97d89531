import { type DhcpError, decode, MessageType } from '@pxekit/dhcp';
import type { Clock } from './clock.js';
import { type Counters, count, typeName } from './counters.js';
import type { Directive, DropReason, Effect, HandlerInput, Outcome, RespondContext } from './decision.js';
import { DhcpServerError } from './errors.js';
import { RequestFacts } from './facts.js';
import type { HookCalls } from './hook-calls.js';
import type { Handlers } from './hooks.js';
import { type Ipv4, parseIpv4 } from './ipv4.js';
import type { Ledger } from './leases/ledger.js';
import type { Lease } from './leases/store.js';
import { patiently } from './patience.js';
import type { Plan } from './plan.js';
import { RateLimit } from './rate.js';
import { respond } from './respond.js';
import type { Sender } from './sender.js';
import { situate } from './situation.js';
import { Trace } from './trace.js';
import type { Datagram } from './transport.js';

const MAX_PROBES = 3;
/** Milliseconds for each function of the user's: by then clients have asked again or given up. */
const PATIENCE = 10_000;
/** One part in so many of the requests that may wait is enough to send DISCOVERs away. */
const BEGINNERS = 10;

/** What the user's functions said about a request. */
interface Said {
  directive?: Directive | undefined;
  boot?: RespondContext['boot'];
}

const NOTHING_SAID: Said = {};

export interface AnsweringTools {
  plan: Plan;
  clock: Clock;
  counters: Counters;
  handlers: Handlers;
  hooks: HookCalls;
  ledger: Ledger;
  sender: Sender;
  /** Addresses of this machine. */
  own: ReadonlySet<Ipv4>;
  /** The port of the PXE boot service. */
  proxyPort: number | undefined;
  /** Milliseconds. */
  proxyDelay: number | undefined;
}

/** The way of a request through the server: read, decided, stored, answered. */
export class Answering {
  readonly #tools: AnsweringTools;
  readonly #rate: RateLimit;
  /** Requests that wait for a hook or for the disk. */
  #waiting = 0;

  constructor(tools: AnsweringTools) {
    this.#tools = tools;
    const { newLeasesPerSecond, newLeasesBurst } = tools.plan.limits;
    this.#rate = new RateLimit(newLeasesPerSecond, newLeasesBurst);
  }

  receive({ bytes, source, local, broadcast }: Datagram): void {
    const { plan, counters, handlers } = this.#tools;
    counters.received++;
    let facts: RequestFacts;
    try {
      facts = new RequestFacts({ message: decode(bytes).message, source, local, broadcast }, plan.identity);
    } catch (error) {
      this.#dropped('malformed', source, undefined, [{ rule: 'drop/malformed', found: (error as DhcpError).message }]);
      return;
    }
    count(counters.requests, typeName(facts.type));
    // Who was offered an address comes before who only begins: else all begin, and none is done in time.
    const most = facts.type === MessageType.DISCOVER ? plan.limits.waiting / BEGINNERS : plan.limits.waiting;
    if (this.#waiting >= most) {
      this.#dropped('busy', source, facts, [{ rule: 'drop/busy', found: `${this.#waiting} requests wait` }]);
      return;
    }
    if (handlers.handle === undefined && handlers.resolveBoot === undefined) {
      // A class may be a function of the user's, too.
      try {
        this.#decide(facts, NOTHING_SAID);
      } catch (cause) {
        this.#handlerFailed(facts, cause as Error);
      }
      return;
    }
    this.#waiting++;
    this.#ask(facts)
      .then((said) => this.#decide(facts, said))
      .catch((cause: Error) => this.#handlerFailed(facts, cause))
      .finally(() => this.#waiting--);
  }

  /** What would be answered, without answering or changing anything. */
  async explain(facts: RequestFacts): Promise<Outcome> {
    return respond(facts, { ...this.#context(await this.#ask(facts)), isTraced: true });
  }

  /** Ends the leases that have run out. */
  expire(now = this.#tools.clock.now()): void {
    for (const lease of this.#tools.ledger.expire(now)) this.#tools.hooks.call('onExpire', lease);
  }

  async #ask(facts: RequestFacts): Promise<Said> {
    const { plan, clock, handlers, ledger } = this.#tools;
    const { handle, resolveBoot } = handlers;
    if (handle === undefined && resolveBoot === undefined) return NOTHING_SAID;
    const trace = new Trace();
    const situation = situate(facts, plan, ledger.book, trace);
    if (situation === undefined || facts.client === undefined) return NOTHING_SAID;
    const lease = ledger.book.of(situation.subnet.network, facts.client);
    // The book's own object changes when the lease is renewed, maybe before an async handler looks at it.
    const input: HandlerInput = { ...situation, facts, lease: lease && { ...lease }, trace: trace.steps };
    const directive = await patiently(handle?.(input), 'handle', PATIENCE, clock);
    const boot = directive?.boot === undefined ? await patiently(resolveBoot?.(input), 'resolveBoot', PATIENCE, clock) : undefined;
    return { directive, boot };
  }

  #context({ directive, boot }: Said): RespondContext {
    const { plan, clock, hooks, ledger, own, proxyPort, proxyDelay } = this.#tools;
    const now = clock.now();
    return {
      plan,
      leases: ledger.book,
      now,
      isTraced: hooks.areTraced,
      admits: (source) => this.#rate.allows(source, now),
      own,
      proxyPort,
      proxyDelay,
      directive,
      boot,
    };
  }

  #decide(facts: RequestFacts, said: Said, probes = 0): void {
    const { ledger, sender, handlers } = this.#tools;
    const context = this.#context(said);
    this.expire(context.now);
    const outcome = respond(facts, context);
    const { reply, trace, effects } = outcome;
    if (reply === undefined && outcome.drop !== undefined) this.#dropped(outcome.drop, facts.source, facts, trace);

    let mustBeStored = false;
    for (const effect of effects) {
      switch (effect.type) {
        case 'withdraw':
          ledger.book.withdraw(effect.offer);
          break;
        case 'offer':
          ledger.book.offer(effect.offer);
          if (effect.fresh && handlers.isInUse !== undefined && probes < MAX_PROBES) {
            this.#probe(facts, said, outcome, effect.offer.address, probes);
            return;
          }
          this.#offered(facts, outcome);
          break;
        case 'lease':
          mustBeStored = true;
          this.#store(facts, said, outcome, effect, context.now);
          break;
        case 'release':
        case 'decline': {
          const { lease } = effect;
          if (effect.type === 'decline' && effect.source !== undefined) this.#rate.take(effect.source, context.now);
          // Nothing was promised to the client: should the disk fail, the address only stays taken a while longer.
          const before = ledger.save(lease);
          this.#tools.hooks.call(effect.type === 'release' ? 'onRelease' : 'onDecline', { lease, before, facts, trace });
          break;
        }
      }
    }
    if (reply !== undefined && !mustBeStored) sender.send(facts, reply, trace);
  }

  /** The reply leaves when the lease is on disk. */
  #store(facts: RequestFacts, said: Said, { reply, trace }: Outcome, effect: Extract<Effect, { type: 'lease' }>, now: number): void {
    const { ledger, sender, hooks } = this.#tools;
    const { lease, source } = effect;
    if (source !== undefined) this.#rate.take(source, now);
    this.#waiting++;
    const before = ledger.save(lease, (error) => {
      this.#waiting--;
      if (error !== undefined) {
        this.#withoutStore(facts, said);
        return;
      }
      sender.send(facts, reply!, trace);
      hooks.call('onLease', { lease, before, facts, trace });
    });
  }

  /** The lease could not be stored: acknowledge what needs no storing, else be silent. */
  #withoutStore(facts: RequestFacts, said: Said): void {
    try {
      const { reply, drop, trace } = respond(facts, { ...this.#context(said), storeFailing: true });
      if (reply !== undefined) this.#tools.sender.send(facts, reply, trace);
      else this.#dropped(drop ?? 'not-stored', facts.source, facts, trace);
    } catch (cause) {
      this.#handlerFailed(facts, cause as Error);
    }
  }

  /** Asks the network before an address is offered; one that answers goes into quarantine, and another is chosen. */
  #probe(facts: RequestFacts, said: Said, outcome: Outcome, address: Ipv4, probes: number): void {
    const { plan, clock, handlers, hooks, ledger, sender } = this.#tools;
    const text = outcome.reply!.message.yiaddr;
    this.#waiting++;
    new Promise<boolean>((settle) => settle(patiently(handlers.isInUse!(text), 'isInUse', PATIENCE, clock)))
      .catch((cause: Error) => {
        hooks.report(new DhcpServerError('DHCP_SERVER_HOOK', `The check of ${text} failed: ${cause.message}`, { cause }));
        return false;
      })
      .then((inUse) => {
        this.#waiting--;
        if (!inUse) {
          sender.send(facts, outcome.reply!, outcome.trace);
          this.#offered(facts, outcome);
          return;
        }
        const now = clock.now();
        ledger.book.withdraw(ledger.book.offerAt(address));
        const times = { started: now, renewed: now, expires: now + plan.quarantine };
        const lease: Lease = { address: text, client: 'in-use', hardware: '', state: 'declined', ...times };
        const before = ledger.save(lease);
        hooks.call('onDecline', { lease, before, facts, trace: outcome.trace });
        this.#decide(facts, said, probes + 1);
      })
      .catch((cause: Error) => this.#handlerFailed(facts, cause));
  }

  #offered(facts: RequestFacts, { reply, trace }: Outcome): void {
    this.#tools.hooks.call('onOffer', { address: reply!.message.yiaddr, client: facts.client!, facts, trace });
  }

  #handlerFailed(facts: RequestFacts, cause: Error): void {
    this.#tools.hooks.report(
      new DhcpServerError('DHCP_SERVER_HOOK', `A request of ${facts.client} was dropped: ${cause.message}`, { cause }),
      cause.message,
    );
    this.#dropped('hook-failed', facts.source, facts, [{ rule: 'drop/hook-failed', found: cause.message }]);
  }

  #dropped(reason: DropReason, source: { address: string; port: number }, facts: RequestFacts | undefined, trace: Outcome['trace']): void {
    count(this.#tools.counters.drops as Record<string, number>, reason);
    this.#tools.hooks.call('onDrop', { reason, source, facts, trace });
  }
}

/** Addresses of this machine, by where it listens. */
export function ownAddresses(endpoints: readonly { address: string; addresses?: readonly string[] }[]): Set<Ipv4> {
  return new Set(endpoints.flatMap((each) => each.addresses ?? [each.address]).map((each) => parseIpv4(each)!));
}
