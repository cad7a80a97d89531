import { tokenize } from '@pxekit/kickstart';
import { Command } from 'commander';
import { foundSomething } from '../../each-file.js';
import { linesOf } from '../../input.js';
import type { Io } from '../../io.js';
import { jsonLine } from '../../json-line.js';

export function tokensCommand(io: Io): Command {
  return new Command('tokens')
    .description('Split lines into words as the installer does, quotes, escapes and comments included.')
    .option('--json', 'read a JSON object {"in": line} per line and print {"argv": words} for each')
    .addHelpText(
      'after',
      `
Reads standard input. A line that cannot be split gives {"error": reason}; so does one that is not {"in": text}, and the command ends with 1.

Examples:
  $ echo 'rootpw "a b" # c' | pxekit ks tokens
  $ echo '{"in": "part / --size=1"}' | pxekit ks tokens --json`,
    )
    .action(async ({ json }: { json?: boolean }) => {
      let number = 0;
      for await (const line of linesOf(io.stdin)) {
        number++;
        const input = json ? inputOf(line) : line;
        if (input === undefined) {
          io.out(jsonLine({ error: 'bad-input' }));
          io.err(`Line ${number} of standard input is not {"in": "text"}`);
          foundSomething(io);
          continue;
        }
        const result = tokenize(input);
        if (json) io.out(jsonLine(result));
        else io.out('error' in result ? `! ${result.error}` : result.argv.map((word) => JSON.stringify(word)).join(' '));
      }
    });
}

function inputOf(line: string): string | undefined {
  try {
    const value = (JSON.parse(line) as { in?: unknown } | null)?.in;
    return typeof value === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}
