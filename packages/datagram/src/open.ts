import { BatchedSocket } from './batched.js';
import { type Libc, loadLibc } from './libc.js';
import { bindNodeSocket, PlainSocket } from './plain.js';
import type { Receive, UdpSocket, UdpSocketOptions } from './types.js';
import { OPTION, type SocketOption, Udp } from './udp.js';

/**
 * Opens a UDP socket that may broadcast. Datagrams go in batches on Linux where koffi is installed.
 *
 * @throws Error with the `code` of the system: `EADDRINUSE`, `EACCES`, `EADDRNOTAVAIL`, …
 */
export async function openUdpSocket(options: UdpSocketOptions, receive: Receive): Promise<UdpSocket> {
  const libc = options.batches === 'off' ? 'batches are off' : await loadLibc();
  if (typeof libc === 'string') return new PlainSocket(await bindNodeSocket(options), receive, libc);
  const fd = options.fd ?? bindDescriptor(libc, options);
  return new BatchedSocket(libc, fd, await bindNodeSocket({ fd }), receive);
}

/** Node does not tell the descriptor of a socket that it opens: this one is opened first and given to it. */
function bindDescriptor(libc: Libc, { address = '0.0.0.0', port = 0, reuseAddress = false, receiveBuffer }: UdpSocketOptions): number {
  const options: SocketOption[] = reuseAddress ? [[OPTION.reuseAddress, 1]] : [];
  // Root may go above the system's limit; who may not gets what the limit allows.
  if (receiveBuffer !== undefined) options.push([OPTION.receiveBuffer, receiveBuffer], [OPTION.receiveBufferForced, receiveBuffer]);
  return new Udp(libc).open({ address, port, family: 'IPv4' }, options);
}
