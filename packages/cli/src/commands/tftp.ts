import { Command } from 'commander';
import type { Io } from '../io.js';
import { serveCommand } from './tftp/serve.js';
import { getCommand, putCommand } from './tftp/transfer.js';

export function tftpCommand(io: Io): Command {
  return new Command('tftp').addCommand(serveCommand(io)).addCommand(getCommand(io)).addCommand(putCommand(io));
}
