import type { Endpoint, Receive, Transport } from '../types.js';
import { createDgramTransport } from './dgram.js';
import { interfaceMtu } from './interface-mtu.js';
import { loadLibc } from './libc.js';
import { NativeTransport } from './native.js';
import { probeSegmentation } from './udp.js';

/** The fastest transport that works here. `auto` decides at the first `bind` and says in `plainReason` why it is not the fast one. */
export function createTransport(fastPath: 'auto' | 'off'): Transport {
  return fastPath === 'off' ? createDgramTransport() : new AutoTransport();
}

class AutoTransport implements Transport {
  plainReason: string | undefined;
  #chosen: Transport | undefined;

  async bind(...args: Parameters<Transport['bind']>): ReturnType<Transport['bind']> {
    this.#chosen ??= await this.#choose();
    return this.#chosen.bind(...args);
  }

  async #choose(): Promise<Transport> {
    try {
      const libc = await loadLibc();
      if (probeSegmentation(libc)) return new NativeTransport(libc);
      this.plainReason = 'the kernel does not cut sends into datagrams (UDP_SEGMENT)';
    } catch (error) {
      this.plainReason = (error as Error).message;
    }
    return createDgramTransport();
  }

  open(listener: Endpoint, peer: Endpoint, receive: Receive, range?: readonly [number, number]): ReturnType<Transport['open']> {
    return this.#chosen!.open(listener, peer, receive, range);
  }

  mtu(address: string): number | undefined {
    return interfaceMtu(address);
  }

  close(): void {
    this.#chosen?.close();
  }
}
