import { SimulationError, type Walking } from '../step.js';
import { parseConfigTxt } from './config-txt.js';
import { type BootChoice, type BootContext, load } from './context.js';

const decoder = new TextDecoder();

/**
 * The firmware of a Raspberry Pi. It takes no boot file from DHCP: it asks for files of fixed names in the folder of its serial
 * number, and in the root when its start file is not there. Models before the 4 load `bootcode.bin` from the root first; later
 * ones have it in flash.
 */
export async function* raspberryPi(context: BootContext): Walking<BootChoice> {
  const isOld = context.mac.startsWith('b8:27:eb');
  if (isOld) yield* load(context, 'program', 'boot program', 'bootcode.bin');
  const folder = yield* findFolder(context, isOld ? 'start.elf' : 'start4.elf');
  const ask = async function* (stage: 'program' | 'configuration', what: string, name: string, without: string): Walking<string> {
    const { step, data } = await context.ask(stage, what, folder + name);
    if (data === undefined) step.warnings.push(without);
    yield step;
    return data === undefined ? '' : decoder.decode(data);
  };
  const fixup = isOld ? 'fixup.dat' : 'fixup4.dat';
  yield* ask('program', 'memory set-up', fixup, `without ${fixup} the system sees only a part of its memory`);
  const text = yield* ask('configuration', 'configuration', 'config.txt', 'the firmware goes on with what it takes for granted');
  const config = parseConfigTxt(text, isOld ? 'pi3' : 'pi4');
  const cmdline = yield* ask('configuration', 'command line', config.prefix + config.cmdline, 'the kernel starts without arguments');
  const kernel = yield* findKernel(
    context,
    folder + config.prefix,
    config.kernel === undefined ? usualKernels(isOld, config.is64Bit) : [config.kernel],
  );
  const initrds = config.initramfs.map((name) => folder + config.prefix + name);
  for (const name of initrds) yield* load(context, 'kernel', 'initrd', name);
  return { kernel, initrds, arguments: cmdline.split('\n', 1)[0]?.trim() ?? '', loaded: true };
}

/** The folder that everything comes from: that of the serial number, or the root. */
async function* findFolder(context: BootContext, start: string): Walking<string> {
  const folder = `${context.serial}/`;
  const { step, data } = await context.ask('program', 'firmware', folder + start);
  yield step;
  if (data !== undefined) return folder;
  yield* load(context, 'program', 'firmware', start);
  return '';
}

function usualKernels(isOld: boolean, is64Bit: boolean | undefined): string[] {
  const narrow = isOld ? ['kernel7.img', 'kernel.img'] : ['kernel7l.img', 'kernel7.img', 'kernel.img'];
  return is64Bit === true ? ['kernel8.img'] : is64Bit === false ? narrow : ['kernel8.img', ...narrow];
}

async function* findKernel(context: BootContext, folder: string, names: readonly string[]): Walking<string> {
  for (const name of names) {
    const { step, data } = await context.ask('kernel', 'kernel', folder + name);
    yield step;
    if (data !== undefined) return folder + name;
  }
  throw new SimulationError('kernel', `none of ${names.map((name) => folder + name).join(', ')} exists on the server`);
}
