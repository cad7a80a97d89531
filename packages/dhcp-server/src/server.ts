import type { Server as NetServer } from 'node:net';
import { type DhcpError, decode, encode, type Message } from '@pxekit/dhcp';
import { listenForBulkLeaseQuery } from './bulk-leasequery.js';
import { type Clock, systemClock } from './clock.js';
import type { DhcpConfig } from './config.js';
import { type Counters, count, newCounters, typeName } from './counters.js';
import type { Directive, DropReason, HandlerInput, Outcome, Reply, RespondContext } from './decision.js';
import { type Destination, destinationOf, type Ports } from './destination.js';
import { DhcpServerError } from './errors.js';
import { type Endpoint, RequestFacts } from './facts.js';
import type { Handlers, Hooks } from './hooks.js';
import { type Ipv4, parseIpv4 } from './ipv4.js';
import { LeaseBook } from './leases/book.js';
import { GroupCommit } from './leases/group-commit.js';
import { memoryLeaseStore } from './leases/memory.js';
import { sqliteLeaseStore } from './leases/sqlite.js';
import type { Lease, LeaseStore } from './leases/store.js';
import { type Neighbours, neighbours } from './neighbours.js';
import { type Plan, plan } from './plan.js';
import { RateLimit } from './rate.js';
import { respond } from './respond.js';
import { situate } from './situation.js';
import { Trace } from './trace.js';
import { type Datagram, type ListenOptions, type Transport, udpTransport } from './transport.js';

export interface DhcpServerOptions extends DhcpConfig, Handlers, Hooks {
  /** Where leases last: the path of an SQLite database, or a store. Default: in memory, lost with the process. */
  leases?: string | LeaseStore;
  listen?: ListenOptions;
  /** Milliseconds before each reply of a proxy, for firmware that wants the address offer first. Default 0. */
  proxyDelay?: number;
  /**
   * Send unicasts to clients without an address by adding a neighbour entry with `ip`; needs CAP_NET_ADMIN and Linux.
   * Default false: such replies are broadcast.
   */
  neighbours?: boolean;
  /** In place of UDP sockets. */
  transport?: Transport;
  /** In place of the time of the machine. */
  clock?: Clock;
}

export interface DhcpServer {
  /**
   * Opens store and sockets and begins to answer.
   *
   * @throws DhcpServerError, with everything closed again
   */
  start(): Promise<void>;
  /** Stops listening, finishes what has been promised, closes the store. */
  stop(): Promise<void>;
  /** Where the server listens, once started. */
  readonly endpoints: readonly Endpoint[];
  readonly counters: Counters;
  /** All leases, in any state. */
  leases(): Lease[];
  /** Takes over leases, replacing those of the same addresses; resolves when they are stored. */
  importLeases(leases: readonly Lease[]): Promise<void>;
  /** What would be answered to a message, without answering or changing anything. */
  explain(message: Message, from?: { source?: { address: string; port: number }; local?: Endpoint; broadcast?: boolean }): Promise<Outcome>;
}

/**
 * A DHCP, BOOTP and proxyDHCP service.
 *
 * @throws DHCP_SERVER_CONFIG naming the field that is wrong
 */
export function createDhcpServer(options: DhcpServerOptions): DhcpServer {
  return new Server(options);
}

const MAX_PROBES = 3;
const TICK = 1000;

class Server implements DhcpServer {
  readonly counters = newCounters();
  endpoints: readonly Endpoint[] = [];
  readonly #options: DhcpServerOptions;
  readonly #plan: Plan;
  readonly #clock: Clock;
  readonly #rate: RateLimit;
  readonly #transport: Transport;
  #book: LeaseBook;
  #store: LeaseStore | undefined;
  #commits: GroupCommit | undefined;
  #neighbours: Neighbours | undefined;
  #ports: Ports;
  #own: ReadonlySet<Ipv4> = new Set();
  readonly #bulk: NetServer[] = [];
  #cancelTick: (() => void) | undefined;
  /** Requests that wait for a hook or for the disk. */
  #waiting = 0;
  #isStopping = false;
  #storeFails = false;
  /** What the store has for addresses whose change is still on its way there. */
  readonly #unsaved = new Map<Ipv4, Lease | undefined>();

