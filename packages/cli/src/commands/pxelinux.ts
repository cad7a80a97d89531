import { Command } from 'commander';
import type { Io } from '../io.js';
import { lintCommand } from './pxelinux/lint.js';

export function pxelinuxCommand(io: Io): Command {
  return new Command('pxelinux').description('Read, check and convert SYSLINUX/PXELINUX configurations.').addCommand(lintCommand(io));
}
