import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { createTftpServer } from '@pxekit/tftp';
import { decodePacket, encodeAck, encodeData, encodeRequest, summarize } from '@pxekit/tftp/packet';
import { afterEach, describe, expect, it } from 'vitest';
import { pattern } from './rig.js';

const sockets: Socket[] = [];

afterEach(() => {
  for (const socket of sockets.splice(0)) socket.close();
});

/** A socket that waits for what comes to it. */
class Client {
  readonly #socket: Socket;
  readonly #got: [Buffer, RemoteInfo][] = [];
  #wake = (): void => {};

  constructor(readonly host: string) {
    this.#socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
    sockets.push(this.#socket);
    this.#socket.on('message', (...message) => {
      this.#got.push(message);
      this.#wake();
    });
  }

  send(data: Uint8Array, port: number): void {
    this.#socket.send(data, port, this.host);
  }

  async next(): Promise<[Buffer, RemoteInfo]> {
    while (this.#got.length === 0) await new Promise<void>((resolve) => (this.#wake = resolve));
    return this.#got.shift()!;
  }

  get waiting(): number {
    return this.#got.length;
  }

  /** Reads a file in lock-step, and looks on after each block. */
  async read(name: string, port: number, onBlock: (block: number, from: number) => Promise<void>): Promise<Uint8Array> {
    const parts: Uint8Array[] = [];
    this.send(encodeRequest('rrq', name), port);
    for (let block = 1; ; block += 1) {
      const [data, from] = await this.next();
      const packet = decodePacket(data);
      if (packet.type !== 'data' || packet.block !== block) throw new Error(`${summarize(packet)}, expected DATA ${block}`);
      parts.push(packet.data.slice());
      await onBlock(block, from.port);
      this.send(encodeAck(block), from.port);
      if (packet.data.length < 512) return Buffer.concat(parts);
    }
  }
}

describe('a long transfer over sockets', () => {
  it.each(['127.0.0.1', '::1'])('keeps its bytes and tells strangers that they are strangers (%s)', async (host) => {
    const body = pattern(300 * 512 + 100);
    const server = createTftpServer({ host, port: 0, files: { f: body }, retransmission: { min: 2000 } });
    const [address] = await server.listen();
    if (server.plainReason) console.log(`without the fast path: ${server.plainReason}`);
    // The second one takes the port over that the first one used.
    for (let round = 0; round < 2; round += 1) {
      const [client, stranger] = [new Client(host), new Client(host)];
      const ports = new Set<number>();
      const refused: string[] = [];
      const data = await client.read('f', address!.port, async (block, port) => {
        ports.add(port);
        if (![10, 64, 65, 66, 200].includes(block)) return;
        stranger.send(encodeData(block, new Uint8Array(9)), port);
        refused.push(summarize(decodePacket((await stranger.next())[0])));
      });
      expect(Buffer.compare(data, body)).toBe(0);
      expect(ports.size).toBe(1);
      expect(refused).toEqual(new Array(5).fill(expect.stringMatching(/^ERROR 5 /)));
      expect(client.waiting).toBe(0);
    }
    await expect.poll(() => server.stats().outcomes.complete).toBe(2);
    await server.close();
  });
});
