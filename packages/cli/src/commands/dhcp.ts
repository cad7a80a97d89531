import { Command } from 'commander';
import type { Io } from '../io.js';
import { decodeCommand } from './dhcp/decode.js';
import { encodeCommand } from './dhcp/encode.js';

export function dhcpCommand(io: Io): Command {
  return new Command('dhcp').addCommand(decodeCommand(io)).addCommand(encodeCommand(io));
}
