import { Command } from 'commander';
import pkg from '../package.json' with { type: 'json' };
import { COMMANDS } from './commands.js';
import { explainFailure, isExpected } from './failure.js';
import type { Io } from './io.js';

/**
 * The command line, with these subcommands whole and of all others only their lines in the help.
 * One command need not wait for the modules of the rest.
 */
export async function createProgram(io: Io, wanted: readonly string[]): Promise<Command> {
  const program = new Command('pxekit')
    .description('Boot and install machines over the network.')
    .version(pkg.version)
    .configureHelp({ subcommandTerm: (command) => command.name() })
    .showHelpAfterError('(add --help for the options)');
  for (const [name, { about, load }] of Object.entries(COMMANDS)) {
    const command = wanted.includes(name) ? await load(io) : new Command(name);
    program.addCommand(command.description(about));
  }
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

function isGroup(program: Command, name: string | undefined): boolean {
  return program.commands.some((command) => command.name() === name && command.commands.length > 0);
}

/** `pxekit help ks lint` is `pxekit ks lint --help`, however deep the command stands. */
function showHelp(program: Command, path: readonly string[]): void {
  let command = program;
  for (const name of path) {
    command =
      command.commands.find((child) => child.name() === name) ??
      command.error(`error: unknown command '${name}'`, { code: 'commander.unknownCommand', exitCode: 2 });
  }
  command.outputHelp();
}

/** Runs one command line (without the interpreter and script names) and gives the exit code. */
export async function run(args: readonly string[], io: Io): Promise<number> {
  const helpAt = args.slice(0, 2).indexOf('help');
  const name = args.find((arg) => !arg.startsWith('-') && arg !== 'help');
  const program = await createProgram(io, name === undefined ? [] : [name]);
  try {
    if (helpAt === 0 || (helpAt === 1 && isGroup(program, args[0]))) {
      showHelp(program, [...args.slice(0, helpAt), ...args.slice(helpAt + 1)]);
      return 0;
    }
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
