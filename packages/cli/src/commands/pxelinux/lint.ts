import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { countBySeverity, formatCodeFrame, Source, toJson, toSarif } from '@pxekit/diagnostics';
import { applyFixes, type Document, evaluate, type LintDiagnostic, type LintOptions, lint, parse, serialize } from '@pxekit/pxelinux';
import { Command, Option } from 'commander';
import pkg from '../../../package.json' with { type: 'json' };
import { eachFile, foundSomething } from '../../each-file.js';
import { type Io, readInput } from '../../io.js';
import { wholeNumber } from '../../whole-number.js';
import { expandConfigurations } from './configurations.js';
import { type CheckFlags, installerName, lintOptions, ruleNames, syslinuxVersion } from './lint-options.js';
import { type LocatedConfig, locateConfig } from './locate.js';

interface Flags extends CheckFlags {
  fix?: boolean;
  maxWarnings: number;
  json?: boolean;
  sarif?: boolean;
}

/** What was found in one file. */
interface Report {
  file: string;
  diagnostics: LintDiagnostic[];
}

export function lintCommand(io: Io): Command {
  return new Command('lint')
    .description('Find what a configuration does not do as it says.')
    .argument('<file...>', 'configurations, folders or patterns, relative to --root or as paths inside it; - reads standard input')
    .option('--root <dir>', 'folder the loader gets its files from: checks that files and modules are there')
    .addOption(
      new Option('--loader <name>', 'who reads the file; default: seen from the names of files and folders').choices([
        'pxelinux',
        'isolinux',
        'syslinux',
        'extlinux',
      ]),
    )
    .addOption(new Option('--syslinux <version>', 'release of SYSLINUX').argParser(syslinuxVersion).default(6))
    .option('--uboot', 'check for U-Boot, too')
    .option('--installer <name>', 'installer that is booted, such as rhel9 or fedora41', installerName)
    .option('--config <file>', 'JSON file with "rules": {"pxelinux/leading-slash": "off"}')
    .option('--off <code>', 'switch a rule off; can be given several times', ruleNames, [])
    .option('--fix', 'write what can be fixed back to the files that are named; included files stay as they are')
    .addOption(new Option('--max-warnings <number>', 'how many warnings are let pass').argParser(wholeNumber).default(0))
    .addOption(new Option('--json', 'one line of JSON per finding').conflicts('sarif'))
    .option('--sarif', 'one SARIF log')
    .addHelpText(
      'after',
      `
Included files are checked, too, as parts of the configuration that includes them.

Exit code 0: nothing but remarks. 1: errors, or more warnings than --max-warnings. 2: wrong usage, or a file that cannot be read;
the other files are still checked.

Examples:
  $ pxekit pxelinux lint --root /srv/tftp /srv/tftp/pxelinux.cfg/default
  $ pxekit pxelinux lint --fix isolinux.cfg
  $ pxekit pxelinux lint --off leading-slash --json pxelinux.cfg/*`,
    )
    .action(async (args: string[], flags: Flags) => {
      const options = lintOptions(flags);
      const files = await expandConfigurations(io, args, flags.root);
      const linter = new Linter(io, flags, options);
      await eachFile(io, files, (file) => linter.lintFile(file));
      const { reports } = linter;
      const { error, warning, info } = countBySeverity(reports.flatMap(({ diagnostics }) => diagnostics));
      if (flags.sarif) io.out(JSON.stringify(toSarif(reports, { name: 'pxekit', version: pkg.version }), null, 2));
      else if (!flags.json) io.err(`${plural(error, 'error')}, ${plural(warning, 'warning')}, ${plural(info, 'remark')}`);
      if (error > 0 || warning > flags.maxWarnings) foundSomething(io);
    });
}

function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}

class Linter {
  readonly reports: Report[] = [];
  readonly #io: Io;
  readonly #flags: Flags;
  readonly #options: LintOptions;
  /** Files that were checked: a part that several configurations include is reported once. */
  readonly #done = new Set<string>();

  constructor(io: Io, flags: Flags, options: LintOptions) {
    this.#io = io;
    this.#flags = flags;
    this.#options = options;
  }

  async lintFile(file: string): Promise<void> {
    const located = file === '-' ? undefined : locateConfig(file, this.#flags);
    if (located && this.#done.has(located.path)) return;
    const options: LintOptions = { loader: this.#flags.loader ?? 'pxelinux', ...this.#options };
    if (located) Object.assign(options, { file: located.name, loader: located.loader, include: located.include });
    let document = parse(await readInput(this.#io, located?.path ?? file));
    let diagnostics = lint(document, options);
    if (this.#flags.fix && located && diagnostics.some(({ fix }) => fix)) {
      document = applyFixes(document, diagnostics);
      await writeFile(located.path, serialize(document));
      diagnostics = lint(document, options);
    }
    this.#report(located ? file : '<stdin>', document, diagnostics);
    if (!located) return;
    this.#done.add(located.path);
    this.#lintIncluded(document, located, options);
  }

  #lintIncluded(document: Document, { name: file, include, pathOf }: LocatedConfig, options: LintOptions): void {
    const names = (options.engines ?? []).flatMap((engine) => {
      const model = evaluate(document, { engine, file, include });
      return 'files' in model ? model.files.slice(1) : [];
    });
    for (const name of new Set(names)) {
      const path = pathOf(name);
      const content = path === undefined || this.#done.has(resolve(path)) ? undefined : include(name);
      if (path === undefined || content === undefined) continue;
      this.#done.add(resolve(path));
      const part = parse(content);
      this.#report(path, part, lint(part, { ...options, file: name, includedBy: { document, file } }));
    }
  }

  #report(name: string, document: Document, diagnostics: readonly LintDiagnostic[]): void {
    const { json, sarif } = this.#flags;
    const source = new Source(document.text, { name, lineSeparator: 'lf' });
    const shown = diagnostics.map((diagnostic) => ({ ...diagnostic, source: name }));
    for (const diagnostic of shown) {
      if (json) this.#io.out(JSON.stringify({ ...toJson(diagnostic), engines: diagnostic.engines }));
      else if (!sarif) this.#io.out(`${formatCodeFrame(diagnostic, source, { color: this.#io.stdout.isTTY === true })}\n`);
    }
    this.reports.push({ file: name, diagnostics: shown });
  }
}
