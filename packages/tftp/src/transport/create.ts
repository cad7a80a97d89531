import { type Libc, loadLibc, OPTION, Udp } from '@pxekit/datagram/native';
import type { Endpoint, Receive, Transport } from '../types.js';
import { createDgramTransport } from './dgram.js';
import { interfaceMtu } from './interface-mtu.js';
import { NativeTransport } from './native.js';

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
    const libc = await loadLibc();
    if (typeof libc === 'string') this.plainReason = libc;
    else if (canSegment(libc)) return new NativeTransport(libc);
    else this.plainReason = 'the kernel does not cut sends into datagrams (UDP_SEGMENT)';
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

/** Whether this kernel cuts sends into datagrams. */
function canSegment(libc: Libc): boolean {
  try {
    const udp = new Udp(libc);
    const fd = udp.open({ address: '127.0.0.1', port: 0, family: 'IPv4' });
    const works = udp.set(fd, OPTION.segment, 1000);
    libc.close(fd);
    return works;
  } catch {
    return false;
  }
}
