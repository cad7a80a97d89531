import { SimulationError, type Walking } from '../step.js';
import { type BootChoice, type BootContext, DISK, load, loadText } from './context.js';

/** GRUB, loaded by itself or by shim, goes from `grub/grub.cfg` to the file of its hardware address. */
export async function* grub(context: BootContext): Walking<BootChoice> {
  const { bootFile, mac } = context;
  const program = bootFile.slice(bootFile.lastIndexOf('/') + 1).toLowerCase();
  if (!/grub|core\.efi/.test(program)) {
    const folder = bootFile.slice(0, bootFile.lastIndexOf('/') + 1);
    yield* load(context, 'program', 'boot program', `${folder}grub${program.includes('aa64') ? 'aa64' : 'x64'}.efi`);
  }
  const base = /^https?:\/\/.*\/boot\//.exec(bootFile)?.[0] ?? '/';
  let name = 'grub/grub.cfg';
  for (let depth = 0; depth < 5; depth++) {
    const text = yield* loadText(context, 'configuration', base + name);
    const choice = grubChoice(text.replaceAll('$net_default_mac', mac));
    if (!('configfile' in choice)) {
      const at = (file: string) => (base === '/' ? file : base + file.replace(/^\//, ''));
      return { ...choice, kernel: choice.kernel && at(choice.kernel), initrds: choice.initrds.map(at) };
    }
    name = choice.configfile.replace(/^\//, '');
  }
  throw new SimulationError('configuration', 'configuration files name each other without end');
}

/** The entry that a GRUB configuration starts by itself: as much of GRUB's language as generated files use. */
export function grubChoice(text: string): BootChoice | { configfile: string } {
  const next = /^\s*configfile\s+(\S+)/m.exec(text)?.[1];
  if (next !== undefined) return { configfile: next };
  const wanted = /^set default='?([^'\n]*)'?$/m.exec(text)?.[1];
  let inside = false;
  const choice: BootChoice = { ...DISK, initrds: [] };
  for (const raw of text.split('\n')) {
    const line = raw.trim();
    if (line.startsWith('menuentry ')) inside = / --id '?([^' ]+)'? /.exec(line)?.[1] === wanted;
    else if (line === '}') inside = false;
    else if (inside) {
      const [command, ...words] = line.split(/\s+/);
      if (command === 'linux') [choice.kernel, choice.arguments] = [words[0], words.slice(1).join(' ')];
      if (command === 'initrd') choice.initrds = words;
    }
  }
  return choice;
}
