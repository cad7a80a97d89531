import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import type { DatagramPort, Endpoint, Receive, Transport } from '../types.js';
import { interfaceMtu } from './interface-mtu.js';

/** Addresses are numbers already: no name is looked up, neither now nor in a thread. */
type LookupCallback = (error: Error | null, address: string, family: number) => void;
function lookup(address: string, options: unknown, callback?: LookupCallback): void {
  const done = callback ?? (options as LookupCallback);
  done(null, address, isIPv6(address) ? 6 : 4);
}

const BUFFER_BYTES = 4 * 1024 * 1024;
const POOLED = 64;

interface PooledSocket {
  readonly socket: Socket;
  readonly local: Endpoint;
  receive: Receive;
}

class DgramPort implements DatagramPort {
  readonly local: Endpoint;
  readonly #pooled: PooledSocket;
  readonly #release: (socket: PooledSocket) => void;
  #open = true;

  constructor(pooled: PooledSocket, release: (socket: PooledSocket) => void) {
    this.#pooled = pooled;
    this.#release = release;
    this.local = pooled.local;
  }

  send(data: Uint8Array, to: Endpoint): void {
    if (!this.#open) return;
    this.#pooled.socket.send(data, to.port, to.address);
  }

  sendRun(data: Uint8Array, offset: number, length: number, packetSize: number, to: Endpoint): void {
    if (!this.#open) return;
    const { socket } = this.#pooled;
    const end = offset + length;
    for (let at = offset; at < end; at += packetSize) socket.send(data, at, Math.min(packetSize, end - at), to.port, to.address);
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#release(this.#pooled);
  }

  unref(): void {
    this.#pooled.socket.unref();
  }
}

function ignore(): void {}

/**
 * UDP through `node:dgram`. Sockets of finished transfers are used again: opening one costs more than a small file. They
 * are not connected, so that strangers can be told that they are strangers (ERROR 5).
 */
export function createDgramTransport(options: { readonly pooled?: number } = {}): Transport {
  const most = options.pooled ?? POOLED;
  const pools = new Map<string, PooledSocket[]>();
  let closed = false;

  async function bindSocket(address: string, port: number, fd?: number): Promise<PooledSocket> {
    const socket = createSocket({ type: isIPv6(address) ? 'udp6' : 'udp4', ipv6Only: isIPv6(address), lookup });
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.bind(fd === undefined ? { port, address } : { fd }, () => {
        socket.off('error', reject);
        resolve();
      });
    }).catch((error) => {
      socket.close();
      throw error;
    });
    for (const set of [() => socket.setRecvBufferSize(BUFFER_BYTES), () => socket.setSendBufferSize(BUFFER_BYTES)]) {
      try {
        set();
      } catch {
        // A smaller buffer serves, too.
      }
    }
    const { address: bound, port: boundPort, family } = socket.address();
    const pooled: PooledSocket = {
      socket,
      local: { address: bound, port: boundPort, family: family as Endpoint['family'] },
      receive: ignore,
    };
    socket.on('message', (message: Buffer, from: RemoteInfo) => pooled.receive(message, from));
    return pooled;
  }

  function take(address: string, receive: Receive): DatagramPort | undefined {
    const pooled = pools.get(address)?.shift();
    if (!pooled) return undefined;
    pooled.receive = receive;
    pooled.socket.ref();
    return new DgramPort(pooled, give);
  }

  function give(pooled: PooledSocket): void {
    pooled.receive = ignore;
    const key = pooled.local.address;
    const pool = pools.get(key) ?? [];
    pools.set(key, pool);
    if (closed || pool.length >= most) {
      pooled.socket.close();
    } else {
      pooled.socket.unref();
      pool.push(pooled);
    }
  }

  async function openInRange(address: string, [first, last]: readonly [number, number]): Promise<PooledSocket> {
    let failure: unknown;
    const count = last - first + 1;
    const start = Math.floor(Math.random() * count);
    for (let step = 0; step < count; step += 1) {
      try {
        return await bindSocket(address, first + ((start + step) % count));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
        failure = error;
      }
    }
    throw failure;
  }

  return {
    async bind({ address, port, fd }, receive, onError) {
      const pooled = await bindSocket(address, port, fd);
      // An endpoint outlives the datagram; Node's object says more than that.
      pooled.receive = (data, { address: sender, port: from, family }) => receive(data, { address: sender, port: from, family });
      pooled.socket.on('error', onError);
      return new DgramPort(pooled, ({ socket }) => socket.close());
    },
    open(listener, _peer, receive, range) {
      const ready = take(listener.address, receive);
      if (ready) return ready;
      return (range ? openInRange(listener.address, range) : bindSocket(listener.address, 0)).then((pooled) => {
        pooled.receive = receive;
        // A failed send is a lost packet.
        pooled.socket.on('error', ignore);
        return new DgramPort(pooled, give);
      });
    },
    mtu: interfaceMtu,
    close() {
      closed = true;
      for (const pool of pools.values()) for (const { socket } of pool) socket.close();
      pools.clear();
    },
  };
}
