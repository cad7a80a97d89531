import { Command } from 'commander';
import type { Io } from '../io.js';

export function tftpCommand(_io: Io): Command {
  return new Command('tftp').description('Serve and fetch files over TFTP.');
}