  constructor(options: DhcpServerOptions) {
    this.#options = options;
    this.#plan = plan(options);
    this.#clock = options.clock ?? systemClock;
    this.#rate = new RateLimit(this.#plan.limits.newLeasesPerSecond, this.#plan.limits.newLeasesBurst);
    this.#transport =
      options.transport ?? udpTransport(options.listen ?? {}, (address) => this.#plan.subnetOf(parseIpv4(address)!) !== undefined);
    this.#book = new LeaseBook(this.#plan);
    this.#ports = { server: options.listen?.port ?? 67, client: options.listen?.clientPort ?? 68, proxy: undefined };
  }

  async start(): Promise<void> {
    const { leases = memoryLeaseStore(), listen = {} } = this.#options;
    const store = typeof leases === 'string' ? await sqliteLeaseStore({ path: leases }) : leases;
    this.#store = store;
    this.#isStopping = false;
    try {
      this.#book = new LeaseBook(this.#plan, await store.load());
      this.#commits = new GroupCommit(store);
      if (this.#options.neighbours) this.#neighbours = neighbours();
      this.endpoints = await this.#transport.open((datagram) => this.#receive(datagram));
      const main = listen.port ?? 67;
      const isProxyPort = (port: number) =>
        listen.proxyPort === 0 ? port !== this.endpoints[0]?.port : port === (listen.proxyPort ?? 4011) && port !== main;
      this.#ports.proxy = this.endpoints.find((each) => isProxyPort(each.port))?.port;
      this.#own = new Set(this.endpoints.flatMap((each) => each.addresses ?? [each.address]).map((each) => parseIpv4(each)!));
      await this.#listenForBulk(listen);
      this.#tick();
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    this.#cancelTick?.();
    for (const each of this.#bulk.splice(0)) each.close();
    // First the disk, then the sockets: what waits for the disk is still answered.
    await this.#commits?.settled();
    await this.#transport.close();
    this.#neighbours?.close();
    await this.#store?.close();
    this.#store = undefined;
    this.endpoints = [];
  }

  async #listenForBulk({ port = 67, bulkPort = port === 67 ? 67 : false }: ListenOptions): Promise<void> {
    if (bulkPort === false || this.#plan.leasequery.length === 0) return;
    for (const address of new Set(this.endpoints.map((each) => each.address))) {
      const view = () => ({ plan: this.#plan, leases: this.#book, now: this.#clock.now() });
      const server = await listenForBulkLeaseQuery(address, bulkPort, view).catch((cause: Error) => {
        throw new DhcpServerError(
          'DHCP_SERVER_SOCKET',
          `Cannot listen on TCP ${address}:${bulkPort} for bulk leasequery: ${cause.message}`,
          { cause },
        );
      });
      this.#bulk.push(server);
    }
  }

  leases(): Lease[] {
    return [...this.#book.all()].map((lease) => ({ ...lease }));
  }

  async importLeases(leases: readonly Lease[]): Promise<void> {
    await Promise.all(leases.map((lease) => this.#save({ ...lease })));
  }

  async explain(
    message: Message,
    {
      source = { address: '0.0.0.0', port: 68 },
      local = this.endpoints[0] ?? { address: '0.0.0.0', port: 67 },
      broadcast = message.ciaddr === '0.0.0.0',
    }: { source?: { address: string; port: number }; local?: Endpoint; broadcast?: boolean } = {},
  ): Promise<Outcome> {
    const facts = new RequestFacts({ message, source, local, broadcast }, this.#plan.identity);
    return respond(facts, this.#context(await this.#ask(facts)));
  }

  #receive({ bytes, source, local, broadcast }: Datagram): void {
    if (this.#isStopping) return;
    this.counters.received++;
    let message: Message;
    try {
      message = decode(bytes).message;
    } catch (error) {
      this.#dropped('malformed', source, undefined, [{ rule: 'drop/malformed', found: (error as DhcpError).message }]);
      return;
    }
    const facts = new RequestFacts({ message, source, local, broadcast }, this.#plan.identity);
    count(this.counters.requests, typeName(facts.type));
    if (this.#waiting >= this.#plan.limits.waiting) {
      this.#dropped('busy', source, facts, [{ rule: 'drop/busy', found: `${this.#waiting} requests wait` }]);
      return;
    }
    if (this.#options.handle === undefined && this.#options.resolveBoot === undefined) {
      // A class may be a function of the user's, too.
      try {
        this.#decide(facts, {});
      } catch (cause) {
        this.#failed(facts, cause as Error);
      }
      return;
    }
    this.#waiting++;
    this.#ask(facts)
      .then((said) => this.#decide(facts, said))
      .catch((cause: Error) => this.#failed(facts, cause))
      .finally(() => this.#waiting--);
  }

  #failed(facts: RequestFacts, cause: Error): void {
    this.#report(
      new DhcpServerError('DHCP_SERVER_HOOK', `A request of ${facts.client} was dropped: ${cause.message}`, { cause }),
      cause.message,
    );
    this.#dropped('hook-failed', facts.source, facts, [{ rule: 'drop/hook-failed', found: cause.message }]);
  }

  /** What the user's functions say about a request. */
  async #ask(facts: RequestFacts): Promise<{ directive?: Directive; boot?: RespondContext['boot'] }> {
    const { handle, resolveBoot } = this.#options;
    if (handle === undefined && resolveBoot === undefined) return {};
    const trace = new Trace();
    const situation = situate(facts, this.#plan, trace);
    if (situation === undefined || facts.client === undefined) return {};
    const lease = this.#book.of(situation.subnet.network, facts.client);
    const input: HandlerInput = { ...situation, facts, lease, trace: trace.steps };
    const directive = await handle?.(input);
    const boot = directive?.boot === undefined ? await resolveBoot?.(input) : undefined;
    return { directive, boot };
  }

  #context(said: { directive?: Directive; boot?: RespondContext['boot'] } = {}): RespondContext {
    const now = this.#clock.now();
    return {
      plan: this.#plan,
      leases: this.#book,
      now,
      admits: (source) => this.#rate.allows(source, now),
      own: this.#own,
      proxyPort: this.#ports.proxy,
      proxyDelay: this.#options.proxyDelay,
      directive: said.directive,
      boot: said.boot,
    };
  }

  #decide(facts: RequestFacts, said: { directive?: Directive; boot?: RespondContext['boot'] }, probes = 0): void {
    const context = this.#context(said);
    this.#expire(context.now);
    const outcome = respond(facts, context);
    const { reply, trace } = outcome;
    if (reply === undefined && outcome.drop !== undefined) this.#dropped(outcome.drop, facts.source, facts, trace);

    let stored = false;
    for (const effect of outcome.effects) {
      switch (effect.type) {
        case 'withdraw':
          this.#book.withdraw(effect.offer);
          break;
        case 'offer': {
          const { offer, fresh } = effect;
          this.#book.offer(offer);
          if (fresh && this.#options.isInUse !== undefined && probes < MAX_PROBES) {
            this.#probe(facts, said, outcome, offer.address, probes);
            return;
          }
          this.#call('onOffer', () => this.#options.onOffer?.({ address: reply!.message.yiaddr, client: offer.client, facts, trace }));
          break;
        }
        case 'lease': {
          stored = true;
          const { lease, source } = effect;
          if (source !== undefined) this.#rate.take(source, context.now);
          const before = this.#book.at(parseIpv4(lease.address)!);
          this.#waiting++;
          this.#save(lease).then(
            () => {
              this.#waiting--;
              this.#send(facts, reply!, outcome.trace);
              this.#call('onLease', () => this.#options.onLease?.({ lease, before, facts, trace }));
            },
            () => {
              this.#waiting--;
              this.#withoutStore(facts, said);
            },
          );
          break;
        }
        case 'release':
        case 'decline': {
          const { lease } = effect;
          const before = this.#book.at(parseIpv4(lease.address)!);
          const hook = effect.type === 'release' ? 'onRelease' : 'onDecline';
          // Nothing was promised to the client: should the disk fail, the address only stays taken a while longer.
          this.#save(lease).catch(() => {});
          this.#call(hook, () => this.#options[hook]?.({ lease, before, facts, trace }));
          break;
        }
      }
    }
    if (reply !== undefined && !stored) this.#send(facts, reply, trace);
  }

  /** The lease could not be stored: acknowledge what needs no storing, else be silent. */
  #withoutStore(facts: RequestFacts, said: { directive?: Directive; boot?: RespondContext['boot'] }): void {
    const { reply, drop, trace } = respond(facts, { ...this.#context(said), storeFailing: true });
    if (reply !== undefined) this.#send(facts, reply, trace);
    else this.#dropped(drop ?? 'not-stored', facts.source, facts, trace);
  }

  #probe(facts: RequestFacts, said: { directive?: Directive }, outcome: Outcome, address: Ipv4, probes: number): void {
    const text = outcome.reply!.message.yiaddr;
    this.#waiting++;
    this.#options.isInUse!(text)
      .catch((cause: Error) => {
        this.#report(new DhcpServerError('DHCP_SERVER_HOOK', `The check of ${text} failed: ${cause.message}`, { cause }));
        return false;
      })
      .then((inUse) => {
        this.#waiting--;
        if (!inUse) {
          this.#send(facts, outcome.reply!, outcome.trace);
          this.#call('onOffer', () => this.#options.onOffer?.({ address: text, client: facts.client!, facts, trace: outcome.trace }));
          return;
        }
        const now = this.#clock.now();
        const before = this.#book.at(address);
        this.#book.withdraw(this.#book.offerAt(address));
        const lease: Lease = {
          address: text,
          client: 'in-use',
          hardware: '',
          state: 'declined',
          started: now,
          renewed: now,
          expires: now + this.#plan.quarantine,
        };
        this.#save(lease).catch(() => {});
        this.#call('onDecline', () => this.#options.onDecline?.({ lease, before, facts, trace: outcome.trace }));
        this.#decide(facts, said, probes + 1);
      });
  }

  /** Enters a lease into the book at once and resolves when it is on disk; takes it back when it cannot be stored. */
  #save(lease: Lease): Promise<void> {
    const address = parseIpv4(lease.address)!;
    const before = this.#book.put(lease);
    if (!this.#unsaved.has(address)) this.#unsaved.set(address, before);
    return new Promise((resolve, reject) => {
      this.#commits!.write(lease, (error) => {
        const isLatest = this.#book.at(address) === lease;
        if (error === undefined) {
          this.#storeWorks();
          this.counters.stored++;
          this.counters.commits = this.#commits!.commits;
          if (isLatest) this.#unsaved.delete(address);
          else this.#unsaved.set(address, lease);
          resolve();
          return;
        }
        this.#storeFailed(error);
        if (isLatest) {
          this.#book.restore(address, this.#unsaved.get(address));
          this.#unsaved.delete(address);
        }
        reject(error);
      });
    });
  }

  #send(facts: RequestFacts, { message, delay }: Reply, trace: Outcome['trace']): void {
    if (delay > 0) this.#clock.after(delay, () => this.#transmit(facts, message, trace));
    else this.#transmit(facts, message, trace);
  }

  #transmit(facts: RequestFacts, message: Message, trace: Outcome['trace']): void {
    let bytes: Uint8Array;
    try {
      bytes = encode(message);
    } catch (cause) {
      this.#sendFailed(facts, cause as DhcpError, (cause as DhcpError).code);
      return;
    }
    const to = destinationOf(facts, message, this.#ports);
    // Without a neighbour entry the kernel would ask by ARP for a client that cannot answer yet.
    const everybody = { address: '255.255.255.255', port: to.port };
    if (to.hardware === undefined) this.#dispatch(facts, message, bytes, to, trace);
    else if (this.#neighbours === undefined) this.#dispatch(facts, message, bytes, everybody, trace);
    else
      this.#neighbours
        .add(to.address, to.hardware, facts.local.interface)
        .then((stands) => this.#dispatch(facts, message, bytes, stands ? to : everybody, trace));
  }

  #dispatch(facts: RequestFacts, message: Message, bytes: Uint8Array, to: Destination, trace: Outcome['trace']): void {
    this.#transport.send(bytes, to, facts.local, (error) => {
      if (error) {
        this.#sendFailed(facts, error, (error as NodeJS.ErrnoException).code ?? error.message);
        return;
      }
      this.counters.sent++;
      count(this.counters.replies, typeName(message.options.find((each) => each.code === 53)?.data[0] ?? 0));
      this.#call('onReply', () => this.#options.onReply?.({ facts, reply: message, to, bytes: bytes.length, trace }));
    });
  }

  #sendFailed(facts: RequestFacts, cause: Error, kind: string): void {
    this.counters.sendErrors++;
    this.#report(new DhcpServerError('DHCP_SERVER_SOCKET', `A reply to ${facts.client} was not sent: ${cause.message}`, { cause }), kind);
  }

  #tick(): void {
    this.#expire(this.#clock.now());
    this.#cancelTick = this.#clock.after(TICK, () => this.#tick());
  }

  #expire(now: number): void {
    if ((this.#book.nextExpiry ?? Number.POSITIVE_INFINITY) > now) return;
    for (const lease of this.#book.expire(now)) {
      // The end of a lease follows from its time; that it is written down is for people who read the database.
      this.#commits!.write(lease, (error) => error && this.#storeFailed(error));
      this.#call('onExpire', () => this.#options.onExpire?.(lease));
    }
  }

  #dropped(reason: DropReason, source: { address: string; port: number }, facts: RequestFacts | undefined, trace: Outcome['trace']): void {
    count(this.counters.drops as Record<string, number>, reason);
    this.#call('onDrop', () => this.#options.onDrop?.({ reason, source, facts, trace }));
  }

  #storeFailed(cause: Error): void {
    if (this.#storeFails) return;
    this.#storeFails = true;
    this.#report(
      new DhcpServerError('DHCP_SERVER_STORE', `${cause.message}. New leases are not acknowledged until the store can be written again`, {
        cause,
      }),
    );
  }

  #storeWorks(): void {
    this.#storeFails = false;
  }

  readonly #reported = new Set<string>();

  /** Each kind of trouble once; at most a hundred kinds. */
  #report(error: DhcpServerError, kind?: string): void {
    if (kind !== undefined) {
      if (this.#reported.has(kind) || this.#reported.size >= 100) return;
      this.#reported.add(kind);
    }
    this.#call('onError', () => this.#options.onError?.(error));
  }

  /** Runs a hook; what it throws is its own affair. */
  #call(name: keyof Hooks, hook: () => void): void {
    try {
      hook();
    } catch (cause) {
      if (name === 'onError') return;
      this.#report(new DhcpServerError('DHCP_SERVER_HOOK', `${name} threw: ${(cause as Error).message}`, { cause }), name);
    }
  }
}
