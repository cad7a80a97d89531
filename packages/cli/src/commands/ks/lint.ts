import { writeFile } from 'node:fs/promises';
import { applyEdits, selectCompatible } from '@pxekit/diagnostics';
import { check, detectRelease, diagnose, type Preset, parse, type Release } from '@pxekit/kickstart';
import { Command, Option } from 'commander';
import { eachFile, foundSomething } from '../../each-file.js';
import { Failure } from '../../failure.js';
import { expandFiles, readOptionFile } from '../../files.js';
import type { Io } from '../../io.js';
import { wholeNumber } from '../../whole-number.js';
import { type Format, PRINTERS } from './lint-printers.js';
import { type FileResult, fileResult, type ReleaseResult } from './lint-result.js';
import { namedRelease } from './release.js';
import { isKickstart, readKickstart, sourceName } from './text.js';

interface LintOptions {
  release?: string;
  releases?: string;
  treeinfo?: string;
  profile: 'default' | 'pykickstart';
  preset: Preset;
  format: Format;
  json?: boolean;
  fix?: boolean;
  maxWarnings: number;
}

/** What files are checked for. */
interface Target extends Pick<LintOptions, 'profile' | 'preset'> {
  /** Empty where the file is to tell. */
  releases: readonly Release[];
  /** The text of a `.treeinfo`. */
  treeinfo?: string;
}

/** The release that a file is checked against when nothing tells which. */
const NEWEST = 'F45';

export function lintCommand(io: Io): Command {
  return new Command('lint')
    .description('Check kickstart files against releases and say what is wrong, doubtful or unsafe.')
    .argument('<file...>', 'files, folders or patterns; - is standard input')
    .addOption(
      new Option('--release <name>', 'release that reads the file: RHEL9, rocky9, F40 (default: told by the file)').conflicts('releases'),
    )
    .option('--releases <names>', 'several releases, with commas between')
    .option('--treeinfo <file>', 'the .treeinfo of the installation tree, which tells the release')
    .addOption(
      new Option('--profile <name>', 'pykickstart gives its verdict, faults included')
        .choices(['default', 'pykickstart'])
        .default('default'),
    )
    .addOption(
      new Option('--preset <name>', 'lint rules to apply')
        .choices(['recommended', 'strict', 'unattended', 'security'])
        .default('recommended'),
    )
    .addOption(new Option('--format <name>', 'how to print').choices(['pretty', 'json', 'sarif', 'github']).default('pretty'))
    .option('--json', 'the same as --format json')
    .option('--fix', 'apply the fixes to the files')
    .addOption(new Option('--max-warnings <number>', 'how many warnings are let pass').argParser(wholeNumber).default(0))
    .addHelpText(
      'after',
      `
Ends with 0 when there is nothing worse than notes, with 1 for errors or more warnings than --max-warnings, and with 2 when the command
line is wrong or a file cannot be read; the other files are still checked.

Examples:
  $ pxekit ks lint ks.cfg
  $ pxekit ks lint --release rhel9 --preset strict 'kickstarts/**/*.ks'
  $ pxekit ks lint --releases RHEL8,RHEL9,RHEL10 --format json ks.cfg
  $ curl -s http://boot/ks | pxekit ks lint --format github -`,
    )
    .action(async (args: string[], { json, ...options }: LintOptions, command: Command) => {
      if (json && options.format !== 'json' && command.getOptionValueSource('format') !== 'default') {
        throw usage(`--json and --format ${options.format} exclude each other`);
      }
      await run(io, args, json ? { ...options, format: 'json' } : options);
    });
}

async function run(io: Io, args: string[], options: LintOptions): Promise<void> {
  const releases = wantedReleases(options);
  const treeinfo = options.treeinfo === undefined ? undefined : readOptionFile(options.treeinfo);
  if (options.fix && args.includes('-')) throw usage('--fix cannot change standard input');
  const { profile, preset } = options;
  const target: Target = { profile, preset, releases, ...(treeinfo !== undefined && { treeinfo }) };
  const results: FileResult[] = [];
  const print = PRINTERS[options.format];
  await eachFile(io, await expandFiles(io, args, isKickstart), async (file) => {
    const read = await readKickstart(io, file);
    if (options.fix && read.lossy)
      throw new Failure(`${file} is not UTF-8 throughout`, { code: 'CLI_NOT_UTF8', hint: 'Convert it first; --fix would lose bytes.' });
    const text = options.fix ? await fixFile(file, read.text, target) : read.text;
    const result = fileResult(sourceName(file), lintText(file, text, target));
    results.push(result);
    print.each?.(io, result, text);
  });
  print.all?.(io, results);
  const findings = results.flatMap(({ diagnostics }) => diagnostics);
  const warnings = findings.filter(({ severity }) => severity === 'warning').length;
  if (warnings > options.maxWarnings || findings.some(({ severity }) => severity === 'error')) foundSomething(io);
}

function wantedReleases({ release, releases }: LintOptions): Release[] {
  const names = releases === undefined ? (release === undefined ? [] : [release]) : releases.split(',');
  return names.map(namedRelease);
}

function usage(message: string): Failure {
  return new Failure(message, { code: 'CLI_USAGE', exitCode: 2 });
}

function lintText(file: string, text: string, { releases, treeinfo, profile, preset }: Target): ReleaseResult[] {
  const document = parse(text, { name: sourceName(file), ...(profile === 'pykickstart' && { templates: 'none' }) });
  const told =
    releases.length > 0
      ? releases
      : [detectRelease(document, treeinfo === undefined ? {} : { treeinfo })?.release].filter((found) => found !== undefined);
  const assumed = told.length === 0;
  const targets = assumed ? [NEWEST] : told;
  return targets.map((release) => {
    const diagnostics =
      profile === 'pykickstart' ? check(document, { release, strictness: profile }) : diagnose(document, { release, preset });
    return { release, assumed, ok: !diagnostics.some(({ severity }) => severity === 'error'), diagnostics };
  });
}

/** Applies fixes until none is left; a fix can make room for another one. */
async function fixFile(file: string, text: string, target: Target): Promise<string> {
  let fixed = text;
  for (let round = 0; round < 10; round++) {
    const fixes = lintText(file, fixed, target).flatMap(({ diagnostics }) => diagnostics.flatMap(({ fix }) => (fix ? [fix.edits] : [])));
    if (fixes.length === 0) break;
    const next = applyEdits(fixed, selectCompatible(fixes));
    if (next === fixed) break;
    fixed = next;
  }
  if (fixed !== text) await writeFile(file, fixed);
  return fixed;
}
