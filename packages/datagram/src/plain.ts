import { createSocket, type Socket } from 'node:dgram';
import type { Peer, Receive, Sent, UdpSocket, UdpSocketOptions } from './types.js';

// Addresses are never names here: the resolver's detour through the next tick is saved for every datagram.
const lookup = (host: string, _options: unknown, callback: (error: null, address: string, family: number) => void) =>
  callback(null, host, 4);

/** A socket of `node:dgram`, bound. Errors of single datagrams do not end it. */
export async function bindNodeSocket(options: UdpSocketOptions): Promise<Socket> {
  const { address = '0.0.0.0', port = 0, fd, reuseAddress = false, receiveBuffer } = options;
  const socket = createSocket({ type: 'udp4', reuseAddr: reuseAddress, lookup, recvBufferSize: receiveBuffer });
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    if (fd === undefined) socket.bind(port, address, resolve);
    else socket.bind({ fd }, resolve);
  }).catch((cause: Error) => {
    socket.close();
    throw cause;
  });
  socket.removeAllListeners('error');
  // An ICMP error that one datagram caused is no reason to stop.
  socket.on('error', () => {});
  socket.setBroadcast(true);
  return socket;
}

export function closeNodeSocket(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.close(() => resolve()));
}

/** Sends one datagram. Node throws for what the system would only refuse, such as port 0 of a forged sender: that is told, too. */
export function sendByNode(socket: Socket, bytes: Uint8Array, { address, port }: Peer, sent?: Sent): void {
  try {
    socket.send(bytes, port, address, sent);
  } catch (error) {
    sent?.(error as Error);
  }
}

export class PlainSocket implements UdpSocket {
  readonly local: Peer;
  readonly plainReason: string;
  readonly #socket: Socket;

  constructor(socket: Socket, receive: Receive, plainReason: string) {
    this.#socket = socket;
    this.local = socket.address();
    this.plainReason = plainReason;
    socket.on('message', receive);
  }

  send(bytes: Uint8Array, to: Peer, sent?: Sent): void {
    sendByNode(this.#socket, bytes, to, sent);
  }

  close(): Promise<void> {
    return closeNodeSocket(this.#socket);
  }
}
