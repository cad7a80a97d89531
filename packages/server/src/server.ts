import { chownSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join, resolve as resolvePath } from 'node:path';
import type { PassedSockets } from './activation.js';
import { ownAddress } from './address.js';
import { type LoadedConfig, loadConfig } from './config/load.js';
import { type Config, type ConfigInput, configSchema } from './config/schema.js';
import type { Core } from './core.js';
import { dropPrivileges, findUser } from './drop-privileges.js';
import { ServerError } from './errors.js';
import { EventStream, type ServerEvent } from './events.js';
import { Listeners, type Services } from './listeners.js';
import { MachineStore } from './machines.js';
import { type BootClient, type Decision, resolve, type Stage } from './resolve.js';
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
  /** Sockets that a parent opened, from `activatedSockets()`; they take the place of ports. Default: none. */
  sockets?: PassedSockets;
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
  /**
   * Takes a new configuration, whole or not at all: ports that change are opened before the old ones close.
   *
   * @throws {ServerError} when a port does not open, or `SERVER_RELOAD` when `state`, `events` or `user` changed. Everything stays as it was.
   */
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
  readonly #folder: string;
  readonly #file: string | undefined;
  readonly #hooks: ServerHooks;
  readonly #core: Core;
  readonly #listeners: Listeners;
  #reloading: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(config: Config, loaded: LoadedConfig | undefined, { hooks = {}, folder, now = Date.now, sockets = {} }: ServerOptions) {
    this.config = config;
    this.#folder = folder ?? loaded?.folder ?? process.cwd();
    this.#file = loaded?.file;
    this.#hooks = hooks;
    const site = this.#prepare(config);
    const destination = config.events === undefined ? undefined : config.events === '-' ? 1 : resolvePath(this.#folder, config.events);
    this.events = new EventStream({ destination, now });
    this.machines = new MachineStore(join(this.#stateFolder(), 'machines.db'), { now });
    this.#core = { site, machines: this.machines, events: this.events, now, decide: (client, stage) => this.decide(client, stage) };
    this.#listeners = new Listeners(this.#core, { ...sockets });
    if (hooks.onEvent) this.events.subscribe((event) => hooks.onEvent?.(event));
    this.events.subscribe((event) => {
      if (event.mac !== undefined) this.machines.note(event.mac, event);
    });
  }

  get site(): Site {
    return this.#core.site;
  }

  get services(): Services {
    return this.#listeners.services;
  }

  get listens(): Readonly<Record<string, string[]>> {
    return this.#listeners.listens;
  }

  decide(client: BootClient, stage: Stage): Decision {
    const decision = resolve(this.#core.site, client, stage, { now: this.#core.now() });
    return this.#hooks.onDecision?.(decision, client, stage) ?? decision;
  }

  async start(): Promise<void> {
    const user = this.config.user === undefined ? undefined : findUser(this.config.user);
    this.events.emit('server.start', { address: this.site.address, file: this.#file });
    try {
      await this.#listeners.change(this.site, this.#leaseFile(this.config));
    } catch (error) {
      await this.stop();
      throw error;
    }
    const rest = loadRest();
    if (user) {
      // The new user may not be allowed to read our own files.
      await Promise.all([rest, import('./admin/app.js')]);
      for (const file of this.#ownFiles()) chownSync(file, user.uid, user.gid);
      dropPrivileges(user);
    }
    this.events.emit('server.ready', { address: this.site.address, ...this.listens });
  }

  async stop({ drain = 0 }: { drain?: number } = {}): Promise<void> {
    if (this.#stopped) return;
    this.#stopped = true;
    // The machine states must be open until the last service has told its end.
    await this.#listeners.stop(drain);
    this.events.emit('server.stop', {});
    this.machines.close();
    this.events.close();
  }

  reload(config?: LoadedConfig | ConfigInput): Promise<void> {
    const reloaded = this.#reloading.then(() => this.#reload(config));
    this.#reloading = reloaded.catch(() => {});
    return reloaded;
  }

  async #reload(config: LoadedConfig | ConfigInput | undefined): Promise<void> {
    if (this.#stopped) return;
    const next = this.#read(config);
    for (const key of ['state', 'events', 'user'] as const) {
      if (next[key] === this.config[key]) continue;
      throw new ServerError(`\`${key}\` changed, which needs a new start`, {
        code: 'SERVER_RELOAD',
        hint: `Start the server again, or set \`${key}\` back to ${JSON.stringify(this.config[key])}.`,
      });
    }
    await this.#listeners.change(this.#prepare(next), this.#leaseFile(next));
    this.config = next;
    this.events.emit('server.reloaded', { machines: next.machines.length, address: this.site.address, ...this.listens });
  }

  #read(config: LoadedConfig | ConfigInput | undefined): Config {
    if (config !== undefined) return isLoaded(config) ? config.config : configSchema.parse(config);
    return this.#file === undefined ? this.config : loadConfig(this.#file).config;
  }

  /** A site without the URL of its HTTP port, which is known once that is open. */
  #prepare(config: Config): Site {
    return prepareSite(config, { folder: this.#folder, address: ownAddress(config), httpUrl: undefined });
  }

  #stateFolder(): string {
    return resolvePath(this.#folder, this.config.state);
  }

  #leaseFile({ dhcp }: Config): string {
    mkdirSync(this.#stateFolder(), { recursive: true });
    return dhcp === false || dhcp.leases === undefined ? join(this.#stateFolder(), 'leases.db') : resolvePath(this.#folder, dhcp.leases);
  }

  /** What must stay writable after the change of user. */
  #ownFiles(): string[] {
    const state = this.#stateFolder();
    const events = this.config.events === undefined || this.config.events === '-' ? [] : [resolvePath(this.#folder, this.config.events)];
    return [state, ...readdirSync(state).map((name) => join(state, name)), ...events].filter((file) => existsSync(file));
  }
}

/** What requests need and ports do not. */
function loadRest(): Promise<unknown> {
  return Promise.all([import('./http.js'), loadTemplates()]);
}
