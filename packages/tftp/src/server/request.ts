import { optionMap } from '../negotiate.js';
import type { RequestPacket } from '../packet.js';
import type { Subject } from '../transfer/tally.js';
import type { Endpoint, TftpRequest, TransferMode } from '../types.js';

/** The request that handlers and hooks see. */
export class ServerRequest implements TftpRequest, Subject {
  readonly type: 'read' | 'write';
  readonly filename: string;
  readonly filenameBytes: Uint8Array;
  readonly mode: TransferMode;
  readonly options: ReadonlyMap<string, string>;
  /** Filled in when the name was mapped. */
  path = '';
  #controller: AbortController | undefined;

  constructor(
    readonly id: number,
    packet: RequestPacket,
    readonly peer: Endpoint,
    readonly local: Endpoint,
  ) {
    this.type = packet.type === 'rrq' ? 'read' : 'write';
    this.filename = packet.filename;
    this.filenameBytes = packet.filenameBytes;
    this.mode = packet.mode as TransferMode;
    this.options = optionMap(packet.options);
  }

  /** The name is not UTF-8: each character of the path is a byte of it. */
  get latin1(): boolean {
    return Buffer.byteLength(this.filename) !== this.filenameBytes.length && /^[\0-\xff]*$/.test(this.path);
  }

  get asked(): ReadonlyMap<string, string> {
    return this.options;
  }

  get size(): number | undefined {
    const value = this.type === 'write' ? this.options.get('tsize') : undefined;
    return value !== undefined && /^[0-9]{1,20}$/.test(value) ? Number(value) : undefined;
  }

  get signal(): AbortSignal {
    return (this.#controller ??= new AbortController()).signal;
  }

  abort(): void {
    this.#controller?.abort();
  }
}
