import { SimulationError, type Walking } from '../step.js';
import { type BootChoice, type BootContext, load } from './context.js';
import { grub } from './grub.js';
import { ipxe, ipxeChoice } from './ipxe.js';
import { pxelinux } from './pxelinux.js';
import { raspberryPi } from './raspberry-pi.js';

/** From the boot file to the kernel, with every file on the way. */
export async function* boot(context: BootContext): Walking<BootChoice> {
  const choice = yield* choose(context);
  if (choice.kernel === undefined || choice.loaded) return choice;
  for (const [index, file] of [choice.kernel, ...choice.initrds].entries()) {
    const what = index === 0 ? 'kernel' : 'initrd';
    const data = yield* load(context, 'kernel', what, file);
    if (data.length === 0) throw new SimulationError(what, `${file} is empty`);
  }
  return choice;
}

async function* choose(context: BootContext): Walking<BootChoice> {
  if (context.isRaspberryPi) return yield* raspberryPi(context);
  const { bootFile } = context;
  if (bootFile === '')
    throw new SimulationError(
      'boot file',
      'the answer names no boot file',
      'Look with `pxekit explain`: the architecture may have no boot program, or the machine is not to boot.',
    );
  const file = bootFile.slice(bootFile.lastIndexOf('/') + 1).toLowerCase();
  const isScript = file.endsWith('.ipxe');
  const program = yield* load(context, 'program', isScript ? 'script' : 'boot program', bootFile);
  if (isScript) return ipxeChoice(new TextDecoder().decode(program));
  if (/pxelinux|syslinux/.test(file)) return yield* pxelinux(context);
  if (/shim|^boot(x64|aa64)\.efi$|grub|core\.efi/.test(file)) return yield* grub(context);
  if (/ipxe|undionly|snponly|\.kpxe$/.test(file)) return yield* ipxe(context);
  throw new SimulationError(
    'boot configuration',
    `the boot program ${bootFile} is none whose configuration is known (PXELINUX, GRUB, iPXE)`,
  );
}
