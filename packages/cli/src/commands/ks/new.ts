import { Command } from 'commander';
import type { Io } from '../../io.js';
import type { NewOptions } from './new/run.js';
import type { Prompts } from './new/wizard.js';

export function newCommand(io: Io, prompts?: Prompts): Command {
  return new Command('new')
    .description('Write a new kickstart file: ask for what an installation needs, or take the answers from a YAML file.')
    .option('--answers <file>', 'take the answers from this YAML file (- is standard input) and ask nothing')
    .option('--save <file>', 'keep the answers in this YAML file, for the next time')
    .option('-o, --output <file>', 'write the kickstart file here instead of to standard output')
    .option('-f, --force', 'write over files that are there')
    .option('--json', 'print {answers, text, diagnostics}')
    .addHelpText(
      'after',
      `
Passwords are kept as hashes. A disk passphrase is not: keep its files to yourself.

Examples:
  $ pxekit ks new -o ks.cfg --save web.yaml
  $ pxekit ks new --answers web.yaml > ks.cfg
  $ printf 'release: rocky9\\nsource: http://mirror/9/os\\n' | pxekit ks new --answers -`,
    )
    .action(async (options: NewOptions) => {
      // The questions and their schema cost more to load than all other kickstart commands.
      const { writeKickstart } = await import('./new/run.js');
      await writeKickstart(io, prompts, options);
    });
}
