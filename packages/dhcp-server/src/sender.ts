import { type DhcpError, encode, type Message } from '@pxekit/dhcp';
import type { Clock } from './clock.js';
import { type Counters, count, typeName } from './counters.js';
import type { Outcome, Reply } from './decision.js';
import { type Destination, destinationOf, type Ports } from './destination.js';
import { DhcpServerError } from './errors.js';
import type { RequestFacts } from './facts.js';
import type { HookCalls } from './hook-calls.js';
import type { Neighbours } from './neighbours.js';
import type { Transport } from './transport.js';

/** What a sender works with. */
export interface SenderTools {
  transport: Transport;
  ports: Ports;
  clock: Clock;
  counters: Counters;
  hooks: HookCalls;
  /** Missing: clients without an address are answered by broadcast. */
  neighbours: Neighbours | undefined;
}

/** Puts replies on the wire: encodes them, finds where they go, waits where they shall wait. */
export class Sender {
  readonly #tools: SenderTools;

  constructor(tools: SenderTools) {
    this.#tools = tools;
  }

  send(facts: RequestFacts, { message, delay }: Reply, trace: Outcome['trace']): void {
    if (delay > 0) this.#tools.clock.after(delay, () => this.#transmit(facts, message, trace));
    else this.#transmit(facts, message, trace);
  }

  #transmit(facts: RequestFacts, message: Message, trace: Outcome['trace']): void {
    const { ports, neighbours } = this.#tools;
    let bytes: Uint8Array;
    try {
      bytes = encode(message);
    } catch (cause) {
      this.#failed(facts, cause as DhcpError, (cause as DhcpError).code);
      return;
    }
    const to = destinationOf(facts, message, ports);
    // Without a neighbour entry the kernel would ask by ARP for a client that cannot answer yet.
    const everybody = { address: '255.255.255.255', port: to.port };
    if (to.hardware === undefined) this.#dispatch(facts, message, bytes, to, trace);
    else if (neighbours === undefined) this.#dispatch(facts, message, bytes, everybody, trace);
    else
      neighbours
        .add(to.address, to.hardware, facts.local.interface)
        .then((stands) => this.#dispatch(facts, message, bytes, stands ? to : everybody, trace));
  }

  #dispatch(facts: RequestFacts, message: Message, bytes: Uint8Array, to: Destination, trace: Outcome['trace']): void {
    const { transport, counters, hooks } = this.#tools;
    transport.send(bytes, to, facts.local, (error) => {
      if (error) {
        this.#failed(facts, error, (error as NodeJS.ErrnoException).code ?? error.message);
        return;
      }
      counters.sent++;
      count(counters.replies, typeName(message.options.find((each) => each.code === 53)?.data[0] ?? 0));
      hooks.call('onReply', { facts, reply: message, to, bytes: bytes.length, trace });
    });
  }

  #failed(facts: RequestFacts, cause: Error, kind: string): void {
    const { counters, hooks } = this.#tools;
    counters.sendErrors++;
    hooks.report(new DhcpServerError('DHCP_SERVER_SOCKET', `A reply to ${facts.client} was not sent: ${cause.message}`, { cause }), kind);
  }
}
