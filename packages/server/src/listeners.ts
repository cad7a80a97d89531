import type { PassedSockets } from './activation.js';
import type { AdminService } from './admin/app.js';
import type { Core } from './core.js';
import { type DhcpService, startDhcp } from './services/dhcp.js';
import { type FtpService, startFtp } from './services/ftp.js';
import { type HttpService, startHttp } from './services/http.js';
import { startTftp, type TftpService } from './services/tftp.js';
import type { Site } from './site.js';

/** The services that run; each can be reached. */
export interface Services {
  http?: HttpService;
  ftp?: FtpService;
  tftp?: TftpService;
  admin?: AdminService;
  dhcp?: DhcpService;
}

type Name = keyof Services;

interface Service {
  readonly listens: readonly string[];
  stop(drain: number): Promise<void>;
}

/** A service that a configuration asks for. */
interface Wanted {
  /** Where it listens. */
  place: string;
  /** What else it cannot change while it runs. */
  shape: string;
  open(): Promise<Service>;
}

interface Running extends Wanted {
  service: Service;
}

/** What is done when all went well, and what takes it back when something did not. */
class Change {
  readonly commit: (() => void)[] = [];
  readonly undo: (() => Promise<void>)[] = [];

  async takeBack(): Promise<void> {
    for (const undo of this.undo.reverse()) await undo().catch(() => {});
  }
}

/** How long transfers may go on, in milliseconds, when their port closes because the configuration changed. */
const DRAIN = 5000;

/** The services of a site and their ports. A change of the site is made as a whole or not at all: new ports open before old ones close. */
export class Listeners {
  readonly services: Services = {};
  readonly listens: Record<string, string[]> = {};
  readonly #core: Core;
  readonly #passed: PassedSockets;
  readonly #running = new Map<Name, Running>();
  readonly #ending = new Set<Promise<void>>();

  constructor(core: Core, passed: PassedSockets) {
    this.#core = core;
    this.#passed = passed;
  }

  /**
   * Goes over to a site that has no URL of its own yet; it gets that of the HTTP port.
   *
   * @throws what keeps a port from opening; then everything runs on as it was.
   */
  async change(base: Site, leases: string): Promise<void> {
    const change = new Change();
    try {
      const http = (await this.#turn('http', this.#http(base), change)) as HttpService | undefined;
      const site = { ...base, httpUrl: base.httpUrl ?? (http && urlOf(base.address, http.port)) };
      await this.#turn('ftp', this.#ftp(site), change);
      await this.#turn('tftp', this.#tftp(site), change);
      await this.#turn('admin', this.#admin(site), change);
      await this.#turnDhcp(site, leases, change);
      this.#core.site = site;
    } catch (error) {
      await change.takeBack();
      throw error;
    }
    for (const commit of change.commit) commit();
    const { http } = base.config;
    if (http !== false) this.services.http?.configure(http);
  }

  async stop(drain: number): Promise<void> {
    await Promise.all([...this.#ending, ...[...this.#running.values()].map(({ service }) => service.stop(drain))]);
    this.#running.clear();
  }

  #place(name: Name, place: string): string {
    return this.#running.get(name)?.place === 'passed' || (this.#passed[name as keyof PassedSockets] && !this.#running.has(name))
      ? 'passed'
      : place;
  }

  /** A socket that was passed in is used once. */
  #takePassed(name: keyof PassedSockets): number | undefined {
    const fd = this.#passed[name]?.[0]?.fd;
    delete this.#passed[name];
    return fd;
  }

  #http({ config: { http }, address }: Site): Wanted | undefined {
    if (http === false) return undefined;
    const open = () => startHttp(this.#core, address, http, this.#takePassed('http'));
    return { place: this.#place('http', `${address}:${http.port}`), shape: '', open };
  }

  #ftp({ config: { ftp }, address }: Site): Wanted | undefined {
    if (ftp === false) return undefined;
    const open = () => startFtp(this.#core, address, ftp, this.#takePassed('ftp'));
    return { place: this.#place('ftp', `${address}:${ftp.port}`), shape: '', open };
  }

  #tftp(site: Site): Wanted | undefined {
    const { tftp } = site.config;
    if (tftp === false) return undefined;
    const shape = JSON.stringify([tftp.maxTransfers, tftp.maxTransfersPerClient, tftp.uploads && [site.folder, tftp.root]]);
    const open = () => startTftp(this.#core, site, tftp, this.#takePassed('tftp'));
    return { place: this.#place('tftp', `${site.address}:${tftp.port}`), shape, open };
  }

  #admin({ config: { admin }, folder }: Site): Wanted | undefined {
    if (admin === false) return undefined;
    const { services, listens } = this;
    const open = async () => {
      // Most of what the page needs is needed by nothing else.
      const { startAdmin } = await import('./admin/app.js');
      return startAdmin({ core: this.#core, services, listens, folder }, admin);
    };
    return { place: `${admin.address}:${admin.port}`, shape: JSON.stringify([admin, folder]), open };
  }

  /** Opens, keeps or closes one service, as it is wanted. */
  async #turn(name: Name, wanted: Wanted | undefined, change: Change): Promise<Service | undefined> {
    const old = this.#running.get(name);
    if (old && wanted && old.place === wanted.place && old.shape === wanted.shape) return old.service;
    if (!wanted) {
      if (old) change.commit.push(() => this.#end(name, old));
      return undefined;
    }
    // Two cannot listen in one place: only there the old one has to go first.
    const isSamePlace = old?.place === wanted.place;
    const restore = async () => {
      if (old && isSamePlace) this.#set(name, { ...old, service: await old.open() });
    };
    if (old && isSamePlace) await old.service.stop(DRAIN);
    let service: Service;
    try {
      service = await wanted.open();
    } catch (error) {
      await restore();
      throw error;
    }
    change.undo.push(async () => {
      await service.stop(0);
      await restore();
    });
    change.commit.push(() => {
      if (old && !isSamePlace) this.#end(name, old);
      this.#set(name, { ...wanted, service });
    });
    return service;
  }

  /** DHCP keeps its leases, so it goes over by itself, last of all. */
  async #turnDhcp(site: Site, leases: string, change: Change): Promise<void> {
    const { dhcp } = site.config;
    const old = this.#running.get('dhcp');
    if (dhcp === false || !old) {
      const open = async () => {
        const { dhcp: passed } = this.#passed;
        delete this.#passed.dhcp;
        return startDhcp(this.#core, site, dhcp as Exclude<typeof dhcp, false>, leases, passed);
      };
      await this.#turn('dhcp', dhcp === false ? undefined : { place: '', shape: '', open }, change);
      return;
    }
    const service = this.services.dhcp as DhcpService;
    const prepared = await service.prepare(site, dhcp, leases);
    change.undo.push(prepared.cancel);
    await prepared.commit();
    change.commit.push(() => this.#set('dhcp', { ...old, service }));
  }

  #set(name: Name, running: Running): void {
    this.#running.set(name, running);
    this.services[name] = running.service as never;
    this.listens[name] = [...running.service.listens];
  }

  #end(name: Name, { service }: Running): void {
    this.#running.delete(name);
    delete this.services[name];
    delete this.listens[name];
    const ended: Promise<void> = service
      .stop(DRAIN)
      .catch((error: Error) => void this.#core.events.emit('server.error', { level: 'error', message: error.message }))
      .finally(() => this.#ending.delete(ended));
    this.#ending.add(ended);
  }
}

function urlOf(address: string, port: number): string {
  return `http://${address}${port === 80 ? '' : `:${port}`}`;
}
