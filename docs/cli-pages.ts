import { COMMANDS } from '../packages/cli/src/commands.js';
import { createProgram } from '../packages/cli/src/program.js';

type Command = Awaited<ReturnType<typeof createProgram>>;

/** The help text of a command, as it is printed in a terminal of 100 columns. */
function helpOf(command: Command): string {
  let text = '';
  command.configureOutput({ writeOut: (part) => (text += part), getOutHelpWidth: () => 100, getOutHasColors: () => false });
  command.outputHelp();
  return text.trimEnd();
}

/** Pages of the command line by file name, made from the help texts: one for each subcommand, and an index. */
export async function cliPages(): Promise<Map<string, string>> {
  const io = { out() {}, err() {}, stdout: process.stdout, stderr: process.stderr, stdin: process.stdin, exitCode: 0 };
  const program = await createProgram(io, Object.keys(COMMANDS));
  const pages = new Map<string, string>();
  const index = [
    '# Commands',
    '',
    'Made from the help texts: `pxekit COMMAND --help`. Exit codes: 0 good, 1 findings or failure, 2 usage.',
    '',
  ];
  for (const command of program.commands) {
    const name = command.name();
    const parts = [`# pxekit ${name}`, '', command.description(), '', '```text', helpOf(command), '```'];
    for (const sub of command.commands) parts.push('', `## pxekit ${name} ${sub.name()}`, '', '```text', helpOf(sub), '```');
    pages.set(`${name}.md`, `${parts.join('\n')}\n`);
    index.push(`- [pxekit ${name}](${name}.md): ${command.description()}`);
  }
  pages.set('README.md', `${index.join('\n')}\n`);
  return pages;
}
