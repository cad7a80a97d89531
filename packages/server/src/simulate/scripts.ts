/** What a boot configuration leads to. */
export interface BootChoice {
  /** `undefined`: the disk. */
  kernel: string | undefined;
  initrds: string[];
  arguments: string;
  /** Kernel and initrds were fetched on the way. */
  fetched?: boolean;
}

const DISK: BootChoice = { kernel: undefined, initrds: [], arguments: '' };

/** The entry that a GRUB configuration starts by itself: as much of GRUB's language as generated files use. `{configfile}` is expanded by the caller. */
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

/** The entry that a generated iPXE script starts by itself. */
export function ipxeChoice(text: string): BootChoice {
  const lines = text.split('\n').map((line) => line.trim());
  const start = lines
    .map((line) => /--default (\S+)/.exec(line)?.[1] ?? /^goto ([\w.-]+)$/.exec(line)?.[1])
    .find((target) => target !== undefined);
  if (start === undefined || start === 'local') return DISK;
  const choice: BootChoice = { ...DISK, initrds: [] };
  for (const line of lines.slice(lines.indexOf(`:${start}`) + 1)) {
    if (line.startsWith(':')) break;
    const [command, first, ...rest] = line.split(/\s+/);
    if (command === 'kernel') [choice.kernel, choice.arguments] = [first, rest.join(' ')];
    if (command === 'initrd' && first !== undefined) choice.initrds.push(first);
  }
  return choice;
}

/** The value of the last `name=` among kernel arguments, for the first of the names that is there. */
export function argument(text: string, ...names: string[]): string | undefined {
  const words = text.split(/\s+/);
  for (const name of names) {
    const found = words.findLast((word) => word.startsWith(`${name}=`));
    if (found !== undefined) return found.slice(name.length + 1);
  }
  return undefined;
}
