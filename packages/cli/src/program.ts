import { Command } from 'commander';
import pkg from '../package.json' with { type: 'json' };
import { explainFailure, isExpected } from './failure.js';
import type { Io } from './io.js';

/** The subcommands, in the order of the help, and where each stands. */
const COMMANDS: Record<string, (io: Io) => Promise<Command>> = {
  serve: async (io) => (await import('./commands/serve.js')).serveCommand(io),
  demo: async (io) => (await import('./commands/demo.js')).demoCommand(io),
  init: async (io) => (await import('./commands/setup.js')).initCommand(io),
  check: async (io) => (await import('./commands/check.js')).checkCommand(io),
  simulate: async (io) => (await import('./commands/simulate.js')).simulateCommand(io),
  doctor: async (io) => (await import('./commands/doctor.js')).doctorCommand(io),
  explain: async (io) => (await import('./commands/explain.js')).explainCommand(io),
  tree: async (io) => (await import('./commands/tree.js')).treeCommand(io),
  machines: async (io) => (await import('./commands/machines.js')).machinesCommand(io),
  arm: async (io) => (await import('./commands/machines.js')).armCommand(io),
  disarm: async (io) => (await import('./commands/machines.js')).disarmCommand(io),
  timeline: async (io) => (await import('./commands/machines.js')).timelineCommand(io),
  import: async (io) => (await import('./commands/import.js')).importCommand(io),
  schema: async (io) => (await import('./commands/setup.js')).schemaCommand(io),
  systemd: async (io) => (await import('./commands/setup.js')).systemdCommand(io),
  nfs: async (io) => (await import('./commands/setup.js')).nfsCommand(io),
  dhcp: async (io) => (await import('./commands/dhcp.js')).dhcpCommand(io),
  tftp: async (io) => (await import('./commands/tftp.js')).tftpCommand(io),
  pxelinux: async (io) => (await import('./commands/pxelinux.js')).pxelinuxCommand(io),
  ks: async (io) => (await import('./commands/ks.js')).ksCommand(io),
};

/**
 * The command line with the subcommand of this name, or with all of them where there is none of that name.
 * One command need not wait for the modules of all others: `pxekit ks lint` loads no server.
 */
export async function createProgram(io: Io, name?: string): Promise<Command> {
  const program = new Command('pxekit')
    .description('Boot and install machines over the network.')
    .version(pkg.version)
    .showHelpAfterError('(add --help for the options)');
  const named = name === undefined || !Object.hasOwn(COMMANDS, name) ? undefined : COMMANDS[name];
  for (const load of named ? [named] : Object.values(COMMANDS)) program.addCommand(await load(io));
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
  const program = await createProgram(io, helpAt === 0 ? args[1] : args[0]);
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
