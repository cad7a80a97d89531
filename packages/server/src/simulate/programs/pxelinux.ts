import { simulateBootAsync } from '@pxekit/pxelinux';
import { type SimulatedStep, SimulationError, type Walking } from '../step.js';
import { type BootChoice, type BootContext, DISK } from './context.js';

/** PXELINUX (or `syslinux.efi`) as its simulator walks it: every file it asks for is really asked for. */
export async function* pxelinux(context: BootContext): Walking<BootChoice> {
  const { mac, address, uuid, bootFile, server, architecture } = context;
  const steps: SimulatedStep[] = [];
  const had = new Map<string, Uint8Array | undefined>();
  const efi = architecture === 0 ? undefined : architecture === 6 ? 'ldlinux.e32' : 'ldlinux.e64';
  const read = async (path: string): Promise<Uint8Array | undefined> => {
    const name = efi === undefined ? path : path.replace(/ldlinux\.c32$/, efi);
    if (had.has(name)) return had.get(name);
    const stage = /pxelinux\.cfg\//.test(name) ? 'configuration' : /\.(?:c32|e32|e64)$/.test(name) ? 'program' : 'kernel';
    const what = stage === 'program' ? 'module' : stage === 'kernel' ? 'file' : 'configuration';
    const { step, data } = await context.ask(stage, what, name);
    had.set(name, data);
    steps.push(step);
    return data;
  };
  const tree = { read, has: async (path: string) => (await read(path)) !== undefined };
  const { outcome, requests, waits } = await simulateBootAsync(
    { mac, bootFile, server, ...(address === '' ? {} : { ip: address }), ...(uuid === '' ? {} : { uuid }) },
    tree,
  );
  const purposes = new Map(requests.map(({ path, purpose }) => [path, purpose]));
  for (const step of steps) {
    const purpose = purposes.get(/^file TFTP (\S+)/.exec(step.asked)?.[1] ?? '');
    yield purpose === undefined ? step : { ...step, asked: step.asked.replace('file', purpose) };
  }
  if (waits) {
    const answered = 'a menu that waits for somebody to choose; the default entry is taken';
    const warnings = ['the machine does not boot by itself'];
    yield context.note({ stage: 'configuration', asked: 'menu', answered, bytes: 0, warnings });
  }
  const missing = requests.find(({ found, purpose }) => !found && ['kernel', 'initrd', 'module'].includes(purpose));
  if (missing)
    throw new SimulationError(
      missing.purpose,
      `${missing.path} does not exist on the server`,
      '`pxekit tree` lists what a client can get.',
    );
  switch (outcome.type) {
    case 'linux':
      return { kernel: outcome.kernel, initrds: outcome.initrds, arguments: outcome.commandLine, loaded: true };
    case 'localboot':
      return DISK;
    case 'no-configuration':
      throw new SimulationError(
        'configuration',
        'none of the pxelinux.cfg files exists, not even "default"',
        'Name the machine under `machines`, or put a `pxelinux.cfg/default` into the TFTP root.',
      );
    case 'no-loader':
      throw new SimulationError(
        'configuration',
        `${outcome.file} does not exist on the server, and PXELINUX stops without it`,
        'Put it beside pxelinux.0, from the same SYSLINUX release.',
      );
    case 'prompt':
      throw new SimulationError('configuration', `the loader stops at its prompt: ${outcome.reason}`);
    default:
      throw new SimulationError('configuration', `the configuration leads to ${JSON.stringify(outcome)}, which is not simulated`);
  }
}
