import { Command } from 'commander';
import pkg from '../package.json' with { type: 'json' };
import { checkCommand } from './commands/check.js';
import { demoCommand } from './commands/demo.js';
import { dhcpCommand } from './commands/dhcp.js';
import { doctorCommand } from './commands/doctor.js';
import { explainCommand } from './commands/explain.js';
import { importCommand } from './commands/import.js';
import { ksCommand } from './commands/ks.js';
import { armCommand, disarmCommand, machinesCommand, timelineCommand } from './commands/machines.js';
import { pxelinuxCommand } from './commands/pxelinux.js';
import { serveCommand } from './commands/serve.js';
import { initCommand, nfsCommand, schemaCommand, systemdCommand } from './commands/setup.js';
import { simulateCommand } from './commands/simulate.js';
import { tftpCommand } from './commands/tftp.js';
import { treeCommand } from './commands/tree.js';
import { explainFailure, isExpected } from './failure.js';
import type { Io } from './io.js';

/** The whole command line. Each subcommand stands in a file of its own under `commands/`. */
export function createProgram(io: Io): Command {
  const program = new Command('pxekit')
    .description('Boot and install machines over the network.')
    .version(pkg.version)
    .showHelpAfterError('(add --help for the options)')
    .addCommand(serveCommand(io))
    .addCommand(demoCommand(io))
    .addCommand(initCommand(io))
    .addCommand(checkCommand(io))
    .addCommand(simulateCommand(io))
    .addCommand(doctorCommand(io))
    .addCommand(explainCommand(io))
    .addCommand(treeCommand(io))
    .addCommand(machinesCommand(io))
    .addCommand(armCommand(io))
    .addCommand(disarmCommand(io))
    .addCommand(timelineCommand(io))
    .addCommand(importCommand(io))
    .addCommand(schemaCommand(io))
    .addCommand(systemdCommand(io))
    .addCommand(nfsCommand(io))
    .addCommand(dhcpCommand(io))
    .addCommand(tftpCommand(io))
    .addCommand(pxelinuxCommand(io))
    .addCommand(ksCommand(io));
  configure(program, io);
  return program;
}

function configure(command: Command, io: Io): void {
  command.exitOverride().configureOutput({
    writeOut: (text) => void io.stdout.write(text),
    writeErr: (text) => void io.stderr.write(text),
  });
  for (const child of command.commands) configure(child, io);
}

/** Runs one command line (without the interpreter and script names) and gives the exit code. */
export async function run(args: readonly string[], io: Io): Promise<number> {
  const program = createProgram(io);
  try {
    await program.parseAsync(args, { from: 'user' });
    return io.exitCode;
  } catch (error) {
    if (isExpected(error)) {
      if (error.code.startsWith('commander.')) return (error as { exitCode?: number }).exitCode === 0 ? 0 : 2;
      for (const line of explainFailure(error)) io.err(line);
      return (error as { exitCode?: number }).exitCode ?? 1;
    }
    throw error;
  }
}
