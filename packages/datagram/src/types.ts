/** An IPv4 address and a UDP port. */
export interface Peer {
  readonly address: string;
  readonly port: number;
}

/** Takes one datagram. The bytes are its own to keep; `from` is one object for many datagrams of the same peer. */
export type Receive = (bytes: Uint8Array, from: Peer) => void;

/** Told when the system has taken a datagram, or refused it. */
export type Sent = (error?: Error | null) => void;

export interface UdpSocketOptions {
  /** Local IPv4 address. Default `0.0.0.0`. */
  address?: string;
  /** Local port. Default 0, any free one. */
  port?: number;
  /** A bound UDP socket that was handed to this process; taken over in place of opening one at `address` and `port`. */
  fd?: number;
  /** Share the port with sockets that do the same (SO_REUSEADDR). Default false. */
  reuseAddress?: boolean;
  /** Octets of the kernel's queue of datagrams that were not read yet. Default: the system's; above its limit only for root. */
  receiveBuffer?: number;
  /** `off` sends and reads datagrams one by one even where batches work. Default `auto`. */
  batches?: 'auto' | 'off';
}

export interface UdpSocket {
  /** Where it is bound. */
  readonly local: Peer;
  /** Why datagrams go one by one; undefined where they go in batches. */
  readonly plainReason: string | undefined;
  /**
   * Sends one datagram. Those sent in the same turn of the event loop leave together, in their order. A datagram that cannot
   * be sent is told to `sent` only.
   */
  send(bytes: Uint8Array, to: Peer, sent?: Sent): void;
  /** Resolves when the port is free again. What was sent before still leaves. */
  close(): Promise<void>;
}
