import { Command } from 'commander';
import type { Io } from '../io.js';
import { diffCommand } from './ks/diff.js';
import { flattenCommand } from './ks/flatten.js';
import { fmtCommand } from './ks/fmt.js';
import { lintCommand } from './ks/lint.js';
import { migrateCommand } from './ks/migrate.js';
import { newCommand } from './ks/new.js';
import { showCommand } from './ks/show.js';
import { tokensCommand } from './ks/tokens.js';

export function ksCommand(io: Io): Command {
  return new Command('ks')
    .addCommand(lintCommand(io))
    .addCommand(showCommand(io))
    .addCommand(tokensCommand(io))
    .addCommand(fmtCommand(io))
    .addCommand(flattenCommand(io))
    .addCommand(migrateCommand(io))
    .addCommand(diffCommand(io))
    .addCommand(newCommand(io));
}
