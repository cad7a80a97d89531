import { writeFile } from 'node:fs/promises';
import { format, parse } from '@pxekit/kickstart';
import { Command } from 'commander';
import { eachFile, foundSomething } from '../../each-file.js';
import { Failure } from '../../failure.js';
import { expandFiles } from '../../files.js';
import type { Io } from '../../io.js';
import { isKickstart, readKickstart, sourceName } from './text.js';

interface FmtOptions {
  write?: boolean;
  check?: boolean;
  json?: boolean;
}

export function fmtCommand(io: Io): Command {
  return new Command('fmt')
    .description('Write kickstart files in one style, with the same meaning and all comments.')
    .argument('<file...>', 'files, folders or patterns; - is standard input')
    .option('-w, --write', 'change the files instead of printing them')
    .option('--check', 'print the files that are not in style, and end with 1 when there are any')
    .option('--json', 'print {file, changed, text} for each file')
    .addHelpText(
      'after',
      `
Examples:
  $ pxekit ks fmt ks.cfg
  $ pxekit ks fmt --write kickstarts/
  $ pxekit ks fmt --check 'kickstarts/**/*.ks'`,
    )
    .action(async (args: string[], options: FmtOptions) => {
      if (options.write && args.includes('-')) {
        throw new Failure('--write cannot change standard input', { code: 'CLI_USAGE', exitCode: 2, hint: 'Leave --write out.' });
      }
      await eachFile(io, await expandFiles(io, args, isKickstart), (file) => formatFile(io, file, options));
    });
}

async function formatFile(io: Io, file: string, { write, check, json }: FmtOptions): Promise<void> {
  const { text, lossy } = await readKickstart(io, file);
  if (write && lossy) {
    throw new Failure(`${file} is not UTF-8 throughout`, { code: 'CLI_NOT_UTF8', hint: 'Convert it first; --write would lose bytes.' });
  }
  const formatted = format(parse(text, { name: sourceName(file) }));
  const changed = formatted !== text;
  if (changed && check) foundSomething(io);
  if (changed && write && !check) await writeFile(file, formatted);
  if (json) io.out(JSON.stringify({ file: sourceName(file), changed, ...(!check && !write && { text: formatted }) }));
  else if (check || write) {
    if (changed) io.out(sourceName(file));
  } else io.stdout.write(formatted);
}
