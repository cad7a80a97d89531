import { once } from 'node:events';
import { chownSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import type { Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, resolve as resolvePath } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { ownAddress } from './address.js';
import type { AdminService } from './admin/app.js';
import { type LoadedConfig, loadConfig } from './config/load.js';
import { type Config, type ConfigInput, configSchema } from './config/schema.js';
import type { Core } from './core.js';
import { dropPrivileges, findUser } from './drop-privileges.js';
import { EventStream, type ServerEvent } from './events.js';
import { MachineStore } from './machines.js';
import { explainListenError } from './ports.js';
import { type BootClient, type Decision, resolve, type Stage } from './resolve.js';
import { type DhcpService, startDhcp } from './services/dhcp.js';
import { type FtpService, startFtp } from './services/ftp.js';
import { createHttpServer } from './services/http.js';
import { startTftp, type TftpService } from './services/tftp.js';
import { prepareSite, type Site } from './site.js';
import { loadTemplates } from './templates.js';

/** What an application can see and change. */
export interface ServerHooks {
  /** Called for every event of every service. */
  onEvent?(event: ServerEvent): void;
  /** Called with each decision; what it returns is used in its place. */
  onDecision?(decision: Decision, client: BootClient, stage: Stage): Decision | undefined;
}

export interface ServerOptions {
  hooks?: ServerHooks;
  /** Folder that relative paths start from. Default: the folder of the configuration file, else the working folder. */
  folder?: string;
  /** Milliseconds since 1970. Default: the system's clock. */
  now?: () => number;
}

/** The services that run; each can be reached. */
export interface Services {
  http?: Server;
  ftp?: FtpService;
  tftp?: TftpService;
  dhcp?: DhcpService;
  admin?: AdminService;
}

export interface BootServer {
  readonly config: Config;
  readonly site: Site;
  readonly events: EventStream;
  readonly machines: MachineStore;
  readonly services: Services;
  /** Where each service listens, by its name. */
  readonly listens: Readonly<Record<string, string[]>>;
  /** The resolver with this server's site and time. */
  decide(client: BootClient, stage: Stage): Decision;
  /** Opens all ports, or none: when one fails the others are closed again. */
  start(): Promise<void>;
  /** Ends all services; transfers that run may take `drain` milliseconds to finish. Default 0. */
  stop(options?: { drain?: number }): Promise<void>;
  /** Takes a new configuration, whole or not at all. Ports and addresses stay as they are until the next start. */
  reload(config?: LoadedConfig | ConfigInput): Promise<void>;
}

function isLoaded(config: LoadedConfig | ConfigInput | string): config is LoadedConfig {
  return typeof config === 'object' && 'config' in config;
}

/**
 * A boot server from a configuration: an object, a loaded file, or the path of one.
 *
 * @throws {ConfigError} for a file with errors.
 */
export function createServer(config: ConfigInput | LoadedConfig | string, options: ServerOptions = {}): BootServer {
  const loaded = typeof config === 'string' ? loadConfig(config) : isLoaded(config) ? config : undefined;
  const values = loaded?.config ?? configSchema.parse(config);
  return new ReferenceServer(values, loaded, options);
}

class ReferenceServer implements BootServer {
  config: Config;
  readonly events: EventStream;
  readonly machines: MachineStore;
  readonly services: Services = {};
  readonly listens: Record<string, string[]> = {};
  readonly #folder: string;
  readonly #file: string | undefined;
  readonly #hooks: ServerHooks;
  readonly #core: Core;
  readonly #responses = new Set<ServerResponse>();
  #stopped = false;

  constructor(config: Config, loaded: LoadedConfig | undefined, { hooks = {}, folder, now = Date.now }: ServerOptions) {
    this.config = config;
    this.#folder = folder ?? loaded?.folder ?? process.cwd();
    this.#file = loaded?.file;
    this.#hooks = hooks;
    const site = this.#prepare(config, undefined);
    const destination = config.events === undefined ? undefined : config.events === '-' ? 1 : resolvePath(this.#folder, config.events);
    this.events = new EventStream({ destination, now });
    this.machines = new MachineStore(join(this.#stateFolder(), 'machines.db'), { now });
    this.#core = { site, machines: this.machines, events: this.events, now, decide: (client, stage) => this.decide(client, stage) };
    if (hooks.onEvent) this.events.subscribe((event) => hooks.onEvent?.(event));
    this.events.subscribe((event) => {
      if (event.mac !== undefined) this.machines.note(event.mac, event);
    });
  }

  get site(): Site {
    return this.#core.site;
  }

  decide(client: BootClient, stage: Stage): Decision {
    const decision = resolve(this.#core.site, client, stage, { now: this.#core.now() });
    return this.#hooks.onDecision?.(decision, client, stage) ?? decision;
  }

  async start(): Promise<void> {
    const user = this.config.user === undefined ? undefined : findUser(this.config.user);
    this.events.emit('server.start', { address: this.site.address, file: this.#file });
    try {
      await this.#open();
    } catch (error) {
      await this.stop();
      throw error;
    }
    const rest = loadRest();
    if (user) {
      await rest;
      for (const file of this.#ownFiles()) chownSync(file, user.uid, user.gid);
      dropPrivileges(user);
    }
    this.events.emit('server.ready', { address: this.site.address, ...this.listens });
  }

  async #open(): Promise<void> {
    const { http, tftp, dhcp, ftp, admin } = this.config;
    const { address } = this.site;
    if (http !== false) {
      const server = createHttpServer(this.#core);
      server.on('request', (_, response) => {
        this.#responses.add(response);
        response.once('close', () => this.#responses.delete(response));
      });
      const port = await listen(server, address, http.port);
      this.services.http = server;
      this.listens.http = [`tcp ${address}:${port}`];
      this.#core.site = this.#prepare(this.config, httpUrl(address, port));
    }
    if (ftp !== false) {
      this.services.ftp = await startFtp(this.#core, ftp);
      this.listens.ftp = this.services.ftp.listens;
    }
    if (tftp !== false) {
      this.services.tftp = await startTftp(this.#core, tftp);
      this.listens.tftp = this.services.tftp.listens;
    }
    if (dhcp !== false) {
      this.services.dhcp = await startDhcp(this.#core, dhcp, this.#leaseFile(dhcp.leases));
      this.listens.dhcp = this.services.dhcp.listens;
    }
    if (admin !== false) {
      const { startAdmin } = await import('./admin/app.js');
      this.services.admin = await startAdmin({ core: this.#core, services: this.services, listens: this.listens }, admin);
      this.listens.admin = this.services.admin.listens;
    }
  }

  async stop({ drain = 0 }: { drain?: number } = {}): Promise<void> {
    if (this.#stopped) return;
    this.#stopped = true;
    const { http, tftp, dhcp, ftp, admin } = this.services;
    await Promise.all([admin?.stop(), dhcp?.stop(), ftp?.stop(), tftp?.stop(drain), http && closeHttp(http, drain)]);
    // Downloads that were cut still tell so, and the machine states must be open for that.
    const told = Promise.all([...this.#responses].map((response) => once(response, 'close')));
    await Promise.race([told, setTimeout(1000, undefined, { ref: false })]);
    this.events.emit('server.stop', {});
    this.machines.close();
    this.events.close();
  }

  async reload(config?: LoadedConfig | ConfigInput): Promise<void> {
    const next =
      config === undefined
        ? this.#file === undefined
          ? this.config
          : loadConfig(this.#file).config
        : isLoaded(config)
          ? config.config
          : configSchema.parse(config);
    const site = this.#prepare(next, this.site.httpUrl);
    await this.services.dhcp?.reload(site);
    this.config = next;
    this.#core.site = site;
    this.events.emit('server.reloaded', { machines: next.machines.length });
  }

  #prepare(config: Config, url: string | undefined): Site {
    return prepareSite(config, { folder: this.#folder, address: ownAddress(config), httpUrl: url });
  }

  #stateFolder(): string {
    return resolvePath(this.#folder, this.config.state);
  }

  #leaseFile(named: string | undefined): string {
    mkdirSync(this.#stateFolder(), { recursive: true });
    return named === undefined ? join(this.#stateFolder(), 'leases.db') : resolvePath(this.#folder, named);
  }

  /** What must stay writable after the change of user. */
  #ownFiles(): string[] {
    const state = this.#stateFolder();
    const events = this.config.events === undefined || this.config.events === '-' ? [] : [resolvePath(this.#folder, this.config.events)];
    return [state, ...readdirSync(state).map((name) => join(state, name)), ...events].filter((file) => existsSync(file));
  }
}

/** What requests need and ports do not. It is read before the change of user: the new one may not be allowed to. */
function loadRest(): Promise<unknown> {
  return Promise.all([import('./http.js'), loadTemplates()]);
}

function httpUrl(address: string, port: number): string {
  return `http://${address}${port === 80 ? '' : `:${port}`}`;
}

async function listen(server: Server, address: string, port: number): Promise<number> {
  return new Promise((done, fail) => {
    server.once('error', (error) => fail(explainListenError(error, 'HTTP', 'tcp', address, port)));
    server.listen({ host: address, port }, () => done((server.address() as AddressInfo).port));
  });
}

async function closeHttp(server: Server, drain: number): Promise<void> {
  const closed = new Promise<void>((done) => void server.close(() => done()));
  server.closeIdleConnections();
  if (drain > 0) await Promise.race([closed, setTimeout(drain, undefined, { ref: false })]);
  server.closeAllConnections();
  await closed;
}
