import { packetInfo, readPacketInfo, type Words } from '@pxekit/datagram/native';
import type { DatagramPort, Endpoint } from '../types.js';
import type { ListeningPort } from './listening-port.js';
import type { Destinations } from './message-batch.js';

/** Whole networks may be local (127.0.0.0/8). */
const KNOWN_ADDRESSES = 1024;

/** A port on the wildcard address as its peers see it: a port on each address that they send to. */
export class LocalPorts implements Destinations {
  readonly #listening: ListeningPort;
  readonly #ports = new Map<string, LocalPort>();
  /** The control messages read last, and what they mean: most are like the ones before. */
  #last: Uint32Array = new Uint32Array(0);
  #lastPort: LocalPort | undefined;

  constructor(listening: ListeningPort) {
    this.#listening = listening;
  }

  at(control: Words, at: number, length: number): DatagramPort | undefined {
    if (this.#isLast(control.words, at >> 2, length >> 2)) return this.#lastPort;
    this.#last = control.words.slice(at >> 2, (at + length) >> 2);
    const address = readPacketInfo(control, at, length);
    return (this.#lastPort = address === undefined ? undefined : this.#port(address));
  }

  #isLast(words: Uint32Array, from: number, count: number): boolean {
    const last = this.#last;
    if (last.length !== count) return false;
    for (let word = 0; word < count; word += 1) if (last[word] !== words[from + word]) return false;
    return true;
  }

  #port(address: string): LocalPort {
    let port = this.#ports.get(address);
    if (port === undefined) {
      if (this.#ports.size >= KNOWN_ADDRESSES) this.#ports.clear();
      this.#ports.set(address, (port = new LocalPort(this.#listening, address)));
    }
    return port;
  }
}

/** What leaves here leaves from this address. */
class LocalPort implements DatagramPort {
  readonly local: Endpoint;
  readonly #listening: ListeningPort;
  readonly #info: Uint32Array;

  constructor(listening: ListeningPort, address: string) {
    this.#listening = listening;
    this.local = { ...listening.local, address };
    this.#info = packetInfo(this.local);
  }

  send(data: Uint8Array, to: Endpoint): void {
    this.#listening.send(data, to, this.#info);
  }

  sendRun(data: Uint8Array, offset: number, length: number, packetSize: number, to: Endpoint): void {
    this.#listening.sendRun(data, offset, length, packetSize, to, this.#info);
  }

  /** The wildcard port stays open. */
  close(): void {}
}
