import { discover, get, inform, type Message, MessageType, type OptionsInput, option, renew, request } from '@pxekit/dhcp';
import {
  type Clock,
  type Datagram,
  type DhcpConfig,
  type Endpoint,
  LeaseBook,
  type Outcome,
  plan,
  type RespondContext,
  respond,
  type Transport,
} from '@pxekit/dhcp-server';

export const SERVER = '192.168.7.1';
export const ETH0: Endpoint = { address: SERVER, addresses: [SERVER], port: 67, interface: 'eth0' };
export const NOW = Date.UTC(2025, 0, 1, 12);

export const mac = (n: number) => `52:54:00:00:${(n >> 8).toString(16).padStart(2, '0')}:${(n & 255).toString(16).padStart(2, '0')}`;

/** One subnet with a pool of 101 addresses. */
export const BASIC: DhcpConfig = {
  subnets: [
    {
      subnet: '192.168.7.0/24',
      pools: ['192.168.7.100-192.168.7.200'],
      options: { routers: [SERVER], domainNameServers: ['192.168.7.2'] },
    },
  ],
};

export const basic = (more: Partial<DhcpConfig> = {}, subnet: Partial<DhcpConfig['subnets'][number]> = {}): DhcpConfig => ({
  ...BASIC,
  ...more,
  subnets: [{ ...BASIC.subnets[0]!, ...subnet }],
});

export interface From {
  source?: { address: string; port: number };
  local?: Endpoint;
  broadcast?: boolean;
}

/** `respond` with leases that follow its effects, as the server would apply them, and a clock that stands still. */
export class Lab {
  now = NOW;
  readonly book: LeaseBook;
  readonly plan;
  context: Partial<RespondContext> = {};

  constructor(config: DhcpConfig = BASIC, leases: ConstructorParameters<typeof LeaseBook>[1] = []) {
    this.plan = plan(config);
    this.book = new LeaseBook(this.plan, leases);
  }

  ask(message: Message, from: From = {}): Outcome {
    this.book.expire(this.now);
    const unicast = message.ciaddr !== '0.0.0.0';
    const outcome = respond(
      {
        message,
        source: from.source ?? { address: message.ciaddr, port: 68 },
        local: from.local ?? ETH0,
        broadcast: from.broadcast ?? (!unicast && message.giaddr === '0.0.0.0'),
      },
      { plan: this.plan, leases: this.book, now: this.now, ...this.context },
    );
    for (const effect of outcome.effects) {
      if (effect.type === 'offer') this.book.offer(effect.offer);
      else if (effect.type === 'withdraw') this.book.withdraw(effect.offer);
      else this.book.put(effect.lease);
    }
    return outcome;
  }

  /** DISCOVER and REQUEST; the ACK. */
  lease(n: number, options: OptionsInput = {}, header: Partial<Message> = {}, from: From = {}): Message {
    const offer = this.ask(discover({ xid: n, chaddr: mac(n), ...header, options }), from).reply!.message;
    return this.ask(request(offer, { ...header, options }), from).reply!.message;
  }
}

export const typeOf = (outcome: Outcome): number | undefined => outcome.reply && get(outcome.reply.message, 'messageType');
export const rules = (outcome: Outcome): string[] => outcome.trace.map((step) => step.rule);
export const codes = (message: Message): number[] => message.options.map((each) => each.code);
export { discover, get, inform, MessageType, option, renew, request };

/** A clock that moves when it is told to. */
export class ManualClock implements Clock {
  #now = NOW;
  #timers: { at: number; call: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  after(milliseconds: number, call: () => void): () => void {
    const timer = { at: this.#now + milliseconds, call };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((each) => each !== timer);
    };
  }

  advance(milliseconds: number): void {
    const end = this.#now + milliseconds;
    for (;;) {
      const next = this.#timers.filter((each) => each.at <= end).sort((a, b) => a.at - b.at)[0];
      if (next === undefined) break;
      this.#timers = this.#timers.filter((each) => each !== next);
      this.#now = Math.max(this.#now, next.at);
      next.call();
    }
    this.#now = end;
  }
}

/** A transport without sockets: `deliver` hands datagrams in, `sent` gathers what comes out. */
export class Wire implements Transport {
  readonly sent: { bytes: Uint8Array; to: { address: string; port: number }; from: Endpoint }[] = [];
  readonly endpoints: Endpoint[];
  #receive: ((datagram: Datagram) => void) | undefined;
  #waiting: (() => void)[] = [];

  constructor(endpoints: Endpoint[] = [ETH0]) {
    this.endpoints = endpoints;
  }

  async open(receive: (datagram: Datagram) => void): Promise<Endpoint[]> {
    this.#receive = receive;
    return this.endpoints;
  }

  deliver(bytes: Uint8Array, from: From = {}): void {
    this.#receive!({
      bytes,
      source: from.source ?? { address: '0.0.0.0', port: 68 },
      local: from.local ?? this.endpoints[0]!,
      broadcast: from.broadcast ?? true,
    });
  }

  /** Resolves when `count` datagrams have been sent in all. */
  async until(count: number): Promise<void> {
    while (this.sent.length < count) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  send(bytes: Uint8Array, to: { address: string; port: number }, from: Endpoint, done: () => void): void {
    this.sent.push({ bytes, to, from });
    done();
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  async close(): Promise<void> {}
}
