import { Command } from 'commander';
import type { Io } from '../io.js';
import { lintCommand } from './ks/lint.js';
import { showCommand } from './ks/show.js';
import { tokensCommand } from './ks/tokens.js';

export function ksCommand(io: Io): Command {
  return new Command('ks')
    .description('Read, check, edit and migrate kickstart files.')
    .addCommand(lintCommand(io))
    .addCommand(showCommand(io))
    .addCommand(tokensCommand(io));
}
