import { formatCodeFrame, Source, toJson } from '@pxekit/diagnostics';
import { checkSite } from '@pxekit/server';
import { Command } from 'commander';
import { counted } from '../counted.js';
import type { Io } from '../io.js';
import { configFile, configOption } from '../server/config-option.js';

export function checkCommand(io: Io): Command {
  return new Command('check')
    .addOption(configOption())
    .option('--json', 'print the findings as JSON')
    .option('--strict', 'warnings count as failure, too')
    .addHelpText(
      'after',
      `
Checked are: the configuration and its ranges and names, files and folders, boot programs, the template of every machine,
every kickstart against its release, and the boot of every machine on paper, as every kind of client that can be served
(BIOS, UEFI, HTTP Boot, iPXE, Raspberry Pi).

Examples:
  pxekit check
  pxekit check -c lab.yaml --json`,
    )
    .action(async ({ config, json, strict }: { config?: string; json?: boolean; strict?: boolean }) => {
      const { findings, texts, machines } = await checkSite(configFile(config));
      const count = (severity: string) => findings.filter((each) => each.severity === severity).length;
      const [errors, warnings] = [count('error'), count('warning')];
      if (json) io.out(JSON.stringify({ errors, warnings, machines, findings: findings.map(toJson) }, null, 2));
      else {
        for (const finding of findings) {
          io.out(formatCodeFrame(finding, new Source(texts.get(finding.source ?? '') ?? '', { name: finding.source ?? '' })));
        }
        io.out(`${counted(machines, 'machine')}: ${counted(errors, 'error')}, ${counted(warnings, 'warning')}`);
      }
      if (errors > 0 || (strict && warnings > 0)) io.exitCode = 1;
    });
}
