import { constants } from 'node:os';
import type { Libc } from './libc.js';
import { Memory } from './memory.js';
import { AF_INET, AF_INET6, type Endpoint, readSockaddr, SOCKADDR_LENGTH, writeSockaddr } from './sockaddr.js';

const SOCK_DGRAM = 2;
const SOCK_NONBLOCK = 0o4000;
const SOCK_CLOEXEC = 0o2000000;
const SOL_SOCKET = 1;
const IPPROTO_IP = 0;
const IPPROTO_IPV6 = 41;
const SOL_UDP = 17;
/** What IPv4 addresses begin with on a socket for both families (RFC 4291 section 2.5.5.2). */
const MAPPED = '::ffff:';

/** Options of sockets: level and name. */
export const OPTION = {
  /** SO_REUSEADDR */
  reuseAddress: [SOL_SOCKET, 2],
  /** SO_SNDBUF */
  sendBuffer: [SOL_SOCKET, 7],
  /** SO_RCVBUF */
  receiveBuffer: [SOL_SOCKET, 8],
  /** SO_RCVBUFFORCE: above the system's limit, for root. */
  receiveBufferForced: [SOL_SOCKET, 33],
  /** SO_REUSEPORT: other sockets of this user that do the same may be bound to the port. */
  sharePort: [SOL_SOCKET, 15],
  /** IP_MTU_DISCOVER: 0 leaves the DF bit out. */
  pathMtuDiscovery: [IPPROTO_IP, 10],
  /** IP_PKTINFO: tells which address each datagram was sent to, see `readPacketInfo`. */
  packetInfo: [IPPROTO_IP, 8],
  /** IPV6_RECVPKTINFO */
  packetInfo6: [IPPROTO_IPV6, 49],
  /** IPV6_V6ONLY */
  ipv6Only: [IPPROTO_IPV6, 26],
  /** UDP_SEGMENT, Linux 4.18: one send is cut into datagrams of this size; 0 leaves it whole. */
  segment: [SOL_UDP, 103],
} as const;

type Option = (typeof OPTION)[keyof typeof OPTION];

/** An option and its value. */
export type SocketOption = readonly [Option, number];

/** Opens UDP descriptors and sets their options. */
export class Udp {
  readonly #libc: Libc;
  readonly #scratch: Memory;
  readonly #length: Memory;

  constructor(libc: Libc) {
    this.#libc = libc;
    this.#scratch = new Memory(libc, SOCKADDR_LENGTH);
    this.#length = new Memory(libc, 8);
  }

  /**
   * A bound descriptor. Options that the system refuses are left out.
   *
   * @throws Error with the `code` of the system: `EADDRINUSE`, `EACCES`, `EADDRNOTAVAIL`, …
   */
  open(local: Endpoint, options: readonly SocketOption[] = []): number {
    const libc = this.#libc;
    const isIPv6 = local.family === 'IPv6';
    const fd = libc.socket(isIPv6 ? AF_INET6 : AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) throw systemError(libc, 'socket');
    if (isIPv6) this.set(fd, OPTION.ipv6Only, local.address.startsWith(MAPPED) ? 0 : 1);
    for (const [option, value] of options) this.set(fd, option, value);
    if (libc.bind(fd, this.#scratch.address, writeSockaddr(this.#scratch, 0, local)) < 0)
      throw this.#failed(fd, 'bind', `${local.address}:${local.port}`);
    return fd;
  }

  /** The descriptor hears and answers this peer only. @throws the system's error */
  connect(fd: number, peer: Endpoint): void {
    if (this.#libc.connect(fd, this.#scratch.address, writeSockaddr(this.#scratch, 0, peer)) < 0) throw this.#failed(fd, 'connect');
  }

  /** Where the descriptor is bound. @throws the system's error */
  local(fd: number): Endpoint {
    this.#length.words[0] = SOCKADDR_LENGTH;
    if (this.#libc.getsockname(fd, this.#scratch.address, this.#length.address) < 0) throw systemError(this.#libc, 'getsockname');
    return readSockaddr(this.#scratch, 0);
  }

  /** False when the kernel refuses. */
  set(fd: number, [level, name]: Option, value: number): boolean {
    this.#scratch.words[0] = value;
    return this.#libc.setsockopt(fd, level, name, this.#scratch.address, 4) === 0;
  }

  /** From now on a send is cut into datagrams of this size, with 0 it is not. False when the kernel refuses. */
  segment(fd: number, size: number): boolean {
    return this.set(fd, OPTION.segment, size);
  }

  #failed(fd: number, call: string, at?: string): Error {
    const error = systemError(this.#libc, call, at);
    this.#libc.close(fd);
    return error;
  }
}

/** The error of the call that failed last, as Node has it. */
export function systemError(libc: Libc, syscall: string, at = ''): NodeJS.ErrnoException {
  const errno = libc.errno();
  const code = Object.entries(constants.errno).find(([, value]) => value === errno)?.[0] ?? `E${errno}`;
  return Object.assign(new Error(`${syscall} ${code} ${at}`.trim()), { code, errno: -errno, syscall });
}
