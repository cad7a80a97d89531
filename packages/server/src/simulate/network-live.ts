import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { networkInterfaces } from 'node:os';
import { decode, encode, type Message } from '@pxekit/dhcp';
import { get } from '@pxekit/tftp';
import type { BootNetwork, DhcpExchange, FileAnswer, WebAnswer, WirePacket } from './network.js';

export interface LiveNetworkOptions {
  /** Address of the server. */
  server: string;
  /** Default 67, 69. */
  dhcpPort?: number;
  tftpPort?: number;
  /** Port that answers come to: 68, which needs root, unless the server was told otherwise. */
  clientPort?: number;
  /** Milliseconds to wait for each DHCP answer. Default: 4000. */
  timeout?: number;
}

/** Real sockets. On loopback the client takes on the address it was lent, so that the server can tell machines apart. */
export class LiveNetwork implements BootNetwork {
  readonly #options: Required<LiveNetworkOptions>;
  readonly #socket: Socket;
  readonly #packets: WirePacket[] = [];
  #local: string | undefined;

  private constructor(socket: Socket, options: Required<LiveNetworkOptions>) {
    this.#socket = socket;
    this.#options = options;
    socket.on('error', () => {});
    socket.setMaxListeners(0);
  }

  /** Opens the client's port. */
  static async open({ server, dhcpPort = 67, tftpPort = 69, clientPort = 68, timeout = 4000 }: LiveNetworkOptions): Promise<LiveNetwork> {
    const socket = createSocket({ type: 'udp4', reuseAddr: true });
    const isLoopback = server.startsWith('127.');
    socket.bind({ port: clientPort, address: isLoopback ? '127.0.0.1' : '0.0.0.0' });
    await once(socket, 'listening');
    socket.setBroadcast(true);
    return new LiveNetwork(socket, { server, dhcpPort, tftpPort, clientPort: socket.address().port, timeout });
  }

  /** The port that DHCP answers must come to. */
  get clientPort(): number {
    return this.#options.clientPort;
  }

  /** Names the server's ports once they are known. */
  connect(ports: { dhcpPort: number; tftpPort: number }): void {
    Object.assign(this.#options, ports);
  }

  use(address: string): void {
    const own = Object.values(networkInterfaces())
      .flat()
      .some((each) => each?.address === address);
    this.#local = own || (address.startsWith('127.') && process.platform === 'linux') ? address : undefined;
  }

  async dhcp(message: Message, { to, port = this.#options.dhcpPort }: { to: string; port?: number }): Promise<DhcpExchange | undefined> {
    const { server, timeout, clientPort } = this.#options;
    const data = encode(message);
    const target = { address: to === 'broadcast' ? server : to, port };
    const answer = this.#answerTo(message.xid, timeout);
    this.#socket.send(data, target.port, target.address);
    this.#packets.push({ at: Date.now(), from: { address: '0.0.0.0', port: clientPort }, to: target, data });
    const got = await answer;
    return got && { reply: got.message, sent: data.length, received: got.size, from: got.peer.address };
  }

  #answerTo(xid: number, timeout: number): Promise<{ message: Message; size: number; peer: RemoteInfo } | undefined> {
    return new Promise((done) => {
      const finish = (value: { message: Message; size: number; peer: RemoteInfo } | undefined) => {
        clearTimeout(timer);
        this.#socket.off('message', listen);
        done(value);
      };
      const listen = (data: Uint8Array, peer: RemoteInfo) => {
        let message: Message;
        try {
          message = decode(data).message;
        } catch {
          return;
        }
        if (message.op !== 2 || message.xid !== xid) return;
        this.#packets.push({ at: Date.now(), from: peer, to: { address: '255.255.255.255', port: this.#options.clientPort }, data });
        finish({ message, size: data.length, peer });
      };
      const timer = setTimeout(() => finish(undefined), timeout);
      this.#socket.on('message', listen);
    });
  }

  async tftp(
    server: string,
    name: string,
    { blockSize, windowSize }: { blockSize: number; windowSize: number | false },
  ): Promise<FileAnswer | undefined> {
    try {
      const target = { host: server, port: this.#options.tftpPort, filename: name };
      const { data, record } = await get(target, {
        blockSize,
        windowSize,
        ...(this.#local === undefined ? {} : { localAddress: this.#local }),
      });
      return { data, granted: record.granted, retransmissions: record.retransmissions };
    } catch (error) {
      if ((error as { code?: string }).code === 'TFTP_NOT_FOUND') return undefined;
      throw error;
    }
  }

  async http(url: string, method: 'GET' | 'HEAD'): Promise<WebAnswer> {
    const request = httpRequest(url, { method, ...(this.#local === undefined ? {} : { localAddress: this.#local }), agent: false });
    request.end();
    const [response] = await once(request, 'response');
    const chunks: Uint8Array[] = [];
    for await (const chunk of response) chunks.push(chunk);
    const headers = new Headers(Object.entries(response.headers).map(([key, value]) => [key, String(value)] as [string, string]));
    return { status: response.statusCode ?? 0, headers, data: Buffer.concat(chunks) };
  }

  packets(): readonly WirePacket[] {
    return this.#packets;
  }

  async close(): Promise<void> {
    await new Promise<void>((done) => void this.#socket.close(() => done()));
  }
}
