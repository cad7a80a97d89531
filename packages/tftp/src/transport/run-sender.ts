import type { Libc, Udp } from '@pxekit/datagram/native';

/** The kernel cuts one send into at most so many datagrams. */
const MAX_SEGMENTS = 64;
const MAX_SEND = 65_507;
/** EIO, EINVAL, EMSGSIZE: the kernel or the interface cannot cut a send. Any other error is a lost packet. */
const CANNOT_CUT: readonly number[] = [5, 22, 90];

/** How many bytes one send may have that is cut into packets of this size. */
export function longestRun(packetSize: number): number {
  return Math.min(MAX_SEGMENTS, Math.floor(MAX_SEND / packetSize)) * packetSize;
}

/** Sends packets that lie one behind another in memory to the peer of a descriptor: in one call, which the kernel cuts. */
export abstract class RunSender {
  /** The value of UDP_SEGMENT; -1 when it is refused. */
  #segment = 0;

  constructor(
    readonly fd: number,
    protected readonly libc: Libc,
    protected readonly udp: Udp,
  ) {}

  /** Sends to the peer. Negative when it failed. */
  protected abstract transmit(address: number, length: number): number;

  sendRun(address: number, length: number, packetSize: number): void {
    if (length <= packetSize) {
      this.uncut(length);
      this.transmit(address, length);
      return;
    }
    const most = this.#cut(packetSize) ? longestRun(packetSize) : packetSize;
    for (let at = 0; at < length; at += most) {
      const part = Math.min(most, length - at);
      if (this.transmit(address + at, part) >= 0 || part <= packetSize || !CANNOT_CUT.includes(this.libc.errno())) continue;
      this.udp.segment(this.fd, 0);
      this.#segment = -1;
      for (let one = at; one < at + part; one += packetSize) this.transmit(address + one, Math.min(packetSize, length - one));
    }
  }

  /** One datagram follows: the size that an earlier run left on the descriptor would cut it in two. */
  protected uncut(length: number): void {
    if (this.#segment <= 0 || length <= this.#segment) return;
    this.udp.segment(this.fd, 0);
    this.#segment = 0;
  }

  #cut(packetSize: number): boolean {
    if (this.#segment === packetSize) return true;
    if (this.#segment < 0) return false;
    this.#segment = this.udp.segment(this.fd, packetSize) ? packetSize : -1;
    return this.#segment > 0;
  }
}
