import { createSocket, type Socket } from 'node:dgram';
import { decode, discover, encode, get, type Message, MessageType, request } from '@pxekit/dhcp';

export const mac = (n: number) =>
  `02:00:00:${[(n >> 16) & 255, (n >> 8) & 255, n & 255].map((byte) => byte.toString(16).padStart(2, '0')).join(':')}`;

/** Many clients behind one loopback socket. What the server acknowledged is kept in `acknowledged`. */
export class LoopbackClients {
  /** Address by hardware address. */
  readonly acknowledged = new Map<string, string>();
  readonly #socket: Socket;
  readonly #waiting = new Map<number, (reply: Message) => void>();
  #xid = 1;
  port = 0;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('message', (bytes) => {
      const { message } = decode(bytes);
      if (get(message, 'messageType') === MessageType.ACK) this.acknowledged.set(message.chaddr, message.yiaddr);
      this.#waiting.get(message.xid)?.(message);
      this.#waiting.delete(message.xid);
    });
  }

  static async open(): Promise<LoopbackClients> {
    const socket = createSocket({ type: 'udp4', recvBufferSize: 4 << 20 });
    await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', () => resolve()));
    return new LoopbackClients(socket);
  }

  send(bytes: Uint8Array): Promise<void> {
    return new Promise((resolve) => this.#socket.send(bytes, this.port, '127.0.0.1', () => resolve()));
  }

  /** The reply, or undefined after `timeout` milliseconds. */
  async ask(message: Message, timeout: number): Promise<Message | undefined> {
    const xid = this.#xid++;
    const reply = new Promise<Message | undefined>((resolve) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(xid);
        resolve(undefined);
      }, timeout);
      this.#waiting.set(xid, (found) => {
        clearTimeout(timer);
        resolve(found);
      });
    });
    await this.send(encode({ ...message, xid }));
    return reply;
  }

  /** DISCOVER and REQUEST of client `n`; the ACK or NAK, undefined if one of them was lost. */
  async lease(n: number, timeout = 1000): Promise<Message | undefined> {
    const offer = await this.ask(discover({ xid: 0, chaddr: mac(n) }), timeout);
    return offer === undefined ? undefined : this.ask(request(offer), timeout);
  }

  close(): void {
    this.#socket.close();
  }
}
