import { createSocket, type Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import type { DatagramPort, Endpoint, Receive, Transport } from '../types.js';
import { type Libc, Memory } from './libc.js';
import { MessageBatch } from './message-batch.js';
import { AF_INET, AF_INET6, readSockaddr, SOCKADDR_LENGTH, writeSockaddr } from './sockaddr.js';

const SOCK_DGRAM = 2;
const SOCK_NONBLOCK = 0o4000;
const SOCK_CLOEXEC = 0o2000000;
const SOL_SOCKET = 1;
const SO_SNDBUF = 7;
const SO_RCVBUF = 8;
const IPPROTO_IP = 0;
const IP_MTU_DISCOVER = 10;
const IP_PMTUDISC_DONT = 0;
const IPPROTO_IPV6 = 41;
const IPV6_V6ONLY = 26;
const SOL_UDP = 17;
/** Linux 4.18: one send is cut into datagrams of this size. */
const UDP_SEGMENT = 103;
const MSG_DONTWAIT = 0x40;
const EPOLL_CTL_ADD = 1;
const EPOLL_CTL_DEL = 2;
const EPOLLIN = 1;
const EVENTS = 64;
/** `struct epoll_event` is packed on x64 only. */
const EVENT_LENGTH = process.arch === 'x64' ? 12 : 16;
const EVENT_DATA = process.arch === 'x64' ? 4 : 8;

const ACK_LENGTH = 4;
const MAX_DATAGRAM = 65_536;
/** The kernel cuts one send into at most so many datagrams. */
const MAX_SEGMENTS = 64;
const MAX_SEND = 65_507;
const BUFFER_BYTES = 4 * 1024 * 1024;
const POOLED = 64;
/** How long packets are read without giving other work of the process a turn, in ms. */
const TURN = 2;
/** How long the answer to what was just sent is waited for before the event loop takes over, in ns: a round trip of a LAN. */
const LINGER = 500_000;
/** After a wait for nothing, so many turns do not wait: other work of the process is not kept from its turn again and again. */
const IMPATIENT_TURNS = 8;

interface NativeSocket {
  readonly fd: number;
  readonly socket: Socket;
  readonly local: Endpoint;
  receive: Receive;
  /** Set when the socket hears everyone, and many datagrams at once. */
  batch: MessageBatch | undefined;
  /** The current value of UDP_SEGMENT; -1 when the kernel refuses it. */
  segment: number;
  peer: Endpoint | undefined;
  readonly peerAddress: Memory;
  peerLength: number;
}

function systemError(libc: Libc, call: string): NodeJS.ErrnoException {
  const names: Record<number, string> = { 1: 'EPERM', 13: 'EACCES', 24: 'EMFILE', 98: 'EADDRINUSE', 99: 'EADDRNOTAVAIL' };
  const errno = libc.errno();
  const code = names[errno] ?? `E${errno}`;
  return Object.assign(new Error(`${call} ${code}`), { code, errno: -errno, syscall: call });
}

/**
 * UDP with batches: a window leaves in one call and the kernel cuts it into datagrams (UDP_SEGMENT); datagrams of many
 * sockets are read in one turn; the listening port is read and written with recvmmsg and sendmmsg. Node's event loop only
 * wakes it up.
 */
export class NativeTransport implements Transport {
  readonly #libc: Libc;
  readonly #scratch: Memory;
  readonly #input: Memory;
  /** Most datagrams are ACKs: a view that need not be made for each. */
  readonly #ack: Uint8Array;
  readonly #from: Memory;
  readonly #fromLength: Memory;
  readonly #events: Memory;
  readonly #linger: Memory;
  #impatient = 0;
  readonly #epoll: number;
  readonly #sockets = new Map<number, NativeSocket>();
  /** Sockets of finished transfers by local address. */
  readonly #pools = new Map<string, NativeSocket[]>();
  readonly #addresses = new WeakMap<ArrayBufferLike, number>();
  #draining = false;
  #closed = false;

  constructor(libc: Libc) {
    this.#libc = libc;
    this.#scratch = new Memory(libc, 64);
    this.#input = new Memory(libc, MAX_DATAGRAM);
    this.#ack = this.#input.bytes.subarray(0, ACK_LENGTH);
    this.#from = new Memory(libc, SOCKADDR_LENGTH);
    this.#fromLength = new Memory(libc, 8);
    this.#events = new Memory(libc, EVENTS * EVENT_LENGTH);
    this.#linger = new Memory(libc, 16);
    this.#linger.pointer(8, LINGER);
    this.#epoll = libc.epoll_create1(SOCK_CLOEXEC);
  }

  // Opening and closing.

  async bind(
    { address, port, fd }: Parameters<Transport['bind']>[0],
    receive: Receive,
    onError: (error: Error) => void,
  ): Promise<DatagramPort> {
    const native = fd === undefined ? this.#open(address, port) : this.#adopt(fd);
    native.batch = new MessageBatch(this.#libc, native.fd);
    native.receive = receive;
    native.socket.on('error', onError);
    return new NativePort(this, native, () => this.#close(native));
  }

  open(listener: Endpoint, peer: Endpoint, receive: Receive, range?: readonly [number, number]): DatagramPort {
    let native = this.#pools.get(listener.address)?.shift();
    if (!native) {
      native = this.#openAny(listener.address, range);
      native.socket.on('error', ignore);
      // The listening port keeps the process alive.
      native.socket.unref();
    }
    native.receive = receive;
    native.peer = peer;
    native.peerLength = writeSockaddr(native.peerAddress, 0, peer);
    return new NativePort(this, native, (used) => this.#give(used));
  }

  #openAny(address: string, range: readonly [number, number] | undefined): NativeSocket {
    if (!range) return this.#open(address, 0);
    const count = range[1] - range[0] + 1;
    const start = Math.floor(Math.random() * count);
    let failure: unknown;
    for (let step = 0; step < count; step += 1) {
      try {
        return this.#open(address, range[0] + ((start + step) % count));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
        failure = error;
      }
    }
    throw failure;
  }

  #open(address: string, port: number): NativeSocket {
    const libc = this.#libc;
    const family = isIPv6(address) ? 'IPv6' : 'IPv4';
    const fd = libc.socket(family === 'IPv6' ? AF_INET6 : AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) throw systemError(libc, 'socket');
    this.#set(fd, SOL_SOCKET, SO_RCVBUF, BUFFER_BYTES);
    this.#set(fd, SOL_SOCKET, SO_SNDBUF, BUFFER_BYTES);
    if (family === 'IPv6') this.#set(fd, IPPROTO_IPV6, IPV6_V6ONLY, 1);
    // Some boot ROMs drop datagrams with the DF bit, which Linux sets unless it is told not to.
    else this.#set(fd, IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_DONT);
    if (libc.bind(fd, this.#scratch.address, writeSockaddr(this.#scratch, 0, { address, port, family })) < 0) {
      const error = systemError(libc, 'bind');
      libc.close(fd);
      throw error;
    }
    return this.#adopt(fd);
  }

  /** Takes over a bound socket. */
  #adopt(fd: number): NativeSocket {
    const libc = this.#libc;
    this.#fromLength.words[0] = SOCKADDR_LENGTH;
    if (libc.getsockname(fd, this.#from.address, this.#fromLength.address) < 0) throw systemError(libc, 'getsockname');
    const local = readSockaddr(this.#from, 0);
    const socket = createSocket({ type: local.family === 'IPv6' ? 'udp6' : 'udp4' });
    const native: NativeSocket = {
      fd,
      socket,
      local,
      receive: ignore,
      batch: undefined,
      segment: 0,
      peer: undefined,
      peerAddress: new Memory(libc, SOCKADDR_LENGTH),
      peerLength: 0,
    };
    socket.bind({ fd });
    socket.on('message', (message, from) => {
      native.receive(message, from);
      this.#drain();
    });
    this.#sockets.set(fd, native);
    this.#events.words[0] = EPOLLIN;
    this.#events.bytes.fill(0, 4, EVENT_LENGTH);
    this.#events.words[EVENT_DATA >> 2] = fd;
    libc.epoll_ctl(this.#epoll, EPOLL_CTL_ADD, fd, this.#events.address);
    return native;
  }

  #set(fd: number, level: number, name: number, value: number): boolean {
    this.#scratch.words[0] = value;
    return this.#libc.setsockopt(fd, level, name, this.#scratch.address, 4) === 0;
  }

  #give(native: NativeSocket): void {
    native.receive = ignore;
    native.peer = undefined;
    const { address } = native.local;
    let pool = this.#pools.get(address);
    if (!pool) this.#pools.set(address, (pool = []));
    if (this.#closed || pool.length >= POOLED) this.#close(native);
    else pool.push(native);
  }

  #close(native: NativeSocket): void {
    if (!this.#sockets.delete(native.fd)) return;
    this.#libc.epoll_ctl(this.#epoll, EPOLL_CTL_DEL, native.fd, this.#events.address);
    native.socket.close();
    if (this.#closed && this.#sockets.size === 0) this.#libc.close(this.#epoll);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const pool of this.#pools.values()) for (const native of pool) this.#close(native);
    this.#pools.clear();
    if (this.#sockets.size === 0) this.#libc.close(this.#epoll);
  }

  // Receiving.

  /**
   * Reads everything that waits on any socket, for as long as answers keep coming and the turn lasts. Peers answer within a
   * round trip where nothing is lost: waiting here for that long is cheaper than a round through the event loop.
   */
  readonly #drain = (): void => {
    if (this.#draining || this.#closed) return;
    this.#draining = true;
    if (this.#impatient > 0) this.#impatient -= 1;
    const until = performance.now() + TURN;
    try {
      for (let round = 1; ; round += 1) {
        const count = this.#wait();
        for (let index = 0; index < count; index += 1) {
          const native = this.#sockets.get(this.#eventFd(index));
          if (native) this.#read(native);
        }
        if (count <= 0 || this.#closed) return;
        if (round % 8 === 0 && performance.now() > until) {
          setImmediate(this.#drain);
          return;
        }
      }
    } finally {
      this.#draining = false;
    }
  };

  #wait(): number {
    const { epoll_wait, epoll_pwait2 } = this.#libc;
    if (!epoll_pwait2 || this.#impatient > 0) return epoll_wait(this.#epoll, this.#events.address, EVENTS, 0);
    const count = epoll_pwait2(this.#epoll, this.#events.address, EVENTS, this.#linger.address, 0);
    if (count === 0) this.#impatient = IMPATIENT_TURNS;
    return count;
  }

  #eventFd(index: number): number {
    const at = index * EVENT_LENGTH + EVENT_DATA;
    const { bytes } = this.#events;
    return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16);
  }

  #read(native: NativeSocket): void {
    if (native.batch) {
      native.batch.receive(native.receive);
      return;
    }
    this.#fromLength.words[0] = SOCKADDR_LENGTH;
    const length = this.#libc.recvfrom(
      native.fd,
      this.#input.address,
      MAX_DATAGRAM,
      MSG_DONTWAIT,
      this.#from.address,
      this.#fromLength.address,
    );
    if (length < 0) return;
    const data = length === ACK_LENGTH ? this.#ack : this.#input.bytes.subarray(0, length);
    native.receive(data, this.#isPeer(native) ? native.peer! : readSockaddr(this.#from, 0));
  }

  #isPeer({ peer, peerAddress }: NativeSocket): boolean {
    if (!peer) return false;
    const { words } = this.#from;
    const expected = peerAddress.words;
    if (words[0] !== expected[0]) return false;
    if (peer.family === 'IPv4') return words[1] === expected[1];
    return words[2] === expected[2] && words[3] === expected[3] && words[4] === expected[4] && words[5] === expected[5];
  }

  // Sending.

  /** The address of the first byte of a view. */
  #addressOf(data: Uint8Array): number {
    let base = this.#addresses.get(data.buffer);
    if (base === undefined) this.#addresses.set(data.buffer, (base = this.#libc.addressOf(data.buffer as ArrayBuffer)));
    return base + data.byteOffset;
  }

  send(native: NativeSocket, data: Uint8Array, to: Endpoint): void {
    if (native.batch) {
      native.batch.send(data, to, this.#draining);
      return;
    }
    // Small packets may lie in the JavaScript heap, which moves.
    if (data.length <= this.#input.bytes.length) this.#input.bytes.set(data);
    this.#sendOne(native, this.#input.address, data.length, to);
  }

  /** One datagram. The size that an earlier run left on the socket would cut it in two. */
  #sendOne(native: NativeSocket, address: number, length: number, to: Endpoint): void {
    if (native.segment > 0 && length > native.segment) {
      this.#set(native.fd, SOL_UDP, UDP_SEGMENT, 0);
      native.segment = 0;
    }
    this.#sendTo(native, address, length, to);
  }

  #sendTo(native: NativeSocket, address: number, length: number, to: Endpoint): boolean {
    if (to === native.peer)
      return this.#libc.sendto(native.fd, address, length, MSG_DONTWAIT, native.peerAddress.address, native.peerLength) >= 0;
    const addressLength = writeSockaddr(this.#scratch, 0, to);
    return this.#libc.sendto(native.fd, address, length, MSG_DONTWAIT, this.#scratch.address, addressLength) >= 0;
  }

  sendRun(native: NativeSocket, data: Uint8Array, offset: number, length: number, packetSize: number, to: Endpoint): void {
    const base = this.#addressOf(data) + offset;
    if (native.batch) {
      native.batch.sendRun(data, base, length, packetSize, to, this.#draining);
      return;
    }
    if (length <= packetSize) {
      this.#sendOne(native, base, length, to);
      return;
    }
    const most = this.#segmented(native, packetSize) ? Math.min(MAX_SEGMENTS, Math.floor(MAX_SEND / packetSize)) * packetSize : packetSize;
    for (let at = 0; at < length; at += most) {
      const part = Math.min(most, length - at);
      if (this.#sendTo(native, base + at, part, to) || part <= packetSize) continue;
      // The kernel or the interface cannot cut it: one by one.
      native.segment = -1;
      this.#set(native.fd, SOL_UDP, UDP_SEGMENT, 0);
      for (let one = at; one < at + part; one += packetSize) this.#sendTo(native, base + one, Math.min(packetSize, length - one), to);
    }
  }

  #segmented(native: NativeSocket, packetSize: number): boolean {
    if (native.segment === packetSize) return true;
    if (native.segment < 0) return false;
    native.segment = this.#set(native.fd, SOL_UDP, UDP_SEGMENT, packetSize) ? packetSize : -1;
    return native.segment > 0;
  }
}

function ignore(): void {}

class NativePort implements DatagramPort {
  readonly local: Endpoint;
  #native: NativeSocket | undefined;

  constructor(
    readonly transport: NativeTransport,
    native: NativeSocket,
    readonly release: (native: NativeSocket) => void,
  ) {
    this.#native = native;
    this.local = native.local;
  }

  send(data: Uint8Array, to: Endpoint): void {
    if (this.#native) this.transport.send(this.#native, data, to);
  }

  sendRun(data: Uint8Array, offset: number, length: number, packetSize: number, to: Endpoint): void {
    if (this.#native) this.transport.sendRun(this.#native, data, offset, length, packetSize, to);
  }

  unref(): void {
    this.#native?.socket.unref();
  }

  close(): void {
    if (!this.#native) return;
    const native = this.#native;
    this.#native = undefined;
    this.release(native);
  }
}

/** Whether this kernel cuts sends into datagrams. */
export function probeSegmentation(libc: Libc): boolean {
  const fd = libc.socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return false;
  const value = new Memory(libc, 8);
  value.words[0] = 1000;
  const works = libc.setsockopt(fd, SOL_UDP, UDP_SEGMENT, value.address, 4) === 0;
  libc.close(fd);
  return works;
}
