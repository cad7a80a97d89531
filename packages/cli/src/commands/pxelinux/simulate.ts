import { type BootOutcome, type BootSimulation, type SimulateOptions, simulateBoot } from '@pxekit/pxelinux';
import { Command, Option } from 'commander';
import type { Io } from '../../io.js';
import { addBootOptions, type BootFlags, bootClientOf } from './boot-options.js';
import { folderTree } from './boot-tree.js';
import { readable } from './readable.js';

type Flags = BootFlags & SimulateOptions & { root: string; json?: boolean };

export function simulateCommand(io: Io): Command {
  const command = new Command('simulate')
    .description('Show which files a client would ask for, and what would boot in the end.')
    .requiredOption('--root <dir>', 'folder of the TFTP server')
    .addOption(new Option('--loader <name>', 'who boots').choices(['pxelinux', 'uboot']).default('pxelinux'))
    .option('--select <label>', 'label that somebody picks; default: nobody touches a key')
    .option('--json', 'one line of JSON')
    .addHelpText(
      'after',
      `
Exit code 0: something boots. 1: it ends at a prompt, without a configuration, or without ldlinux.c32.

Examples:
  $ pxekit pxelinux simulate --root /srv/tftp --mac 52:54:00:12:34:56 --ip 192.0.2.9 --boot-file pxelinux.0
  $ pxekit pxelinux simulate --root /srv/tftp --mac 52:54:00:12:34:56 --select rescue --json`,
    )
    .action(({ root, json, ...flags }: Flags) => {
      const result = simulateBoot(bootClientOf(flags), folderTree(root), flags);
      if (json) {
        const { requests, configuration, waits, label, outcome } = result;
        io.out(JSON.stringify({ requests, configuration: configuration ?? null, waits, label: label ?? null, outcome }));
      } else for (const line of describe(result)) io.out(line);
      if (['prompt', 'no-loader', 'no-configuration'].includes(result.outcome.type)) io.exitCode = 1;
    });
  return addBootOptions(command);
}

function describe({ requests, waits, label, outcome }: BootSimulation): string[] {
  const lines = requests.map(({ path, purpose, found }) => `${found ? 'found  ' : 'missing'} ${purpose.padEnd(13)} ${readable(path)}`);
  if (waits) lines.push('waits for a key; if the choice offered is taken:');
  return [...lines, `${label === undefined ? '' : `label ${readable(label)}: `}${describeOutcome(outcome)}`];
}

function describeOutcome(outcome: BootOutcome): string {
  switch (outcome.type) {
    case 'linux': {
      const initrds = outcome.initrds.length === 0 ? '' : `\n  initrd ${outcome.initrds.map(readable).join(', ')}`;
      return `boots ${readable(outcome.kernel)}\n  ${readable(outcome.commandLine)}${initrds}`;
    }
    case 'localboot':
      return `boots from local disk (LOCALBOOT ${outcome.value})`;
    case 'chain':
      return `starts ${readable(outcome.file)} (${outcome.image})`;
    case 'module':
      return `starts ${readable(`${outcome.module} ${outcome.args}`)}`;
    case 'prompt':
      return `ends at the prompt: ${readable(outcome.reason)}`;
    case 'no-loader':
      return `stops: ${outcome.file} is missing, without which PXELINUX 6 reads no configuration`;
    case 'no-configuration':
      return 'finds no configuration';
  }
}
