import type { DatagramPort, Endpoint, Transport, VirtualClock } from '@pxekit/tftp';
import { decodePacket, encodeAck, encodeRequest } from '@pxekit/tftp/packet';
import { CLIENT, SERVER } from './rig.js';

export interface Firmware {
  /** How often it says where it is when DATA comes that it does not expect: each time, or once until it is somewhere else. */
  readonly repeats: 'always' | 'once';
  /** When nothing it waits for comes, it says where it is after so many ms. */
  readonly silence: number;
}

/** What was seen of UEFI, of U-Boot and of iPXE on the wire. */
export const EDK2: Firmware = { repeats: 'always', silence: 4000 };
export const U_BOOT: Firmware = { repeats: 'once', silence: 5000 };
export const IPXE: Firmware = { repeats: 'always', silence: 250 };

/** A client that takes blocks in order only, and says little when they do not come so. */
export class FirmwareClient {
  content: Uint8Array = new Uint8Array(0);
  /** Milliseconds from the first DATA to the last. */
  duration = Number.NaN;
  readonly #chunks: Uint8Array[] = [];
  #port!: DatagramPort;
  #peer: Endpoint | undefined;
  #expected = 1;
  #acknowledged = 0;
  #repeated = -1;
  #begun = Number.NaN;
  #timer: unknown;
  #done!: () => void;

  constructor(
    readonly clock: VirtualClock,
    readonly firmware: Firmware,
    readonly windowSize: number,
  ) {}

  async fetch(transport: Transport, name: string): Promise<this> {
    this.#port = await transport.bind(
      { address: CLIENT, port: 0 },
      (data, from) => this.#receive(data, from),
      () => {},
    );
    const options = [['blksize', '1468'] as const, ['windowsize', String(this.windowSize)] as const];
    const request = encodeRequest('rrq', name, 'octet', this.windowSize === 1 ? options.slice(0, 1) : options);
    const done = new Promise<void>((resolve) => (this.#done = resolve));
    this.#sayUntilAnswered(() => this.#port.send(request, { address: SERVER, port: 69, family: 'IPv4' }));
    await this.clock.run(done);
    this.#port.close();
    return this;
  }

  /** Sends now, and again after each silence. */
  #sayUntilAnswered(say: () => void): void {
    this.clock.clearTimeout(this.#timer);
    say();
    this.#timer = this.clock.setTimeout(() => this.#sayUntilAnswered(say), this.firmware.silence);
  }

  #ack(): void {
    this.#acknowledged = this.#expected - 1;
    this.#sayUntilAnswered(() => this.#port.send(encodeAck(this.#acknowledged), this.#peer!));
  }

  #receive(bytes: Uint8Array, from: Endpoint): void {
    const packet = decodePacket(bytes);
    this.#peer ??= from;
    if (packet.type === 'oack') {
      if (this.#expected > 1) return;
      this.#ack();
    }
    if (packet.type !== 'data') return;
    if (Number.isNaN(this.#begun)) this.#begun = this.clock.now();
    if (packet.block !== this.#expected) {
      if (this.firmware.repeats === 'always' || this.#repeated !== this.#expected) this.#ack();
      this.#repeated = this.#expected;
      return;
    }
    this.#chunks.push(packet.data.slice());
    this.#expected += 1;
    const last = packet.data.length < 1468;
    if (last || this.#expected - 1 - this.#acknowledged >= this.windowSize) this.#ack();
    if (!last) return;
    this.clock.clearTimeout(this.#timer);
    this.duration = this.clock.now() - this.#begun;
    this.content = Buffer.concat(this.#chunks);
    this.#done();
  }
}
