import type { SimulatedStep, Stage, StepInput, Walking } from '../step.js';
import { SimulationError } from '../step.js';

/** A file that was asked for. `data` is `undefined` when there is none; on paper, the bytes of large files are left out. */
export interface AskedFile {
  step: SimulatedStep;
  data: Uint8Array | undefined;
}

/** A boot program at work: what it knows of its machine, and how it asks for more. The same programs run over a network and on paper. */
export interface BootContext {
  readonly mac: string;
  /** In the byte order of the wire; empty where it is not known. */
  readonly uuid: string;
  readonly serial: string;
  readonly isRaspberryPi: boolean;
  readonly architecture: number;
  /** The address the machine was lent; empty where it is not known. */
  readonly address: string;
  readonly bootFile: string;
  readonly server: string;
  ask(stage: Stage, what: string, name: string): Promise<AskedFile>;
  /** A step without a file. */
  note(step: StepInput): SimulatedStep;
  /** Asks DHCP again as iPXE, which then goes on in its own name. */
  becomeIpxe(): Walking<BootContext>;
}

/** What a boot configuration leads to. */
export interface BootChoice {
  /** `undefined`: the disk. */
  kernel: string | undefined;
  initrds: string[];
  arguments: string;
  /** Kernel and initrds were loaded on the way. */
  loaded?: boolean;
}

export const DISK: BootChoice = { kernel: undefined, initrds: [], arguments: '' };

const decoder = new TextDecoder();

/** A file that must be there. */
export async function* load(context: BootContext, stage: Stage, what: string, name: string): Walking<Uint8Array> {
  const { step, data } = await context.ask(stage, what, name);
  if (data === undefined)
    throw new SimulationError(what, `${name} does not exist on the server`, '`pxekit tree` lists what a client can get.');
  yield step;
  return data;
}

/** A text that must be there. */
export async function* loadText(context: BootContext, what: string, name: string): Walking<string> {
  return decoder.decode(yield* load(context, 'configuration', what, name));
}
