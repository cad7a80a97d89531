import type { Server as NetServer } from 'node:net';
import type { Message } from '@pxekit/dhcp';
import { Answering, ownAddresses } from './answering.js';
import { listenForBulkLeaseQuery } from './bulk-leasequery.js';
import { type Clock, systemClock } from './clock.js';
import type { DhcpConfig } from './config.js';
import { type Counters, newCounters } from './counters.js';
import type { Outcome } from './decision.js';
import { DhcpServerError } from './errors.js';
import { type Endpoint, RequestFacts } from './facts.js';
import { HookCalls } from './hook-calls.js';
import type { Handlers, Hooks } from './hooks.js';
import { parseIpv4 } from './ipv4.js';
import { Ledger } from './leases/ledger.js';
import { memoryLeaseStore } from './leases/memory.js';
import { sqliteLeaseStore } from './leases/sqlite.js';
import type { Lease, LeaseStore } from './leases/store.js';
import { type Neighbours, neighbours } from './neighbours.js';
import { type Plan, plan } from './plan.js';
import { Sender } from './sender.js';
import { type ListenOptions, type Transport, udpTransport } from './transport.js';

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

const TICK = 1000;

class Server implements DhcpServer {
  readonly counters = newCounters();
  endpoints: readonly Endpoint[] = [];
  readonly #options: DhcpServerOptions;
  readonly #plan: Plan;
  readonly #clock: Clock;
  readonly #hooks: HookCalls;
  readonly #transport: Transport;
  readonly #bulk: NetServer[] = [];
  #ledger: Ledger | undefined;
  #neighbours: Neighbours | undefined;
  #answering: Answering | undefined;
  #isServing = false;
  #cancelTick: (() => void) | undefined;

  constructor(options: DhcpServerOptions) {
    this.#options = options;
    this.#plan = plan(options);
    this.#clock = options.clock ?? systemClock;
    this.#hooks = new HookCalls(options);
    this.#transport =
      options.transport ?? udpTransport(options.listen ?? {}, (address) => this.#plan.subnetOf(parseIpv4(address)!) !== undefined);
  }

  async start(): Promise<void> {
    const { leases = memoryLeaseStore(), listen = {} } = this.#options;
    const store = typeof leases === 'string' ? await sqliteLeaseStore({ path: leases }) : leases;
    this.#ledger = await Ledger.open(this.#plan, store, this.counters, (cause) => this.#storeFailed(cause)).catch(async (error) => {
      await store.close();
      throw error;
    });
    try {
      this.endpoints = await this.#transport.open((datagram) => {
        if (this.#isServing) this.#answering!.receive(datagram);
      });
      this.#answering = this.#answer(this.#ledger, listen);
      this.#isServing = true;
      await this.#listenForBulk(this.#ledger, listen);
      this.#tick();
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  async stop(): Promise<void> {
    this.#isServing = false;
    this.#cancelTick?.();
    for (const each of this.#bulk.splice(0)) each.close();
    // First the disk, then the sockets: what waits for the disk is still answered.
    await this.#ledger?.settled();
    await this.#transport.close();
    this.#neighbours?.close();
    await this.#ledger?.close();
    this.endpoints = [];
  }

  leases(): Lease[] {
    return [...(this.#ledger?.book.all() ?? [])].map((lease) => ({ ...lease }));
  }

  async importLeases(leases: readonly Lease[]): Promise<void> {
    const ledger = this.#ledger ?? notStarted();
    const save = (lease: Lease) =>
      new Promise<void>((resolve, reject) => ledger.save({ ...lease }, (error) => (error === undefined ? resolve() : reject(error))));
    await Promise.all(leases.map(save));
  }

  async explain(
    message: Message,
    {
      source = { address: '0.0.0.0', port: 68 },
      local = this.endpoints[0] ?? { address: '0.0.0.0', port: 67 },
      broadcast = message.ciaddr === '0.0.0.0',
    }: { source?: { address: string; port: number }; local?: Endpoint; broadcast?: boolean } = {},
  ): Promise<Outcome> {
    const answering = this.#answering ?? notStarted();
    return answering.explain(new RequestFacts({ message, source, local, broadcast }, this.#plan.identity));
  }

  #answer(ledger: Ledger, { port = 67, clientPort = 68, proxyPort = 4011 }: ListenOptions): Answering {
    const { endpoints, counters } = this;
    const clock = this.#clock;
    const hooks = this.#hooks;
    const isProxy = (each: Endpoint) =>
      proxyPort === 0 ? each.port !== endpoints[0]?.port : each.port === proxyPort && proxyPort !== port;
    const proxy = endpoints.find(isProxy)?.port;
    if (this.#options.neighbours) this.#neighbours = neighbours();
    const ports = { server: port, client: clientPort, proxy };
    const sender = new Sender({ transport: this.#transport, ports, clock, counters, hooks, neighbours: this.#neighbours });
    const { proxyDelay } = this.#options;
    const own = ownAddresses(endpoints);
    return new Answering({
      plan: this.#plan,
      clock,
      counters,
      handlers: this.#options,
      hooks,
      ledger,
      sender,
      own,
      proxyPort: proxy,
      proxyDelay,
    });
  }

  async #listenForBulk({ book }: Ledger, { port = 67, bulkPort = port === 67 ? 67 : false }: ListenOptions): Promise<void> {
    if (bulkPort === false || this.#plan.leasequery.length === 0) return;
    for (const address of new Set(this.endpoints.map((each) => each.address))) {
      const view = () => ({ plan: this.#plan, leases: book, now: this.#clock.now() });
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

  #tick(): void {
    this.#answering!.expire();
    this.#cancelTick = this.#clock.after(TICK, () => this.#tick());
  }

  #storeFailed(cause: Error): void {
    const message = `${cause.message}. New leases are not acknowledged until the store can be written again`;
    this.#hooks.report(new DhcpServerError('DHCP_SERVER_STORE', message, { cause }));
  }
}

function notStarted(): never {
  throw new DhcpServerError('DHCP_SERVER_STORE', 'The leases are not open: start the server first');
}
