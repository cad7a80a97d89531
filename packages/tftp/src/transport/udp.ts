import { constants } from 'node:os';
import type { Endpoint } from '../types.js';
import { type Libc, Memory } from './libc.js';
import { AF_INET, AF_INET6, readSockaddr, SOCKADDR_LENGTH, writeSockaddr } from './sockaddr.js';

const SOCK_DGRAM = 2;
const SOCK_NONBLOCK = 0o4000;
const SOCK_CLOEXEC = 0o2000000;
const SOL_SOCKET = 1;
const SO_SNDBUF = 7;
const SO_RCVBUF = 8;
const SO_REUSEPORT = 15;
const IPPROTO_IP = 0;
const IP_MTU_DISCOVER = 10;
const IP_PMTUDISC_DONT = 0;
const IP_PKTINFO = 8;
const IPPROTO_IPV6 = 41;
const IPV6_V6ONLY = 26;
const IPV6_RECVPKTINFO = 49;
const SOL_UDP = 17;
/** Linux 4.18: one send is cut into datagrams of this size. */
const UDP_SEGMENT = 103;
/** What IPv4 addresses begin with on a socket for both families (RFC 4291 section 2.5.5.2). */
const MAPPED = '::ffff:';
const BUFFER_BYTES = 4 * 1024 * 1024;

type Address = Pick<Endpoint, 'address' | 'port' | 'family'>;

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

  /** A bound descriptor; beside those on the same port that `share` was called for, too. @throws the system's error */
  open(local: Address, beside = false): number {
    const libc = this.#libc;
    const isIPv6 = local.family === 'IPv6';
    const fd = libc.socket(isIPv6 ? AF_INET6 : AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) throw systemError(libc, 'socket');
    this.#set(fd, SOL_SOCKET, SO_RCVBUF, BUFFER_BYTES);
    this.#set(fd, SOL_SOCKET, SO_SNDBUF, BUFFER_BYTES);
    if (isIPv6) this.#set(fd, IPPROTO_IPV6, IPV6_V6ONLY, local.address.startsWith(MAPPED) ? 0 : 1);
    // Some boot ROMs drop datagrams with the DF bit, which Linux sets unless it is told not to.
    this.#set(fd, IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_DONT);
    if (beside) this.share(fd);
    if (libc.bind(fd, this.#scratch.address, writeSockaddr(this.#scratch, 0, local)) < 0) throw this.#failed(fd, 'bind');
    return fd;
  }

  /** From now on the descriptor tells which address each datagram was sent to, see `readPacketInfo`. */
  tellAddresses(fd: number, family: Endpoint['family']): void {
    if (family === 'IPv6') this.#set(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, 1);
    else this.#set(fd, IPPROTO_IP, IP_PKTINFO, 1);
  }

  /** Another descriptor may be bound to the same port: by this user only (SO_REUSEPORT). */
  share(fd: number): void {
    this.#set(fd, SOL_SOCKET, SO_REUSEPORT, 1);
  }

  /** The descriptor hears and answers this peer only. @throws the system's error */
  connect(fd: number, peer: Address): void {
    if (this.#libc.connect(fd, this.#scratch.address, writeSockaddr(this.#scratch, 0, peer)) < 0) throw this.#failed(fd, 'connect');
  }

  /** Where the descriptor is bound. @throws the system's error */
  local(fd: number): Endpoint {
    this.#length.words[0] = SOCKADDR_LENGTH;
    if (this.#libc.getsockname(fd, this.#scratch.address, this.#length.address) < 0) throw systemError(this.#libc, 'getsockname');
    return readSockaddr(this.#scratch, 0);
  }

  /** From now on a send is cut into datagrams of this size, with 0 it is not. False when the kernel refuses. */
  segment(fd: number, size: number): boolean {
    return this.#set(fd, SOL_UDP, UDP_SEGMENT, size);
  }

  #set(fd: number, level: number, name: number, value: number): boolean {
    this.#scratch.words[0] = value;
    return this.#libc.setsockopt(fd, level, name, this.#scratch.address, 4) === 0;
  }

  #failed(fd: number, call: string): Error {
    const error = systemError(this.#libc, call);
    this.#libc.close(fd);
    return error;
  }
}

export function systemError(libc: Libc, call: string): NodeJS.ErrnoException {
  const errno = libc.errno();
  const code = Object.entries(constants.errno).find(([, value]) => value === errno)?.[0] ?? `E${errno}`;
  return Object.assign(new Error(`${call} ${code}`), { code, errno: -errno, syscall: call });
}

/** Whether this kernel cuts sends into datagrams. */
export function probeSegmentation(libc: Libc): boolean {
  const fd = libc.socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return false;
  const works = new Udp(libc).segment(fd, 1000);
  libc.close(fd);
  return works;
}
