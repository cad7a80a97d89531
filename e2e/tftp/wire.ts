import type { ChildProcess } from 'node:child_process';
import { decodePacket } from '@pxekit/tftp/packet';
import type { Namespace } from '../lib/netns.js';

/** A transfer that its client has whole. */
export interface Fetched {
  /** What the OACK granted. */
  readonly options: Readonly<Record<string, string>>;
  readonly bytes: number;
  /**
   * From the first DATA that the client gets to the first ACK of the last block that it sends. Whether that ACK arrives is
   * not the client's business any more, and what the way to the first DATA costs where a request, an OACK or its ACK is
   * lost is fixed: the client asks again after seconds of its own, the server repeats its OACK after 1 s and 2 s more.
   */
  readonly milliseconds: number;
}

interface Transfer {
  options: Record<string, string>;
  begun: number;
  /** Payload bytes by block. */
  readonly blocks: Map<number, number>;
  /** The last block: shorter than the others. */
  last: number | undefined;
  done: number | undefined;
}

const FIELDS = ['frame.time_epoch', 'ip.src', 'udp.srcport', 'udp.dstport', 'udp.payload'];

/** The TFTP of one client as its own network card sees it. */
export class Wire {
  readonly capture: ChildProcess;
  readonly started: Promise<void>;
  /** By the port of the client. */
  readonly #transfers = new Map<string, Transfer>();

  constructor(namespace: Namespace, device: string, server = '10.77.0.1') {
    const fields = FIELDS.flatMap((field) => ['-e', field]);
    const filter = 'udp and not port 67 and not port 68';
    this.capture = namespace.spawn('tshark', ['-l', '-n', '-i', device, '-f', filter, '-T', 'fields', ...fields], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.started = new Promise((resolve) => {
      this.capture.stderr!.on('data', (text) => String(text).includes('Capture started') && resolve());
    });
    let printed = '';
    this.capture.stdout!.on('data', (chunk) => {
      printed += chunk;
      const lines = printed.split('\n');
      printed = lines.pop()!;
      for (const line of lines) this.#read(line.split('\t'), server);
    });
  }

  #read([time, from, source, destination, payload = '']: string[], server: string): void {
    const packet = decodePacket(Buffer.from(payload.replaceAll(':', ''), 'hex'));
    const client = (from === server ? destination : source)!;
    const transfer = this.#transfers.get(client);
    const at = Number(time) * 1000;
    if (packet.type === 'oack' && !transfer?.blocks.size) {
      const options = Object.fromEntries(packet.options);
      this.#transfers.set(client, { options, begun: at, blocks: new Map(), last: undefined, done: undefined });
    } else if (packet.type === 'data' && transfer) {
      if (transfer.blocks.size === 0) transfer.begun = at;
      transfer.blocks.set(packet.block, packet.data.length);
      if (packet.data.length < Number(transfer.options.blksize ?? 512)) transfer.last = packet.block;
    } else if (packet.type === 'ack' && transfer && packet.block === transfer.last) {
      transfer.done ??= at;
    }
  }

  /** The transfer that came to its end. */
  fetched(): Fetched | undefined {
    for (const { options, begun, blocks, done } of this.#transfers.values()) {
      if (done === undefined) continue;
      const bytes = [...blocks.values()].reduce((sum, length) => sum + length, 0);
      return { options, bytes, milliseconds: done - begun };
    }
    return undefined;
  }
}
