import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { countBySeverity, formatCodeFrame, type Severity, Source, toJson, toSarif } from '@pxekit/diagnostics';
import { applyFixes, type Engine, type LintDiagnostic, type LintOptions, type Loader, lint, parse, serialize } from '@pxekit/pxelinux';
import { Command, Option } from 'commander';
import pkg from '../../../package.json' with { type: 'json' };
import { Failure } from '../../failure.js';
import { type Io, readInput } from '../../io.js';
import { folderTree } from './boot-tree.js';
import { installerArguments } from './installer-arguments.js';
import { locateConfig } from './locate.js';

interface Flags {
  root?: string;
  loader?: Loader;
  syslinux: string;
  uboot?: boolean;
  installer?: string;
  config?: string;
  off: string[];
  fix?: boolean;
  json?: boolean;
  sarif?: boolean;
}

export function lintCommand(io: Io): Command {
  return new Command('lint')
    .description('Find what a configuration does not do as it says.')
    .argument('<file...>', 'configuration files; - reads standard input')
    .option('--root <dir>', 'folder the loader gets its files from: checks files and modules, reads includes')
    .addOption(
      new Option('--loader <name>', 'who reads the file; default: seen from the names of files and folders').choices([
        'pxelinux',
        'isolinux',
        'syslinux',
        'extlinux',
      ]),
    )
    .option('--syslinux <version>', 'major version of SYSLINUX', '6')
    .option('--uboot', 'check for U-Boot, too')
    .option('--installer <name>', 'installer that is booted, such as rhel9 or fedora41')
    .option('--config <file>', 'JSON file with "rules": {"pxelinux/leading-slash": "off"}')
    .option('--off <code>', 'switch a rule off; can be given several times', (code: string, all: string[]) => [...all, code], [])
    .option('--fix', 'write what can be fixed back to the files')
    .addOption(new Option('--json', 'one line of JSON per finding').conflicts('sarif'))
    .option('--sarif', 'one SARIF log')
    .addHelpText(
      'after',
      `
Exit code 0: nothing but remarks. 1: errors or warnings. 2: wrong usage.

Examples:
  $ pxekit pxelinux lint --root /srv/tftp /srv/tftp/pxelinux.cfg/default
  $ pxekit pxelinux lint --fix isolinux.cfg
  $ pxekit pxelinux lint --off leading-slash --json pxelinux.cfg/*`,
    )
    .action(async (files: string[], flags: Flags) => {
      const options = lintOptions(flags);
      const reports = [];
      for (const file of files) reports.push(await lintFile(io, file, flags, options));
      if (flags.sarif) {
        io.out(JSON.stringify(toSarif(reports, { name: 'pxekit', version: pkg.version }), null, 2));
      } else if (!flags.json) {
        const { error, warning, info } = countBySeverity(reports.flatMap(({ diagnostics }) => diagnostics));
        io.err(`${plural(error, 'error')}, ${plural(warning, 'warning')}, ${plural(info, 'remark')}`);
      }
      if (reports.some(({ diagnostics }) => diagnostics.some(({ severity }) => severity !== 'info'))) io.exitCode = 1;
    });
}

function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}

function lintOptions(flags: Flags): LintOptions {
  const engines: Engine[] = flags.uboot ? ['core', 'menu', 'uboot'] : ['core', 'menu'];
  const tree = flags.root === undefined ? undefined : folderTree(flags.root);
  return {
    engines,
    installerArguments,
    version: majorVersion(flags.syslinux),
    rules: { ...configuredRules(flags.config), ...Object.fromEntries(flags.off.map((code) => [code, 'off' as const])) },
    ...(tree && { tree }),
    ...(flags.installer !== undefined && { installer: flags.installer }),
  };
}

function majorVersion(text: string): number {
  const version = Number.parseInt(text, 10);
  if (version >= 1) return version;
  throw new Failure(`--syslinux takes a version such as 6 or 6.04, not ${text}`, { code: 'PXELINUX_OPTION', exitCode: 2 });
}

function configuredRules(file: string | undefined): Record<string, Severity | 'off'> {
  if (file === undefined) return {};
  let config: { rules?: Record<string, Severity | 'off'> };
  try {
    config = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) throw new Failure(`${file} is not JSON: ${error.message}`, { code: 'PXELINUX_LINT_CONFIG' });
    throw error;
  }
  return config.rules ?? {};
}

async function lintFile(
  io: Io,
  file: string,
  flags: Flags,
  options: LintOptions,
): Promise<{ file: string; diagnostics: LintDiagnostic[] }> {
  const located = file === '-' ? undefined : locateConfig(file, flags);
  const named: LintOptions = { loader: flags.loader ?? 'pxelinux', ...options };
  if (located) Object.assign(named, { file: located.name, loader: located.loader, include: located.include });
  let document = parse(await readInput(io, located?.path ?? file));
  let diagnostics = lint(document, named);
  if (flags.fix && located && diagnostics.some(({ fix }) => fix)) {
    document = applyFixes(document, diagnostics);
    await writeFile(located.path, serialize(document));
    diagnostics = lint(document, named);
  }
  const source = new Source(document.text, { name: located ? file : '<stdin>', lineSeparator: 'lf' });
  const shown = diagnostics.map((diagnostic) => ({ ...diagnostic, source: source.name }));
  for (const diagnostic of shown) {
    if (flags.json) io.out(JSON.stringify({ ...toJson(diagnostic), engines: diagnostic.engines }));
    else if (!flags.sarif) io.out(`${formatCodeFrame(diagnostic, source, { color: io.stdout.isTTY === true })}\n`);
  }
  return { file: source.name, diagnostics: shown };
}
