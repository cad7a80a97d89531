import { Command } from 'commander';
import type { Io } from '../io.js';

export function pxelinuxCommand(_io: Io): Command {
  return new Command('pxelinux').description('Read, check and convert SYSLINUX/PXELINUX configurations.');
}
