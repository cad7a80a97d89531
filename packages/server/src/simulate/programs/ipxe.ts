import type { Walking } from '../step.js';
import { type BootChoice, type BootContext, DISK, loadText } from './context.js';

/** iPXE as a boot program asks DHCP again and gets its script. */
export async function* ipxe(context: BootContext): Walking<BootChoice> {
  const own = yield* context.becomeIpxe();
  return ipxeChoice(yield* loadText(own, 'script', own.bootFile));
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
