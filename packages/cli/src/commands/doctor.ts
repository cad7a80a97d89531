import { type DoctorItem, doctor } from '@pxekit/server';
import { Command } from 'commander';
import type { Io } from '../io.js';
import { configFile, configOption } from '../server/config-option.js';

const MARKS: Record<DoctorItem['status'], string> = { ok: 'ok  ', warn: 'warn', fail: 'FAIL' };

export function doctorCommand(io: Io): Command {
  return new Command('doctor')
    .addOption(configOption())
    .option('--listen <seconds>', 'how long to look for other DHCP servers; 0 does not', '2')
    .option('--json', 'print the items as JSON')
    .addHelpText(
      'after',
      `
It changes nothing. While the server runs, its files are fetched through its own sockets.
Looking for other DHCP servers needs root (port 68).

Examples:
  pxekit doctor
  sudo pxekit doctor -c lab.yaml
  pxekit doctor --json | jq '.[] | select(.status == "fail")'`,
    )
    .action(async ({ config, listen, json }: { config?: string; listen: string; json?: boolean }) => {
      const items: DoctorItem[] = [];
      for await (const item of doctor(configFile(config), { listen: Number(listen) * 1000 })) {
        items.push(item);
        if (json) continue;
        io.out(`${MARKS[item.status]} ${item.id}: ${item.message}`);
        if (item.fix !== undefined) io.out(`       ${item.fix}`);
      }
      if (json) io.out(JSON.stringify(items, null, 2));
      if (items.some(({ status }) => status === 'fail')) io.exitCode = 1;
    });
}
