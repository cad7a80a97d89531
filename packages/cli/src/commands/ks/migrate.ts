import { writeFile } from 'node:fs/promises';
import { detectRelease, type Migration, type MigrationLevel, migrate, parse, type Release, releaseTitle } from '@pxekit/kickstart';
import { Command } from 'commander';
import { eachFile, foundSomething } from '../../each-file.js';
import { Failure } from '../../failure.js';
import { expandFiles } from '../../files.js';
import type { Io } from '../../io.js';
import { namedRelease } from './release.js';
import { isKickstart, readKickstart, sourceName } from './text.js';

interface MigrateOptions {
  from?: string;
  to: string;
  write?: boolean;
  print?: boolean;
  safe?: boolean;
  json?: boolean;
}

export function migrateCommand(io: Io): Command {
  return new Command('migrate')
    .description('Move kickstart files to a newer release: what changes, why, and what a person has to decide.')
    .argument('<file...>', 'files, folders or patterns; - is standard input')
    .option('--from <release>', 'release the files are for (default: told by the file)')
    .requiredOption('--to <release>', 'release they are to be for')
    .option('-w, --write', 'change the files')
    .option('--print', 'print the changed text instead of the steps; manual steps go to standard error')
    .option('--safe', 'make only the changes that keep the meaning for certain')
    .option('--json', 'print {file, from, to, steps, text} for each file')
    .addHelpText(
      'after',
      `
Steps are "safe" (means the same), "review" (look at it) or "manual" (nothing can be written without knowing more).
Ends with 1 when manual steps are left.

Examples:
  $ pxekit ks migrate --from RHEL7 --to RHEL9 ks.cfg
  $ pxekit ks migrate --from centos7 --to rocky9 --write kickstarts/
  $ pxekit ks migrate --to RHEL10 --print ks.cfg | diff ks.cfg -`,
    )
    .action(async (args: string[], options: MigrateOptions) => run(io, args, options));
}

async function run(io: Io, args: string[], options: MigrateOptions): Promise<void> {
  const to = namedRelease(options.to);
  const from = options.from === undefined ? undefined : namedRelease(options.from);
  if (options.write && args.includes('-')) {
    throw new Failure('--write cannot change standard input', { code: 'CLI_USAGE', exitCode: 2, hint: 'Use --print.' });
  }
  await eachFile(io, await expandFiles(io, args, isKickstart), (file) => migrateFile(io, file, from, to, options));
}

async function migrateFile(io: Io, file: string, wanted: Release | undefined, to: Release, options: MigrateOptions): Promise<void> {
  const { text, lossy } = await readKickstart(io, file);
  const name = sourceName(file);
  if (options.write && lossy) {
    throw new Failure(`${file} is not UTF-8 throughout`, { code: 'CLI_NOT_UTF8', hint: 'Convert it first; --write would lose bytes.' });
  }
  const document = parse(text, { name });
  const from = wanted ?? detectRelease(document)?.release;
  if (from === undefined) {
    throw new Failure(`Nothing in ${name} tells which release it is for`, { code: 'CLI_USAGE', exitCode: 2, hint: 'Say so with --from.' });
  }
  const migration = migrate(document, from, to);
  const migrated = migration.apply(options.safe ? ['safe'] : ['safe', 'review']);
  if (options.write && migrated !== text) await writeFile(file, migrated);
  const manual = migration.steps.filter(({ level }) => level === 'manual');
  if (manual.length > 0) foundSomething(io);
  if (options.json) {
    const steps = migration.steps.map(({ range, ...step }) => ({ ...step, line: range.start.line, column: range.start.column }));
    io.out(JSON.stringify({ file: name, from, to, steps, text: migrated }));
  } else if (options.print) {
    io.stdout.write(migrated);
    for (const { subject, reason, range } of manual) {
      io.err(`${name}:${range.start.line}: manual: ${subject === '' ? '' : `${subject}: `}${reason}`);
    }
  } else print(io, name, migration);
}

const COLORS: Record<MigrationLevel, string> = { safe: '\u001b[32m', review: '\u001b[33m', manual: '\u001b[31m' };

function print(io: Io, name: string, { from, to, steps }: Migration): void {
  const count = (level: MigrationLevel) => steps.filter((step) => step.level === level).length;
  io.out(
    `${name}: ${releaseTitle(from)} to ${releaseTitle(to)}, ${count('safe')} safe, ${count('review')} to review, ${count('manual')} manual`,
  );
  for (const { level, subject, reason, range } of steps) {
    const padded = level.padEnd(6);
    const shown = io.stdout.isTTY ? `${COLORS[level]}${padded}\u001b[0m` : padded;
    io.out(`  ${String(range.start.line).padStart(5)}  ${shown}  ${subject === '' ? '' : `${subject}: `}${reason}`);
  }
}
