import { writeFile } from 'node:fs/promises';
import { type FormatOptions, format, parse, serialize } from '@pxekit/pxelinux';
import { Command, Option } from 'commander';
import { eachFile, foundSomething } from '../../each-file.js';
import { Failure } from '../../failure.js';
import { type Io, readInput } from '../../io.js';
import { expandConfigurations } from './configurations.js';

interface Flags {
  keywords: NonNullable<FormatOptions['keywords']>;
  tab?: boolean;
  write?: boolean;
  check?: boolean;
  json?: boolean;
}

export function fmtCommand(io: Io): Command {
  return new Command('fmt')
    .description('Write configurations in one style, without changing what the loaders read.')
    .argument('<file...>', 'configurations, folders or patterns; - reads standard input')
    .addOption(new Option('--keywords <case>', 'case of directives').choices(['upper', 'lower', 'keep']).default('upper'))
    .option('--tab', 'indent with tabs')
    .option('-w, --write', 'change the files instead of printing them')
    .option('--check', 'print the files that are not in style, and end with 1 when there are any')
    .option('--json', 'one line of JSON per file: {"file", "changed", "text"}; one character of the text stands for one byte')
    .addHelpText(
      'after',
      `
Examples:
  $ pxekit pxelinux fmt pxelinux.cfg/default
  $ pxekit pxelinux fmt --write pxelinux.cfg
  $ pxekit pxelinux fmt --check --keywords lower pxelinux.cfg/*`,
    )
    .action(async (args: string[], flags: Flags) => {
      if (flags.write && args.includes('-')) {
        throw new Failure('--write cannot change standard input', { code: 'CLI_USAGE', exitCode: 2, hint: 'Leave --write out.' });
      }
      await eachFile(io, await expandConfigurations(io, args), (file) => formatFile(io, file, flags));
    });
}

async function formatFile(io: Io, file: string, { keywords, tab, write, check, json }: Flags): Promise<void> {
  const document = parse(await readInput(io, file));
  const result = format(document, { keywords, ...(tab && { indent: '\t' }) });
  const changed = result.text !== document.text;
  if (changed && check) foundSomething(io);
  if (changed && write && !check) await writeFile(file, serialize(result));
  const name = file === '-' ? '<stdin>' : file;
  if (json) io.out(JSON.stringify({ file: name, changed, ...(!check && !write && { text: result.text }) }));
  else if (check || write) {
    if (changed) io.out(name);
  } else io.stdout.write(serialize(result));
}
