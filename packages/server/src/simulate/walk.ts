import { CLIENTS, type ClientKind } from './clients.js';
import { askForBoot, type BootAnswer, type Exchange } from './exchange.js';
import { runInstaller } from './installer.js';
import { Machine, type MachineOptions } from './machine.js';
import type { BootNetwork } from './network.js';
import { boot } from './programs/boot.js';
import type { AskedFile, BootContext } from './programs/context.js';
import { type Stage, StepCounter, type Walking } from './step.js';

export interface WalkOptions extends MachineOptions {
  client: ClientKind;
  network: BootNetwork;
  /** Milliseconds, never going back. */
  clock(): number;
  /** Transaction numbers. */
  random(): number;
  /** Release that the kickstart is checked for. */
  release?: string | undefined;
}

/** What came of a boot. */
export interface WalkResult {
  /** Address the client got. */
  address: string | undefined;
  outcome: 'kernel' | 'disk';
  kernel: string | undefined;
  arguments: string;
  kickstart: string | undefined;
}

/** Walks a whole network boot as a client would, and reports each step as it is done. A boot that cannot go on throws {@link SimulationError}. */
export async function* walk({ client, network, clock, random, release, ...machine }: WalkOptions): Walking<WalkResult> {
  const steps = new StepCounter(clock);
  const exchange: Exchange = { network, random, steps, machine: new Machine(CLIENTS[client], machine) };
  const answer = yield* askForBoot(exchange);
  const { address } = answer;
  network.use(address);
  const choice = yield* boot(new NetworkContext(exchange, answer));
  const result: WalkResult = { address, outcome: 'disk', kernel: choice.kernel, arguments: choice.arguments, kickstart: undefined };
  if (choice.kernel === undefined) {
    yield steps.make({ stage: 'disk', asked: 'boot configuration', answered: 'boot the disk', bytes: 0 });
    return result;
  }
  const kickstart = yield* runInstaller(exchange, { arguments: choice.arguments, address, release });
  return { ...result, outcome: 'kernel', kickstart };
}

/** A boot program that loads over the network. */
class NetworkContext implements BootContext {
  readonly #exchange: Exchange;
  readonly #answer: BootAnswer;

  constructor(exchange: Exchange, answer: BootAnswer) {
    this.#exchange = exchange;
    this.#answer = answer;
  }

  get mac() {
    return this.#exchange.machine.mac;
  }
  get uuid() {
    return this.#exchange.machine.wireUuid;
  }
  get serial() {
    return this.#exchange.machine.serial;
  }
  get isRaspberryPi() {
    return this.#exchange.machine.profile.isRaspberryPi ?? false;
  }
  get architecture() {
    return this.#exchange.machine.profile.architecture;
  }
  get address() {
    return this.#answer.address;
  }
  get bootFile() {
    return this.#answer.bootFile;
  }
  get server() {
    return this.#answer.server;
  }

  note(...[step]: Parameters<BootContext['note']>) {
    return this.#exchange.steps.make(step);
  }

  /** One file, over the protocol its name asks for. */
  async ask(stage: Stage, what: string, name: string): Promise<AskedFile> {
    const { how, told, data } = /^https?:\/\//.test(name) ? await this.#overHttp(name) : await this.#overTftp(name);
    const step = this.note({ stage, asked: `${what} ${how}`, answered: data ? told : 'not found', bytes: data?.length ?? 0 });
    return { step, data };
  }

  async #overHttp(url: string) {
    const got = await this.#exchange.network.http(url, 'GET');
    return {
      how: `HTTP GET ${url}`,
      told: `${got.status}, ${got.headers.get('content-type') ?? 'no type'}`,
      data: got.status === 200 ? got.data : undefined,
    };
  }

  async #overTftp(name: string) {
    const { network, machine } = this.#exchange;
    const { blockSize, windowSize } = machine.profile.tftp;
    const answer = await network.tftp(this.server, name.replace(/^::/, '/'), { blockSize, windowSize });
    const granted = Object.entries(answer?.granted ?? {}).map(([key, value]) => `${key}=${value}`);
    const again = answer && answer.retransmissions > 0 ? `, ${answer.retransmissions} blocks sent again` : '';
    const size = windowSize === false ? '' : ` windowsize=${windowSize}`;
    return {
      how: `TFTP ${name} (tsize=0 blksize=${blockSize}${size})`,
      told: (granted.join(' ') || 'no options') + again,
      data: answer?.data,
    };
  }

  async *becomeIpxe(): Walking<BootContext> {
    // Over HTTP the firmware has codes of its own; iPXE says 7 or 11 whatever loaded it.
    const architecture = { 16: 7, 19: 11 }[this.architecture] ?? this.architecture;
    const machine = new Machine({ ...CLIENTS.ipxe, architecture }, { mac: this.mac });
    const exchange = { ...this.#exchange, machine };
    return new NetworkContext(exchange, yield* askForBoot(exchange));
  }
}
