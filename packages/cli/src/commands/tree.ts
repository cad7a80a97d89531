import { statSync } from 'node:fs';
import { listBootTree, localDecider, openMachines, requireMac } from '@pxekit/server';
import { Command } from 'commander';
import type { Io } from '../io.js';
import { configOption, loadNamed } from '../server/config-option.js';

export function treeCommand(io: Io): Command {
  return new Command('tree')
    .argument('[machine]', 'name, or hardware address; without it, what an unknown machine gets')
    .addOption(configOption())
    .option('--json', 'print the list as JSON')
    .addHelpText('after', '\nExamples:\n  pxekit tree\n  pxekit tree web1')
    .action((name: string | undefined, { config, json }: { config?: string; json?: boolean }) => {
      const loaded = loadNamed(config);
      const { site, decide } = localDecider(loaded);
      const mac = name === undefined ? undefined : requireMac(site, name);
      const machines = openMachines(loaded);
      const memory = mac === undefined ? undefined : machines?.get(mac);
      machines?.close();
      const files = listBootTree(site, { mac, memory }, decide).map((file) => {
        const bytes = file.source === 'generated' ? undefined : statSync(file.source, { throwIfNoEntry: false })?.size;
        return { ...file, bytes, missing: file.source !== 'generated' && bytes === undefined };
      });
      if (json) io.out(JSON.stringify(files, null, 2));
      else for (const file of files) io.out(`${file.name.padEnd(40)} ${file.missing ? 'MISSING' : (file.bytes ?? '-')}\t${file.source}`);
      if (files.some(({ missing }) => missing)) io.exitCode = 1;
    });
}
