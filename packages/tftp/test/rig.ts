import {
  createMemoryNetwork,
  createTftpServer,
  type DatagramPort,
  type DroppedDatagram,
  type Endpoint,
  type MemoryNetwork,
  type MemoryNetworkOptions,
  type TftpServer,
  type TftpServerOptions,
  type TransferRecord,
  VirtualClock,
} from '@pxekit/tftp';
import { decodePacket, encodeAck, encodeData, encodeError, encodeRequest, type Option, summarize } from '@pxekit/tftp/packet';

export const SERVER = '10.0.0.1';
export const CLIENT = '10.0.0.2';

/** Bytes that differ from block to block. */
export function pattern(length: number, salt = 0): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let index = 0; index < length; index += 1) bytes[index] = (index * 31 + (index >> 7) * 17 + salt) & 0xff;
  return bytes;
}

/** A hand-driven peer: it sends what the test says and shows what came, as one line per packet. */
export class Peer {
  /** The port that answered last. */
  answeredFrom: Endpoint | undefined;
  readonly raw: { at: number; from: Endpoint; data: Uint8Array }[] = [];
  #taken = 0;
  #port!: DatagramPort;

  constructor(
    readonly clock: VirtualClock,
    readonly server: Endpoint,
  ) {}

  async open(network: MemoryNetwork, address: string, port = 0): Promise<this> {
    const receive = (data: Uint8Array, from: Endpoint): void => {
      this.answeredFrom = from;
      this.raw.push({ at: this.clock.now(), from, data: data.slice() });
    };
    this.#port = await network.host(address).bind({ address, port }, receive, () => {});
    return this;
  }

  get local(): Endpoint {
    return this.#port.local;
  }

  /** What came since the last call. */
  take(): string[] {
    const fresh = this.raw.slice(this.#taken);
    this.#taken = this.raw.length;
    return fresh.map(({ data }) => summarize(decodePacket(data)));
  }

  /** Sends to the port that answered last, or to the listening port, and lets the network work. */
  async send(data: Uint8Array, to = this.answeredFrom ?? this.server): Promise<string[]> {
    this.#port.send(data, to);
    await this.clock.advance(0);
    return this.take();
  }

  request(
    type: 'rrq' | 'wrq',
    filename: string | Uint8Array,
    options: Record<string, string | number> | readonly Option[] = {},
    mode = 'octet',
  ) {
    const list = Array.isArray(options)
      ? (options as Option[])
      : Object.entries(options).map(([name, value]) => [name, String(value)] as const);
    return this.send(encodeRequest(type, filename, mode as 'octet', list), this.server);
  }

  rrq(filename: string | Uint8Array, options: Record<string, string | number> | readonly Option[] = {}, mode = 'octet') {
    return this.request('rrq', filename, options, mode);
  }

  wrq(filename: string, options: Record<string, string | number> = {}, mode = 'octet') {
    return this.request('wrq', filename, options, mode);
  }

  ack(block: number) {
    return this.send(encodeAck(block));
  }

  data(block: number, bytes: Uint8Array) {
    return this.send(encodeData(block, bytes));
  }

  /** Sends DATA without waiting for anything. */
  post(block: number, bytes: Uint8Array): void {
    this.#port.send(encodeData(block, bytes), this.answeredFrom ?? this.server);
  }

  error(code: number, message = '') {
    return this.send(encodeError(code, message));
  }

  /** Time goes by. */
  async wait(milliseconds: number): Promise<string[]> {
    await this.clock.advance(milliseconds);
    return this.take();
  }

  close(): void {
    this.#port.close();
  }
}

/** Files are real: gives the disk time until something comes. */
export async function arrival(client: Peer): Promise<string[]> {
  const before = client.raw.length;
  for (let tries = 0; tries < 1000 && client.raw.length === before; tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 1));
    await client.clock.advance(0);
  }
  return client.take();
}

export interface Rig {
  readonly clock: VirtualClock;
  readonly network: MemoryNetwork;
  readonly server: TftpServer;
  readonly records: TransferRecord[];
  readonly drops: DroppedDatagram[];
  readonly warnings: Error[];
  peer(address?: string, port?: number): Promise<Peer>;
}

const rigs: Rig[] = [];

/** A server on a network in memory, in simulated time. */
export async function rig(options: TftpServerOptions = {}, networkOptions: MemoryNetworkOptions & { address?: string } = {}): Promise<Rig> {
  const clock = new VirtualClock();
  const network = createMemoryNetwork({ clock, ...networkOptions });
  const { address = SERVER } = networkOptions;
  const records: TransferRecord[] = [];
  const drops: DroppedDatagram[] = [];
  const warnings: Error[] = [];
  const server = createTftpServer({
    clock,
    transport: network.host(address),
    host: address,
    onFinish: (record) => records.push(record),
    onDrop: (drop) => drops.push(drop),
    onWarning: (error) => warnings.push(error),
    ...options,
  });
  const [local] = await server.listen();
  const made: Rig = {
    clock,
    network,
    server,
    records,
    drops,
    warnings,
    peer: (from = CLIENT, port) => new Peer(clock, local!).open(network, from, port),
  };
  rigs.push(made);
  return made;
}

/** Stops every server that `rig` made, and tells what it left open. */
export async function stopRigs(): Promise<void> {
  for (const { server, clock } of rigs.splice(0)) {
    await server.close();
    await clock.advance(60_000);
    if (clock.pending > 0) throw new Error(`${clock.pending} timers are left after the server was closed`);
  }
}
