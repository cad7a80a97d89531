import type { Message, Option } from '@pxekit/dhcp';
import { countBySeverity } from '@pxekit/diagnostics';
import { simulateBootAsync } from '@pxekit/pxelinux';
import { checkKickstart } from '../check.js';
import { parseIpv4 } from '../ipv4.js';
import { CLIENTS, type ClientKind, type ClientProfile } from './clients.js';
import type { BootNetwork, FileAnswer } from './network.js';
import { argument, type BootChoice, grubChoice, ipxeChoice } from './scripts.js';
import { type SimulatedStep, SimulationError } from './step.js';

export interface WalkOptions {
  client: ClientKind;
  /** Default: an address that no machine has. */
  mac?: string | undefined;
  /** System UUID (option 97), 16 bytes. Default: made from the hardware address. */
  uuid?: Uint8Array | undefined;
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

type StepInput = Omit<SimulatedStep, 'number' | 'ms' | 'warnings'> & { warnings?: string[] };

/** Why the services of the network ignored the client, where they tell. */
function reasons(network: BootNetwork): string {
  const found = network.reasons?.() ?? [];
  return found.length === 0 ? '' : ` (${found.join('; ')})`;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const option = (code: number, data: Uint8Array): Option => ({ code, region: 'options', data });
const text = (code: number, value: string) => option(code, encoder.encode(value));
const bytes = (code: number, ...values: number[]) => option(code, Uint8Array.from(values));
const address = (code: number, value: string) => option(code, Uint8Array.from(value.split('.').map(Number)));

function dataOf(message: Message, code: number): Uint8Array | undefined {
  return message.options.find((each) => each.code === code)?.data;
}

function textOf(message: Message, code: number): string | undefined {
  const data = dataOf(message, code);
  return data && decoder.decode(data).replace(/\0+$/, '');
}

function addressOf(message: Message, code: number): string | undefined {
  const data = dataOf(message, code);
  return data && data.length >= 4 ? [...data.subarray(0, 4)].join('.') : undefined;
}

const PARAMETERS = bytes(
  55,
  1,
  2,
  3,
  4,
  5,
  6,
  12,
  13,
  15,
  17,
  18,
  22,
  23,
  28,
  40,
  41,
  42,
  43,
  50,
  51,
  54,
  58,
  59,
  60,
  66,
  67,
  97,
  128,
  129,
  130,
  131,
  132,
  133,
  134,
  135,
);

/** Walks a whole network boot as a client would, and reports each step as it is done. A boot that cannot go on throws {@link SimulationError}. */
export async function* walk(options: WalkOptions): AsyncGenerator<SimulatedStep, WalkResult> {
  const boot = new Boot(options);
  yield* boot.run();
  return boot.result;
}

class Boot {
  readonly result: WalkResult = { address: undefined, outcome: 'disk', kernel: undefined, arguments: '', kickstart: undefined };
  readonly #options: WalkOptions;
  readonly #profile: ClientProfile;
  readonly #mac: string;
  readonly #uuid: Uint8Array;
  #number = 0;
  #since = 0;

  constructor(options: WalkOptions, profile: ClientProfile = CLIENTS[options.client]) {
    this.#options = options;
    this.#profile = profile;
    this.#mac = options.mac ?? this.#profile.mac;
    const digits = this.#mac.split(':').map((part) => Number.parseInt(part, 16));
    this.#uuid = options.uuid ?? Uint8Array.from([0x70, 0x78, 0x65, 0x6b, 0, 0, 0x40, 0, 0x80, 0, ...digits]);
  }

  #step({ warnings = [], ...step }: StepInput): SimulatedStep {
    const ms = Math.round((this.#options.clock() - this.#since) * 10) / 10;
    return { number: ++this.#number, ...step, ms, warnings };
  }

  #begin(): void {
    this.#since = this.#options.clock();
  }

  async *run(): AsyncGenerator<SimulatedStep, void> {
    const { offer, ack, steps } = await this.#getAddress();
    for (const step of steps) yield step;
    this.result.address = ack.yiaddr;
    this.#options.network.use(ack.yiaddr);
    const bootFile = textOf(ack, 67) || ack.file || textOf(offer, 67) || offer.file;
    const server = ack.siaddr !== '0.0.0.0' ? ack.siaddr : (addressOf(ack, 54) ?? '');
    if (!bootFile) {
      throw new SimulationError(
        'boot file',
        'the answer names no boot file',
        'Look with `pxekit explain`: the architecture may have no boot program, or the machine is not to boot.',
      );
    }
    const choice = yield* this.#loadConfiguration(bootFile, server);
    if (choice.kernel === undefined) {
      this.#begin();
      yield this.#step({ stage: 'disk', asked: 'boot configuration', answered: 'boot the disk', bytes: 0 });
      return;
    }
    this.result.outcome = 'kernel';
    this.result.kernel = choice.kernel;
    this.result.arguments = choice.arguments;
    for (const [index, file] of choice.fetched ? [] : [choice.kernel, ...choice.initrds].entries()) {
      const answer = yield* this.#fetch('kernel', file, server, index === 0 ? 'kernel' : 'initrd');
      if (answer.data.length === 0) throw new SimulationError(index === 0 ? 'kernel' : 'initrd', `${file} is empty`);
    }
    yield* this.#install(choice.arguments);
  }

  #message(type: number, xid: number, options: Option[], over: Partial<Message> = {}): Message {
    return {
      op: 1,
      htype: 1,
      hlen: 6,
      hops: 0,
      xid,
      secs: 4,
      flags: this.#profile.broadcast ? 0x8000 : 0,
      ciaddr: '0.0.0.0',
      yiaddr: '0.0.0.0',
      siaddr: '0.0.0.0',
      giaddr: '0.0.0.0',
      chaddr: this.#mac,
      sname: '',
      file: '',
      options: [bytes(53, type), ...options],
      ...over,
    };
  }

  #identity(): Option[] {
    const { architecture, vendorClass, userClass } = this.#profile;
    return [
      bytes(57, 0x05, 0xc0),
      bytes(93, architecture >> 8, architecture & 255),
      bytes(94, 1, 2, 1),
      option(97, Uint8Array.from([0, ...this.#uuid])),
      text(60, vendorClass),
      ...(userClass === undefined ? [] : [text(77, userClass), bytes(175, 0xb1, 1, 1)]),
      PARAMETERS,
    ];
  }

  async #getAddress(): Promise<{ offer: Message; ack: Message; steps: SimulatedStep[] }> {
    const { network, random } = this.#options;
    const xid = random() >>> 0;
    this.#begin();
    const offered = await network.dhcp(this.#message(1, xid, this.#identity()), { to: 'broadcast' });
    if (!offered)
      throw new SimulationError(
        'DISCOVER',
        `no server answered${reasons(network)}`,
        'Is the machine allowed (`unknown`), is there a subnet and a free address? `pxekit explain` tells; the event log says why a client was ignored.',
      );
    const offer = offered.reply;
    const isProxy = offer.yiaddr === '0.0.0.0';
    const lease = dataOf(offer, 51);
    const steps = [
      this.#step({
        stage: isProxy ? 'proxydhcp' : 'dhcp',
        asked: `DISCOVER from ${this.#mac}, architecture ${this.#profile.architecture}, class ${this.#profile.vendorClass}`,
        answered: isProxy
          ? `OFFER without address from proxy ${addressOf(offer, 54)}, boot file ${textOf(offer, 67) || offer.file || 'none'}`
          : `OFFER ${offer.yiaddr} from ${addressOf(offer, 54)}${lease ? `, lease ${new DataView(lease.buffer, lease.byteOffset).getUint32(0)} s` : ''}, boot file ${textOf(offer, 67) || offer.file || 'none'} on ${offer.siaddr}`,
        bytes: offered.received,
        warnings: this.#offerWarnings(offer),
      }),
    ];
    this.#begin();
    if (isProxy) {
      const asked = await network.dhcp(this.#message(3, xid, this.#identity()), { to: addressOf(offer, 54) ?? offered.from, port: 4011 });
      const ack = asked?.reply ?? offer;
      steps.push(
        this.#step({
          stage: 'proxydhcp',
          asked: 'REQUEST to port 4011',
          answered: `${asked ? 'ACK' : 'no answer: offer taken'}, boot file ${textOf(ack, 67) || ack.file}`,
          bytes: asked?.received ?? 0,
        }),
      );
      return { offer, ack: { ...ack, siaddr: ack.siaddr === '0.0.0.0' ? offered.from : ack.siaddr }, steps };
    }
    const request = this.#message(3, xid, [
      address(50, offer.yiaddr),
      address(54, addressOf(offer, 54) ?? offered.from),
      ...this.#identity(),
    ]);
    const answered = await network.dhcp(request, { to: 'broadcast' });
    if (!answered || dataOf(answered.reply, 53)?.[0] !== 5)
      throw new SimulationError('REQUEST', answered ? 'the server refused the address it had offered (NAK)' : 'no answer');
    const ack = answered.reply;
    steps.push(
      this.#step({
        stage: 'dhcp',
        asked: `REQUEST ${offer.yiaddr}`,
        answered: `ACK ${ack.yiaddr}, mask ${addressOf(ack, 1) ?? 'none'}, router ${addressOf(ack, 3) ?? 'none'}, name server ${addressOf(ack, 6) ?? 'none'}`,
        bytes: answered.received,
      }),
    );
    return { offer, ack, steps };
  }

  #offerWarnings(offer: Message): string[] {
    const warnings: string[] = [];
    const mask = parseIpv4(addressOf(offer, 1) ?? '');
    const [own, boot] = [parseIpv4(offer.yiaddr), parseIpv4(offer.siaddr)];
    if (
      mask !== undefined &&
      own !== undefined &&
      boot !== undefined &&
      boot !== 0 &&
      (own & mask) !== (boot & mask) &&
      !addressOf(offer, 3)
    ) {
      warnings.push(`boot server ${offer.siaddr} lies in another network and the answer names no router`);
    }
    if (this.#profile.vendorClass.startsWith('HTTPClient') && !textOf(offer, 60)?.startsWith('HTTPClient')) {
      warnings.push('option 60 is not HTTPClient: the firmware does not take this offer');
    }
    return warnings;
  }

  /** One file, over the protocol its name asks for. */
  async *#fetch(stage: SimulatedStep['stage'], name: string, server: string, what: string): AsyncGenerator<SimulatedStep, FileAnswer> {
    this.#begin();
    const found = await this.#tryFetch(name, server);
    if (found.answer === undefined) {
      throw new SimulationError(what, `${found.how} does not exist on the server`, '`pxekit tree` lists what a client can get.');
    }
    yield this.#step({ stage, asked: `${what} ${found.how}`, answered: found.told, bytes: found.answer.data.length });
    return found.answer;
  }

  async #tryFetch(name: string, server: string): Promise<{ how: string; told: string; answer: FileAnswer | undefined }> {
    const { network } = this.#options;
    if (/^https?:\/\//.test(name)) {
      const got = await network.http(name, 'GET');
      const answer = got.status === 200 ? { data: got.data, granted: {}, retransmissions: 0 } : undefined;
      return { how: `HTTP GET ${name}`, told: `${got.status}, ${got.headers.get('content-type') ?? 'no type'}`, answer };
    }
    const { blockSize, windowSize } = this.#profile.tftp;
    const answer = await network.tftp(server, name.replace(/^::/, '/'), { blockSize, windowSize });
    const granted = Object.entries(answer?.granted ?? {}).map(([key, value]) => `${key}=${value}`);
    const again = answer && answer.retransmissions > 0 ? `, ${answer.retransmissions} blocks sent again` : '';
    const size = windowSize === false ? '' : ` windowsize=${windowSize}`;
    return { how: `TFTP ${name} (tsize=0 blksize=${blockSize}${size})`, told: (granted.join(' ') || 'no options') + again, answer };
  }

  async *#loadConfiguration(bootFile: string, server: string): AsyncGenerator<SimulatedStep, BootChoice> {
    const file = bootFile.slice(bootFile.lastIndexOf('/') + 1).toLowerCase();
    const program = yield* this.#fetch('program', bootFile, server, file.endsWith('.ipxe') ? 'script' : 'boot program');
    if (file.endsWith('.ipxe')) return ipxeChoice(decoder.decode(program.data));
    if (/pxelinux|syslinux/.test(file)) return yield* this.#pxelinux(bootFile, server);
    if (/shim|^boot(x64|aa64)\.efi$/.test(file)) {
      const folder = bootFile.slice(0, bootFile.lastIndexOf('/') + 1);
      yield* this.#fetch('program', `${folder}grub${file.includes('aa64') ? 'aa64' : 'x64'}.efi`, server, 'boot program');
      return yield* this.#grub(bootFile, server);
    }
    if (/grub|core\.efi/.test(file)) return yield* this.#grub(bootFile, server);
    if (/ipxe|undionly|snponly|\.kpxe$/.test(file)) return yield* this.#chainToIpxe();
    throw new SimulationError(
      'boot configuration',
      `the boot program ${bootFile} is none whose configuration is known (PXELINUX, GRUB, iPXE)`,
    );
  }

  /** iPXE asks again as itself. */
  async *#chainToIpxe(): AsyncGenerator<SimulatedStep, BootChoice> {
    // Over HTTP the firmware has codes of its own; iPXE says 7 or 11 whatever loaded it.
    const architecture = { 16: 7, 19: 11 }[this.#profile.architecture] ?? this.#profile.architecture;
    const boot = new Boot({ ...this.#options, mac: this.#mac }, { ...CLIENTS.ipxe, architecture });
    boot.#number = this.#number;
    const { ack, steps } = await boot.#getAddress();
    for (const step of steps) yield step;
    const script = textOf(ack, 67) || ack.file;
    const answer = yield* boot.#fetch('configuration', script, ack.siaddr, 'script');
    this.#number = boot.#number;
    return ipxeChoice(decoder.decode(answer.data));
  }

  async *#grub(bootFile: string, server: string): AsyncGenerator<SimulatedStep, BootChoice> {
    const base = /^https?:\/\/.*\/boot\//.exec(bootFile)?.[0] ?? '/';
    let name = 'grub/grub.cfg';
    for (let depth = 0; depth < 5; depth++) {
      const { data } = yield* this.#fetch('configuration', base + name, server, 'configuration');
      const choice = grubChoice(decoder.decode(data).replaceAll('$net_default_mac', this.#mac));
      if (!('configfile' in choice)) {
        const at = (file: string) => (base === '/' ? file : base + file.replace(/^\//, ''));
        return { ...choice, kernel: choice.kernel && at(choice.kernel), initrds: choice.initrds.map(at) };
      }
      name = choice.configfile.replace(/^\//, '');
    }
    throw new SimulationError('configuration', 'configuration files name each other without end');
  }

  /** PXELINUX as its simulator walks it: every file it asks for is really fetched. */
  async *#pxelinux(bootFile: string, server: string): AsyncGenerator<SimulatedStep, BootChoice> {
    const steps: SimulatedStep[] = [];
    const fetched = new Map<string, Uint8Array | undefined>();
    const efi = this.#profile.architecture === 0 ? undefined : this.#profile.architecture === 6 ? 'ldlinux.e32' : 'ldlinux.e64';
    const read = async (path: string): Promise<Uint8Array | undefined> => {
      const name = efi === undefined ? path : path.replace(/ldlinux\.c32$/, efi);
      if (fetched.has(name)) return fetched.get(name);
      this.#begin();
      const { how, told, answer } = await this.#tryFetch(name, server);
      fetched.set(name, answer?.data);
      const stage = /pxelinux\.cfg\//.test(name) ? 'configuration' : /\.(?:c32|e32|e64)$/.test(name) ? 'program' : 'kernel';
      const what = stage === 'program' ? 'module' : stage === 'kernel' ? 'file' : 'configuration';
      steps.push(this.#step({ stage, asked: `${what} ${how}`, answered: answer ? told : 'not found', bytes: answer?.data.length ?? 0 }));
      return answer?.data;
    };
    const client = { mac: this.#mac, ip: this.result.address ?? '', uuid: this.#wireUuid(), bootFile, server };
    const tree = { read, has: async (path: string) => (await read(path)) !== undefined };
    const { outcome, requests, waits } = await simulateBootAsync(client, tree);
    const purposes = new Map(requests.map(({ path, purpose }) => [path, purpose]));
    for (const step of steps) {
      const purpose = purposes.get(/^file TFTP (\S+)/.exec(step.asked)?.[1] ?? '');
      yield purpose === undefined ? step : { ...step, asked: step.asked.replace('file', purpose) };
    }
    if (waits) {
      this.#begin();
      const answered = 'a menu that waits for somebody to choose; the default entry is taken';
      yield this.#step({ stage: 'configuration', asked: 'menu', answered, bytes: 0, warnings: ['the machine does not boot by itself'] });
    }
    const missing = requests.find(({ found, purpose }) => !found && (purpose === 'kernel' || purpose === 'initrd' || purpose === 'module'));
    if (missing)
      throw new SimulationError(
        missing.purpose,
        `${missing.path} does not exist on the server`,
        '`pxekit tree` lists what a client can get.',
      );
    switch (outcome.type) {
      case 'linux': {
        const { kernel, initrds, commandLine } = outcome;
        return { kernel, initrds, arguments: commandLine, fetched: true };
      }
      case 'localboot':
        return { kernel: undefined, initrds: [], arguments: '' };
      case 'no-configuration':
        throw new SimulationError(
          'configuration',
          'none of the pxelinux.cfg files exists, not even "default"',
          'Name the machine under `machines`, or put a `pxelinux.cfg/default` into the TFTP root.',
        );
      case 'prompt':
        throw new SimulationError('configuration', `the loader stops at its prompt: ${outcome.reason}`);
      default:
        throw new SimulationError('configuration', `the configuration leads to ${JSON.stringify(outcome)}, which is not simulated`);
    }
  }

  /** The UUID as PXELINUX writes it. */
  #wireUuid(): string {
    const hex = Array.from(this.#uuid, (byte) => byte.toString(16).padStart(2, '0')).join('');
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
  }

  /** What the installer does: its own DHCP, then the kickstart that the kernel line names. */
  async *#install(args: string): AsyncGenerator<SimulatedStep, void> {
    const { network, random } = this.#options;
    const url = argument(args, 'inst.ks', 'ks');
    if (url === undefined) return;
    this.#begin();
    const xid = random() >>> 0;
    const identifier = option(61, Uint8Array.from([1, ...this.#mac.split(':').map((part) => Number.parseInt(part, 16))]));
    const plain = [identifier, bytes(57, 0x02, 0x40), bytes(55, 1, 3, 6, 12, 15, 28, 42, 51, 54, 119, 121)];
    const offered = await network.dhcp(this.#message(1, xid, plain, { flags: 0 }), { to: 'broadcast' });
    const offer = offered?.reply;
    if (offer && offer.yiaddr !== '0.0.0.0') {
      const acked = await network.dhcp(
        this.#message(3, xid, [address(50, offer.yiaddr), address(54, addressOf(offer, 54) ?? ''), ...plain], { flags: 0 }),
        { to: 'broadcast' },
      );
      const got = acked?.reply.yiaddr;
      const same = got === this.result.address;
      yield this.#step({
        stage: 'installer',
        asked: "the installer's own DISCOVER and REQUEST, without the marks of a boot ROM",
        answered: `ACK ${got ?? 'missing'}${same ? ', the same address as the boot ROM' : ''}`,
        bytes: (offered?.received ?? 0) + (acked?.received ?? 0),
        warnings: same ? [] : [`the installer gets ${got ?? 'no address'}, the boot ROM had ${this.result.address}`],
      });
    }
    if (!/^https?:\/\//.test(url)) {
      yield this.#step({
        stage: 'kickstart',
        asked: `kickstart ${url}`,
        answered: 'not fetched: only HTTP is simulated',
        bytes: 0,
        warnings: [`${url} was not looked at`],
      });
      return;
    }
    this.#begin();
    const got = await network.http(url, 'GET');
    if (got.status !== 200)
      throw new SimulationError('kickstart', `HTTP GET ${url} gave ${got.status}: ${decoder.decode(got.data).trim().split('\n')[0]}`);
    const kickstart = decoder.decode(got.data);
    this.result.kickstart = kickstart;
    const findings = checkKickstart(kickstart, url, this.#options.release);
    const { error, warning } = countBySeverity(findings);
    yield this.#step({
      stage: 'kickstart',
      asked: `kickstart HTTP GET ${url}`,
      answered: `${got.status}, parsed and linted: ${error} errors, ${warning} warnings`,
      bytes: got.data.length,
      warnings: findings
        .filter(({ severity }) => severity !== 'info')
        .map(({ code, message, range }) => `${code} line ${range.start.line}: ${message}`),
    });
    if (error > 0)
      throw new SimulationError(
        'kickstart',
        `the kickstart has ${error} errors: ${findings.find(({ severity }) => severity === 'error')?.message}`,
        '`pxekit check` shows all of them.',
      );
  }
}
