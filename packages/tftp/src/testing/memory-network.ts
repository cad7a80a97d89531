import { isIPv6 } from 'node:net';
import { systemClock } from '../timer-wheel.js';
import type { Clock, DatagramPort, Endpoint, Receive, Transport } from '../types.js';

export interface MemoryNetworkOptions {
  /** Default: the system's. */
  readonly clock?: Clock;
  /** One way, in milliseconds. Default 0. */
  readonly latency?: number;
  /** The MTU that servers see. Default 1500. */
  readonly mtu?: number;
}

/** A network of hosts in this process: datagrams arrive in order and unharmed unless `withFaults` is between. */
export interface MemoryNetwork {
  /** The transport of the host with this address. */
  host(address: string): Transport;
  /** Ports that are open, for tests that look for leaks. */
  readonly openPorts: number;
}

/**
 * A server and a client that run with no port at all:
 *
 * ```ts
 * const network = createMemoryNetwork();
 * const server = createTftpServer({ files: { a: 'A' }, transport: network.host('10.0.0.1') });
 * await server.listen();
 * const { data } = await get('tftp://10.0.0.1/a', { transport: network.host('10.0.0.2') });
 * ```
 */
export function createMemoryNetwork(options: MemoryNetworkOptions = {}): MemoryNetwork {
  const { clock = systemClock, latency = 0, mtu = 1500 } = options;
  const ports = new Map<string, Receive>();
  let ephemeral = 49152;
  const waiting: (() => void)[] = [];

  function deliverSoon(deliver: () => void): void {
    if (clock !== systemClock || latency > 0) {
      clock.setTimeout(deliver, latency);
      return;
    }
    waiting.push(deliver);
    if (waiting.length === 1) setImmediate(deliverWaiting);
  }

  function deliverWaiting(): void {
    for (const deliver of waiting.splice(0)) deliver();
  }

  function freePort(address: string, [first, last]: readonly [number, number]): number {
    for (let tries = 0; tries <= last - first; tries += 1) {
      ephemeral = ephemeral >= last || ephemeral < first ? first : ephemeral + 1;
      if (!ports.has(`${address} ${ephemeral}`)) return ephemeral;
    }
    throw Object.assign(new Error('No free port'), { code: 'EADDRINUSE' });
  }

  function openPort(address: string, port: number, receive: Receive): DatagramPort {
    const local: Endpoint = { address, port, family: isIPv6(address) ? 'IPv6' : 'IPv4' };
    const key = `${address} ${port}`;
    if (ports.has(key)) throw Object.assign(new Error(`Port ${port} is in use`), { code: 'EADDRINUSE' });
    ports.set(key, receive);
    let open = true;
    const send = (data: Uint8Array, to: Endpoint): void => {
      if (!open) return;
      const copy = data.slice();
      deliverSoon(() => ports.get(`${to.address} ${to.port}`)?.(copy, local));
    };
    return {
      local,
      send,
      sendRun(data, offset, length, packetSize, to) {
        const end = offset + length;
        for (let at = offset; at < end; at += packetSize) send(data.subarray(at, Math.min(at + packetSize, end)), to);
      },
      close() {
        if (!open) return;
        open = false;
        ports.delete(key);
      },
    };
  }

  return {
    get openPorts() {
      return ports.size;
    },
    host(address) {
      return {
        bind: async ({ port }, receive) => openPort(address, port === 0 ? freePort(address, [49152, 65535]) : port, receive),
        open: (_listener, _peer, receive, range) => openPort(address, freePort(address, range ?? [49152, 65535]), receive),
        close() {},
        mtu: () => mtu,
      };
    },
  };
}
