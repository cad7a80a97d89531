// `pnpm start`: the demonstration when no subcommand is named, every subcommand otherwise.
import { processIo } from './io.js';
import { run } from './program.js';

const args = process.argv.slice(2);
const namesCommand = args[0] !== undefined && (!args[0].startsWith('-') || ['--help', '-h', '--version', '-V'].includes(args[0]));
process.exitCode = await run(namesCommand ? args : ['demo', ...args], processIo());
