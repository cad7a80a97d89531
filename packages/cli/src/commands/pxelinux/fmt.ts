import { writeFile } from 'node:fs/promises';
import { type FormatOptions, format, parse, serialize } from '@pxekit/pxelinux';
import { Command, Option } from 'commander';
import { type Io, readInput } from '../../io.js';

interface Flags {
  keywords: NonNullable<FormatOptions['keywords']>;
  tab?: boolean;
  check?: boolean;
  stdout?: boolean;
  json?: boolean;
}

export function fmtCommand(io: Io): Command {
  return new Command('fmt')
    .description('Write configurations in one style, without changing what the loaders read.')
    .argument('<file...>', 'configurations; - reads standard input and writes standard output')
    .addOption(new Option('--keywords <case>', 'case of directives').choices(['upper', 'lower', 'keep']).default('upper'))
    .option('--tab', 'indent with tabs')
    .option('--check', 'write nothing; end with 1 when a file is not in this style')
    .option('--stdout', 'write the result to standard output')
    .option('--json', 'one line of JSON per file: {"file", "changed"}')
    .addHelpText(
      'after',
      `
Examples:
  $ pxekit pxelinux fmt pxelinux.cfg/default
  $ pxekit pxelinux fmt --check --keywords lower pxelinux.cfg/*`,
    )
    .action(async (files: string[], flags: Flags) => {
      for (const file of files) {
        const document = parse(await readInput(io, file));
        const result = format(document, { keywords: flags.keywords, ...(flags.tab && { indent: '\t' }) });
        const changed = result.text !== document.text;
        if (flags.check) {
          if (changed) io.exitCode = 1;
          if (changed && !flags.json) io.out(file);
        } else if (file === '-' || flags.stdout) io.stdout.write(serialize(result));
        else if (changed) await writeFile(file, serialize(result));
        if (flags.json) io.out(JSON.stringify({ file, changed }));
      }
    });
}
