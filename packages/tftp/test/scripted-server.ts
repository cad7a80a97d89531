import { createSocket, type Socket } from 'node:dgram';
import { decodePacket, encodeAck, encodeData, encodeError, encodeOack, type Option, summarize } from '@pxekit/tftp/packet';

interface Came {
  /** The packet as one line, after the name of the socket that it came to where that is not the one of the transfer. */
  readonly line: string;
  readonly port: number;
}

/** A server that does what the test says, on real sockets: one to listen on, one of the transfer, and two of strangers. */
export class ScriptedServer {
  /** The port of the client, once it was heard. */
  client = 0;
  /** Payloads of the DATA packets that came, by block number. */
  readonly blocks = new Map<number, Uint8Array>();
  readonly #sockets = new Map<string, Socket>();
  readonly #came: Came[] = [];
  #wake: (() => void) | undefined;

  static async open(): Promise<ScriptedServer> {
    const server = new ScriptedServer();
    await server.#bind('listening', '127.0.0.1');
    await server.#bind('transfer', '127.0.0.1');
    await server.#bind('stranger', '127.0.0.1');
    await server.#bind('elsewhere', '127.0.105.90');
    return server;
  }

  async #bind(name: string, address: string): Promise<void> {
    const socket = createSocket({ type: 'udp4', recvBufferSize: 1 << 20 });
    await new Promise<void>((resolve) => socket.bind(0, address, resolve));
    socket.on('message', (data, { port }) => {
      const packet = decodePacket(data);
      if (packet.type === 'data') this.blocks.set(packet.block, packet.data.slice());
      this.#came.push({ line: `${name === 'transfer' ? '' : `${name}: `}${summarize(packet)}`, port });
      this.#wake?.();
    });
    this.#sockets.set(name, socket);
  }

  url(filename: string): string {
    return `tftp://127.0.0.1:${this.#sockets.get('listening')!.address().port}/${filename}`;
  }

  /** The next packet that comes. */
  async next(): Promise<string> {
    while (this.#came.length === 0)
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    const { line, port } = this.#came.shift()!;
    this.client = port;
    return line;
  }

  /** Waits for this packet, where others may be repeated before it, more or less often. */
  async until(line: string): Promise<void> {
    while ((await this.next()) !== line);
  }

  send(packet: Uint8Array, from: 'transfer' | 'stranger' | 'elsewhere' = 'transfer'): void {
    this.#sockets.get(from)!.send(packet, this.client, '127.0.0.1');
  }

  /** These blocks of a file. */
  data(content: Uint8Array, blockSize: number, ...blocks: number[]): void {
    for (const block of blocks) this.send(encodeData(block, content.subarray((block - 1) * blockSize, block * blockSize)));
  }

  ack(block: number): void {
    this.send(encodeAck(block));
  }

  oack(...options: Option[]): void {
    this.send(encodeOack(options));
  }

  error(code: number, message: string): void {
    this.send(encodeError(code, message));
  }

  close(): void {
    for (const socket of this.#sockets.values()) socket.close();
  }
}
