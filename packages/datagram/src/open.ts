import { constants } from 'node:os';
import { BatchedSocket } from './batched.js';
import { type Libc, loadLibc, Memory } from './libc.js';
import { bindNodeSocket, PlainSocket } from './plain.js';
import { AF_INET, SOCKADDR_LENGTH, writeSockaddr } from './sockaddr.js';
import type { Receive, UdpSocket, UdpSocketOptions } from './types.js';

const SOCK_DGRAM = 2;
const SOCK_NONBLOCK = 0o4000;
const SOCK_CLOEXEC = 0o2000000;
const SOL_SOCKET = 1;
const SO_REUSEADDR = 2;
const SO_RCVBUF = 8;
const SO_RCVBUFFORCE = 33;

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
  const fd = libc.socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) throw systemError(libc, 'socket');
  const value = new Memory(libc, SOCKADDR_LENGTH);
  const set = (name: number, number: number): boolean => {
    value.words[0] = number;
    return libc.setsockopt(fd, SOL_SOCKET, name, value.address, 4) === 0;
  };
  if (reuseAddress) set(SO_REUSEADDR, 1);
  // Root may go above the system's limit; who may not gets what the limit allows.
  if (receiveBuffer !== undefined && !set(SO_RCVBUFFORCE, receiveBuffer)) set(SO_RCVBUF, receiveBuffer);
  writeSockaddr(value.bytes, 0, { address, port });
  if (libc.bind(fd, value.address, SOCKADDR_LENGTH) < 0) {
    const error = systemError(libc, 'bind', `${address}:${port}`);
    libc.close(fd);
    throw error;
  }
  return fd;
}

function systemError(libc: Libc, syscall: string, at = ''): NodeJS.ErrnoException {
  const errno = libc.errno();
  const code = Object.entries(constants.errno).find(([, value]) => value === errno)?.[0] ?? `E${errno}`;
  return Object.assign(new Error(`${syscall} ${code} ${at}`.trim()), { code, errno: -errno, syscall });
}
