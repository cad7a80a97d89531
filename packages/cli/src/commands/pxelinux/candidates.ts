import { candidates, type NetworkLoader } from '@pxekit/pxelinux';
import { Command, Option } from 'commander';
import type { Io } from '../../io.js';
import { addBootOptions, type BootFlags, bootClientOf } from './boot-options.js';

export function candidatesCommand(io: Io): Command {
  const command = new Command('candidates')
    .description('List the configuration files a client asks for, in order.')
    .addOption(new Option('--loader <name>', 'who asks').choices(['pxelinux', 'uboot', 'petitboot']).default('pxelinux'))
    .option('--json', 'one line of JSON per name')
    .addHelpText(
      'after',
      `
iPXE reads none of these: it hands options 209 and 210 on to the pxelinux.0 it starts.

Examples:
  $ pxekit pxelinux candidates --mac 52:54:00:12:34:56 --ip 192.0.2.9
  $ pxekit pxelinux candidates --smbios-uuid b8945908-d6a6-41a9-611d-74a6ab80b83d --boot-file /boot/pxelinux.0
  $ pxekit pxelinux candidates --loader uboot --mac 52:54:00:12:34:56 --ip 192.0.2.9 --arch arm --soc zynqmp`,
    )
    .action((flags: BootFlags & { loader: NetworkLoader; json?: boolean }) => {
      for (const candidate of candidates(bootClientOf(flags), flags)) {
        io.out(flags.json ? JSON.stringify(candidate) : `${candidate.path}  (${candidate.source})`);
      }
    });
  return addBootOptions(command);
}
