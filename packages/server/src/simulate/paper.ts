import { readFileSync } from 'node:fs';
import { type BootFileFound, findBootFile } from '../boot-tree.js';
import type { BootClient, Decide, Decision } from '../resolve.js';
import type { Site } from '../site.js';
import { boot } from './programs/boot.js';
import type { AskedFile, BootContext } from './programs/context.js';
import { type SimulatedStep, SimulationError, type Stage, type Walking } from './step.js';

/** A client that boots on paper. */
export interface PaperClient extends BootClient {
  mac: string;
  architecture: number;
  isRaspberryPi: boolean;
}

/** Thrown when a file comes from another server, which nobody can look at from here. */
class Elsewhere extends Error {}

const STEP: SimulatedStep = { number: 0, stage: 'dhcp', asked: '', answered: '', bytes: 0, ms: 0, warnings: [] };
const SOME_BYTES = new Uint8Array(1);

/**
 * Boots a client without a network, from the resolver's answer to its kernel: configurations are read, of other files it is
 * enough that they are there. Gives what stops it, or `undefined`.
 */
export async function bootOnPaper(site: Site, decide: Decide, client: PaperClient, decision: Decision): Promise<string | undefined> {
  try {
    for await (const _ of boot(new PaperContext(site, decide, client, decision)));
    return undefined;
  } catch (error) {
    if (error instanceof Elsewhere) return undefined;
    if (error instanceof SimulationError) return error.reason;
    throw error;
  }
}

class PaperContext implements BootContext {
  readonly uuid = '';
  readonly mac: string;
  readonly serial: string;
  readonly isRaspberryPi: boolean;
  readonly architecture: number;
  readonly address: string;
  readonly bootFile: string;
  readonly server: string;
  readonly #site: Site;
  readonly #decide: Decide;
  readonly #client: PaperClient;

  constructor(site: Site, decide: Decide, client: PaperClient, { bootFile, address = '' }: Decision) {
    this.#site = site;
    this.#decide = decide;
    this.#client = client;
    this.mac = client.mac;
    this.serial = client.mac.replaceAll(':', '').slice(4);
    this.isRaspberryPi = client.isRaspberryPi;
    this.architecture = client.architecture;
    this.address = address;
    this.bootFile = bootFile?.file ?? '';
    this.server = bootFile?.nextServer ?? site.address;
  }

  async ask(stage: Stage, _what: string, name: string): Promise<AskedFile> {
    const found = this.#find(this.#pathOf(name));
    const data = found && (found.kind === 'generated' ? new TextEncoder().encode(found.text) : contentOf(found, stage));
    return { step: { ...STEP, warnings: [] }, data };
  }

  /** The name in the boot tree, of a name over TFTP or a URL of this server. */
  #pathOf(name: string): string {
    const { httpUrl, address } = this.#site;
    const url = /^[a-z]+:\/\//.test(name);
    if (!url && this.server === address) return name;
    for (const base of [`${httpUrl}/boot/`, `${httpUrl}/`, `tftp://${address}/`]) if (name.startsWith(base)) return name.slice(base.length);
    throw new Elsewhere(name);
  }

  #find(path: string): BootFileFound | undefined {
    const who = (mac: string | undefined) => (mac === undefined || mac === this.mac ? this.#client : undefined);
    try {
      return findBootFile(this.#site, path, who, this.#decide);
    } catch (error) {
      if ((error as { code?: string }).code === 'SERVER_PATH_OUTSIDE') return undefined;
      throw new SimulationError('configuration', (error as Error).message);
    }
  }

  note(): SimulatedStep {
    return STEP;
  }

  async *becomeIpxe(): Walking<BootContext> {
    const client = { ...this.#client, ipxe: true, http: false };
    yield this.note();
    return new PaperContext(this.#site, this.#decide, client, this.#decide(client, 'loader'));
  }
}

/** Only configurations are read: kernels and initrds are large. */
function contentOf({ path, size }: Extract<BootFileFound, { kind: 'file' }>, stage: Stage): Uint8Array {
  if (stage === 'configuration' || path.endsWith('.ipxe') || path.endsWith('.cfg')) return new Uint8Array(readFileSync(path));
  return size === 0 ? new Uint8Array(0) : SOME_BYTES;
}
