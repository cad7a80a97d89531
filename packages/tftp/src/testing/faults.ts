import { decodePacket, encodeError, type MalformedPacket, type Packet } from '../packet.js';
import { systemClock } from '../timer-wheel.js';
import type { Clock, DatagramPort, Endpoint, Receive, Transport } from '../types.js';
import { seededRandom } from './random.js';

/** A datagram on its way. */
export interface FaultContext {
  readonly packet: Packet | MalformedPacket;
  readonly direction: 'out' | 'in';
  readonly peer: Endpoint;
  /** Counts the datagrams of this direction and peer, from 1. */
  readonly count: number;
}

/** How often (0 to 1), or which: block numbers of DATA and ACK packets, or a predicate. */
export type FaultRule =
  | number
  | {
      readonly rate?: number;
      readonly blocks?: readonly number[];
      readonly when?: (context: FaultContext) => boolean;
      /** At most so often. */
      readonly times?: number;
    };

export interface Faults {
  /** Default 1. The same seed gives the same faults. */
  readonly seed?: number;
  /** Which datagrams: the ones sent (`out`), the ones received (`in`). Default both. */
  readonly direction?: 'out' | 'in' | 'both';
  readonly drop?: FaultRule;
  readonly duplicate?: FaultRule;
  /** The datagram comes after the next one. */
  readonly reorder?: FaultRule;
  readonly delay?: { readonly ms: number; readonly rule?: FaultRule };
  /** One bit of the datagram is turned. UDP's checksum makes a loss of this on a real network. */
  readonly corrupt?: FaultRule;
  /** The datagram ends early. */
  readonly truncate?: FaultRule;
  /** After this DATA block nothing is sent to the peer any more. */
  readonly stallAfter?: number;
  /** After this DATA block an ERROR is sent in the place of the next. */
  readonly errorAfter?: { readonly block: number; readonly code?: number; readonly message?: string };
}

const HELD_TOO_LONG = 50;

/** Puts faults between a server or client and its transport. */
export function withFaults(transport: Transport, faults: Faults, clock: Clock = systemClock): Transport {
  const injector = new Injector(faults, clock);
  return {
    ...transport,
    async bind(local, receive, onError) {
      return injector.port(await transport.bind(local, injector.receiver(receive), onError));
    },
    open(listener, peer, receive, range) {
      const opened = transport.open(listener, peer, injector.receiver(receive), range);
      return opened instanceof Promise ? opened.then((port) => injector.port(port)) : injector.port(opened);
    },
    close: () => transport.close(),
    ...(transport.mtu ? { mtu: (address: string) => transport.mtu!(address) } : {}),
  };
}

type Deliver = (data: Uint8Array) => void;

class Injector {
  readonly #faults: Faults;
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #counts = new Map<string, number>();
  readonly #used = new Map<FaultRule, number>();
  readonly #held = new Map<string, Deliver>();

  constructor(faults: Faults, clock: Clock) {
    this.#faults = faults;
    this.#clock = clock;
    this.#random = seededRandom(faults.seed ?? 1);
  }

  receiver(receive: Receive): Receive {
    if (this.#faults.direction === 'out') return (data, from, at) => receive(data, from, at && this.port(at));
    return (data, from, at) => this.#pass(data, from, 'in', (bytes) => receive(bytes, from, at && this.port(at)));
  }

  port(port: DatagramPort): DatagramPort {
    if (this.#faults.direction === 'in') return port;
    const send = (data: Uint8Array, to: Endpoint): void => this.#pass(data, to, 'out', (bytes) => port.send(bytes, to));
    return {
      local: port.local,
      send,
      sendRun(data, offset, length, packetSize, to) {
        const end = offset + length;
        for (let at = offset; at < end; at += packetSize) send(data.subarray(at, Math.min(at + packetSize, end)), to);
      },
      close: () => port.close(),
      unref: () => port.unref?.(),
    };
  }

  #pass(data: Uint8Array, peer: Endpoint, direction: 'out' | 'in', deliver: Deliver): void {
    const { drop, duplicate, reorder, delay, corrupt, truncate, stallAfter, errorAfter } = this.#faults;
    const key = `${direction} ${peer.address} ${peer.port}`;
    const count = (this.#counts.get(key) ?? 0) + 1;
    this.#counts.set(key, count);
    const packet = decodePacket(data);
    const context: FaultContext = { packet, direction, peer, count };
    if (direction === 'out' && packet.type === 'data') {
      if (stallAfter !== undefined && packet.block > stallAfter) return;
      if (errorAfter && packet.block > errorAfter.block) {
        deliver(encodeError(errorAfter.code ?? 0, errorAfter.message ?? 'Injected fault'));
        return;
      }
    }
    if (this.#hits(drop, context)) return;
    let bytes = data;
    if (this.#hits(corrupt, context)) bytes = this.#corrupted(bytes);
    if (this.#hits(truncate, context)) bytes = bytes.slice(0, Math.floor(this.#random() * bytes.length));
    const copies = this.#hits(duplicate, context) ? 2 : 1;
    const late = delay && this.#hits(delay.rule ?? 1, context) ? delay.ms : 0;
    for (let copy = 0; copy < copies; copy += 1) {
      if (this.#hits(reorder, context)) this.#hold(key, bytes.slice(), deliver);
      else this.#send(key, bytes, deliver, late);
    }
  }

  #send(key: string, bytes: Uint8Array, deliver: Deliver, late: number): void {
    if (late > 0) {
      const kept = bytes.slice();
      this.#clock.setTimeout(() => deliver(kept), late);
    } else {
      deliver(bytes);
    }
    const held = this.#held.get(key);
    this.#held.delete(key);
    held?.(bytes);
  }

  /** Keeps a datagram back until another one went past it, not for long when none comes. */
  #hold(key: string, bytes: Uint8Array, deliver: Deliver): void {
    this.#held.get(key)?.(bytes);
    let there = true;
    const release: Deliver = () => {
      if (there) deliver(bytes);
      there = false;
    };
    this.#held.set(key, release);
    this.#clock.setTimeout(() => {
      if (this.#held.get(key) === release) this.#held.delete(key);
      release(bytes);
    }, HELD_TOO_LONG);
  }

  #corrupted(data: Uint8Array): Uint8Array {
    const bytes = data.slice();
    if (bytes.length > 0) bytes[Math.floor(this.#random() * bytes.length)]! ^= 1 << Math.floor(this.#random() * 8);
    return bytes;
  }

  #hits(rule: FaultRule | undefined, context: FaultContext): boolean {
    if (rule === undefined || rule === 0) return false;
    if (typeof rule === 'number') return this.#random() < rule;
    const used = this.#used.get(rule) ?? 0;
    if (used >= (rule.times ?? Number.POSITIVE_INFINITY)) return false;
    const { packet } = context;
    const block = packet.type === 'data' || packet.type === 'ack' ? packet.block : -1;
    if (rule.blocks && !rule.blocks.includes(block)) return false;
    if (rule.when && !rule.when(context)) return false;
    if (rule.rate !== undefined && this.#random() >= rule.rate) return false;
    this.#used.set(rule, used + 1);
    return true;
  }
}
