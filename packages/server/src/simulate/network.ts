import type { Message } from '@pxekit/dhcp';

/** A datagram as it would be on the wire, for packet captures. */
export interface WirePacket {
  /** Milliseconds since 1970. */
  at: number;
  from: { address: string; port: number };
  to: { address: string; port: number };
  data: Uint8Array;
}

export interface DhcpExchange {
  reply: Message;
  /** Bytes sent and received. */
  sent: number;
  received: number;
  from: string;
}

export interface FileAnswer {
  data: Uint8Array;
  /** TFTP options granted. */
  granted: Readonly<Record<string, string>>;
  retransmissions: number;
}

export interface WebAnswer {
  status: number;
  headers: Headers;
  data: Uint8Array;
}

/** What the simulated client reaches the server through: real sockets, or the configuration itself. */
export interface BootNetwork {
  /** Sends a DHCP message and waits for the answer; `undefined` when none comes. `to` and `ciaddr` decide how it travels. */
  dhcp(message: Message, options: { to: 'broadcast' | string; port?: number }): Promise<DhcpExchange | undefined>;
  /** Fetches a file over TFTP; `undefined` when the server says it does not exist. */
  tftp(server: string, name: string, options: { blockSize: number; windowSize: number | false }): Promise<FileAnswer | undefined>;
  http(url: string, method: 'GET' | 'HEAD'): Promise<WebAnswer>;
  /** From now on the client has this address. */
  use(address: string): void;
  /** All datagrams so far, where they are kept. */
  packets(): readonly WirePacket[];
  /** Why requests were ignored, where the other side tells. */
  reasons?(): string[];
  close(): Promise<void>;
}
