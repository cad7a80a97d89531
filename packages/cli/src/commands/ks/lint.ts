import { readFile, writeFile } from 'node:fs/promises';
import { applyEdits, type Diagnostic, formatCodeFrame, type SarifTool, selectCompatible, toJson, toSarif } from '@pxekit/diagnostics';
import { check, detectRelease, diagnose, type Preset, parse, type Release } from '@pxekit/kickstart';
import { Command, Option } from 'commander';
import pkg from '../../../package.json' with { type: 'json' };
import { Failure } from '../../failure.js';
import { expandFiles } from '../../files.js';
import type { Io } from '../../io.js';
import { jsonLine } from '../../json-line.js';
import { namedRelease } from './release.js';
import { readKickstart, sourceName } from './text.js';

interface LintOptions {
  release?: string;
  releases?: string;
  treeinfo?: string;
  profile: 'default' | 'pykickstart';
  preset: Preset;
  format: 'pretty' | 'json' | 'sarif' | 'github';
  fix?: boolean;
  maxWarnings?: string;
}

/** What files are checked for. */
interface Target extends Pick<LintOptions, 'profile' | 'preset'> {
  /** Empty where the file is to tell. */
  releases: readonly Release[];
  /** The text of a `.treeinfo`. */
  treeinfo?: string;
}

/** What one file is worth for one release. */
interface Result {
  file: string;
  release: Release;
  /** Nothing told the release, so it is the newest. */
  assumed: boolean;
  ok: boolean;
  diagnostics: Diagnostic[];
}

/** The release that a file is checked against when nothing tells which. */
const NEWEST = 'F45';

const TOOL: SarifTool = { name: 'pxekit ks lint', version: pkg.version, informationUri: 'https://github.com/pxekit/pxekit' };

export function lintCommand(io: Io): Command {
  return new Command('lint')
    .description('Check kickstart files against releases and say what is wrong, doubtful or unsafe.')
    .argument('<file...>', 'files, folders or patterns; - is standard input')
    .option('--release <name>', 'release that reads the file: RHEL9, rocky9, F40 (default: told by the file)')
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
    .option('--max-warnings <number>', 'fail when there are more warnings')
    .addHelpText(
      'after',
      `
Ends with 0 when no file has errors, with 1 when one has, with 2 when the command line is wrong.

Examples:
  $ pxekit ks lint ks.cfg
  $ pxekit ks lint --release rhel9 --preset strict 'kickstarts/**/*.ks'
  $ pxekit ks lint --releases RHEL8,RHEL9,RHEL10 --format json ks.cfg
  $ curl -s http://boot/ks | pxekit ks lint --format github -`,
    )
    .action(async (args: string[], options: LintOptions & { json?: boolean }) => {
      await run(io, args, options.json ? { ...options, format: 'json' } : options);
    });
}

async function run(io: Io, args: string[], options: LintOptions): Promise<void> {
  const releases = wantedReleases(options);
  const treeinfo = options.treeinfo === undefined ? undefined : await readFile(options.treeinfo, 'utf8');
  const maxWarnings = options.maxWarnings === undefined ? Number.POSITIVE_INFINITY : Number(options.maxWarnings);
  if (Number.isNaN(maxWarnings)) throw usage(`--max-warnings ${options.maxWarnings} is not a number`);
  if (options.fix && args.includes('-')) throw usage('--fix cannot change standard input');
  const { profile, preset } = options;
  const target: Target = { profile, preset, releases, ...(treeinfo !== undefined && { treeinfo }) };
  const results: Result[] = [];
  const print = PRINTERS[options.format];
  for (const file of await expandFiles(args, ['.ks', '.cfg'])) {
    const read = await readKickstart(io, file);
    if (options.fix && read.lossy)
      throw new Failure(`${file} is not UTF-8 throughout`, { code: 'CLI_NOT_UTF8', hint: 'Convert it first; --fix would lose bytes.' });
    const text = options.fix ? await fixFile(file, read.text, target) : read.text;
    for (const result of lintText(file, text, target)) {
      results.push(result);
      print.each?.(io, result, text);
    }
  }
  print.all?.(io, results);
  const warnings = results.reduce((sum, { diagnostics }) => sum + diagnostics.filter(({ severity }) => severity === 'warning').length, 0);
  if (results.some(({ ok }) => !ok) || warnings > maxWarnings) io.exitCode = 1;
}

function wantedReleases({ release, releases }: LintOptions): Release[] {
  const names = releases === undefined ? (release === undefined ? [] : [release]) : releases.split(',');
  return names.map(namedRelease);
}

function usage(message: string): Failure {
  return new Failure(message, { code: 'CLI_USAGE', exitCode: 2 });
}

function lintText(file: string, text: string, { releases, treeinfo, profile, preset }: Target): Result[] {
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
    return { file: sourceName(file), release, assumed, ok: !diagnostics.some(({ severity }) => severity === 'error'), diagnostics };
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

interface Printer {
  each?(io: Io, result: Result, text: string): void;
  all?(io: Io, results: readonly Result[]): void;
}

const PRINTERS: Record<LintOptions['format'], Printer> = {
  json: {
    each: (io, { file, release, ok, diagnostics }) => io.out(jsonLine({ file, release, ok, diagnostics: diagnostics.map(toJson) })),
  },
  sarif: {
    all: (io, results) => io.out(JSON.stringify(toSarif(results, TOOL), null, 2)),
  },
  github: {
    each: (io, { file, diagnostics }) => {
      for (const diagnostic of diagnostics) io.out(workflowCommand(file, diagnostic));
    },
  },
  pretty: {
    each: (io, { file, diagnostics }, text) => {
      if (diagnostics.length === 0) return;
      const { source } = parse(text, { name: file, templates: 'none' });
      const color = io.stdout.isTTY === true;
      for (const diagnostic of diagnostics) io.out(`${formatCodeFrame(diagnostic, source, { color })}\n`);
    },
    all: (io, results) => {
      const count = (wanted: Diagnostic['severity']) =>
        results.reduce((sum, { diagnostics }) => sum + diagnostics.filter(({ severity }) => severity === wanted).length, 0);
      const files = new Set(results.map(({ file }) => file)).size;
      const releases = [...new Set(results.map(({ release }) => release))].join(', ');
      io.out(
        `${files} ${files === 1 ? 'file' : 'files'} for ${releases}: ${count('error')} errors, ${count('warning')} warnings, ${count('info')} notes.`,
      );
      const guessed = new Set(results.filter(({ assumed }) => assumed).map(({ file }) => file)).size;
      if (guessed > 0) io.out(`${guessed} of them did not tell a release, so ${NEWEST} was taken; --release names another.`);
    },
  },
};

const LEVELS = { error: 'error', warning: 'warning', info: 'notice' } as const;

/** A GitHub Actions workflow command, which shows the finding beside the line of a pull request. */
function workflowCommand(file: string, { severity, code, message, range: { start, end } }: Diagnostic): string {
  const data = (value: string) => value.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
  const property = (value: string) => data(value).replaceAll(':', '%3A').replaceAll(',', '%2C');
  const place = `file=${property(file)},line=${start.line},endLine=${end.line},col=${start.column},endColumn=${end.column}`;
  return `::${LEVELS[severity]} ${place},title=${property(code)}::${data(message)}`;
}
