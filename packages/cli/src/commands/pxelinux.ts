import { Command } from 'commander';
import type { Io } from '../io.js';
import { candidatesCommand } from './pxelinux/candidates.js';
import { evaluateCommand } from './pxelinux/evaluate.js';
import { lintCommand } from './pxelinux/lint.js';
import { simulateCommand } from './pxelinux/simulate.js';

export function pxelinuxCommand(io: Io): Command {
  return new Command('pxelinux')
    .description('Read, check and convert SYSLINUX/PXELINUX configurations.')
    .addCommand(evaluateCommand(io))
    .addCommand(candidatesCommand(io))
    .addCommand(simulateCommand(io))
    .addCommand(lintCommand(io));
}
