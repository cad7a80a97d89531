import { readFileSync } from 'node:fs';
import { decode, encode, type Message } from '@pxekit/dhcp';
import { type DhcpServer, memoryLeaseStore, type Transport } from '@pxekit/dhcp-server';
import { findBootFile } from '../boot-tree.js';
import type { LoadedConfig } from '../config/load.js';
import { type Core, clientOf } from '../core.js';
import { ServerError } from '../errors.js';
import { EventStream } from '../events.js';
import type { createHttpApp } from '../http.js';
import { MachineStore } from '../machines.js';
import { localSite, openMachines } from '../offline.js';
import { resolve } from '../resolve.js';
import { createDhcpService } from '../services/dhcp.js';
import type { BootNetwork, DhcpExchange, FileAnswer, WebAnswer, WirePacket } from './network.js';

/**
 * The services of a configuration without a port: the same responder, boot tree and HTTP app, called directly.
 * Machine states are a copy, so that nothing changes; leases begin empty.
 */
export class OfflineNetwork implements BootNetwork {
  readonly core: Core;
  readonly #server: DhcpServer | undefined;
  readonly #packets: WirePacket[] = [];
  readonly #app: ReturnType<typeof createHttpApp>;
  #receive: Parameters<Transport['open']>[0] = () => {};
  #reply: ((bytes: Uint8Array) => void) | undefined;
  #address = '0.0.0.0';

  private constructor(loaded: LoadedConfig, makeApp: typeof createHttpApp) {
    const site = localSite(loaded);
    const machines = new MachineStore(':memory:');
    const stored = openMachines(loaded);
    for (const record of stored?.all() ?? []) machines.restore(record);
    stored?.close();
    const now = Date.now;
    const decide: Core['decide'] = (client, stage) => resolve(site, client, stage, { now: now() });
    this.core = { site, machines, events: new EventStream(), now, decide };
    this.#app = makeApp(this.core);
    const { dhcp } = loaded.config;
    if (dhcp === false) return;
    const transport: Transport = {
      open: async (receive) => {
        this.#receive = receive;
        return [{ address: site.address, port: 67 }];
      },
      send: async (bytes) => this.#reply?.(bytes),
      close: async () => {},
    };
    this.#server = createDhcpService(this.core, site, { leases: memoryLeaseStore(), transport, listen: { port: 67, proxyPort: 4011 } });
  }

  static async open(loaded: LoadedConfig): Promise<OfflineNetwork> {
    const { createHttpApp } = await import('../http.js');
    const network = new OfflineNetwork(loaded, createHttpApp);
    await network.#server?.start();
    return network;
  }

  use(address: string): void {
    this.#address = address;
  }

  async dhcp(message: Message, { to, port = 67 }: { to: string; port?: number }): Promise<DhcpExchange | undefined> {
    if (!this.#server) {
      throw new ServerError('DHCP is off in this configuration', {
        code: 'SERVER_SIMULATION',
        hint: 'Simulate against the real network: `--live ADDRESS`.',
      });
    }
    const { address } = this.core.site;
    const data = encode(message);
    const from = { address: message.ciaddr, port: 68 };
    const target = { address: to === 'broadcast' ? '255.255.255.255' : to, port };
    this.#packets.push({ at: Date.now(), from, to: target, data });
    const reply = new Promise<Uint8Array | undefined>((done) => {
      this.#reply = done;
      setTimeout(() => done(undefined), 300).unref();
    });
    this.#receive({ bytes: data, source: from, local: { address, port }, broadcast: to === 'broadcast' });
    const bytes = await reply;
    if (bytes === undefined) return undefined;
    this.#packets.push({ at: Date.now(), from: { address, port }, to: { address: '255.255.255.255', port: 68 }, data: bytes });
    return { reply: decode(bytes).message, sent: data.length, received: bytes.length, from: address };
  }

  async tftp(_server: string, name: string, { blockSize }: { blockSize: number }): Promise<FileAnswer | undefined> {
    const { site, decide } = this.core;
    if (site.config.tftp === false) return undefined;
    const found = findBootFile(site, name, (mac) => clientOf(this.core, mac === undefined ? { address: this.#address } : { mac }), decide);
    if (!found) return undefined;
    const data = found.kind === 'file' ? new Uint8Array(readFileSync(found.path)) : new TextEncoder().encode(found.text);
    return {
      data,
      granted: { tsize: String(data.length), blksize: String(Math.min(blockSize, site.config.tftp.maxBlockSize)) },
      retransmissions: 0,
    };
  }

  async http(url: string, method: 'GET' | 'HEAD'): Promise<WebAnswer> {
    const { httpUrl } = this.core.site;
    if (httpUrl === undefined || !url.startsWith(`${httpUrl}/`)) {
      throw new ServerError(`${url} is not served by this configuration`, {
        code: 'SERVER_SIMULATION',
        hint: 'Only files of this server are looked at offline.',
      });
    }
    const incoming = { socket: { remoteAddress: this.#address } };
    const response = await this.#app.request(url.slice(httpUrl.length), { method }, { incoming } as never);
    return { status: response.status, headers: response.headers, data: new Uint8Array(await response.arrayBuffer()) };
  }

  packets(): readonly WirePacket[] {
    return this.#packets;
  }

  /** Why requests were ignored, from the services. */
  reasons(): string[] {
    return this.core.events.history.filter(({ level }) => level !== 'info').map(({ type, message }) => `${type}: ${message}`);
  }

  async close(): Promise<void> {
    await this.#server?.stop();
    this.core.machines.close();
  }
}
