import { Command } from 'commander';
import type { Io } from '../io.js';

export function ksCommand(_io: Io): Command {
  return new Command('ks').description('Read, check, edit and migrate kickstart files.');
}
