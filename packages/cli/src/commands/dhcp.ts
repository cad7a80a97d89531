import { Command } from 'commander';
import type { Io } from '../io.js';

export function dhcpCommand(_io: Io): Command {
  return new Command('dhcp').description('Read and write DHCP messages.');
}
