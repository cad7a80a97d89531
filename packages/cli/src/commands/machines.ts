import { setTimeout as sleep } from 'node:timers/promises';
import {
  type LoadedConfig,
  localSite,
  type MachineRecord,
  type MachineStore,
  machinesOf,
  openMachines,
  requireMac,
  type Site,
} from '@pxekit/server';
import { Command } from 'commander';
import { Failure } from '../failure.js';
import type { Io } from '../io.js';
import { configOption, loadNamed } from '../server/config-option.js';
import { eventLine } from '../server/event-line.js';

interface Common {
  config?: string;
  json?: boolean;
}

/** Runs an action with the machine states, which other processes may use at the same time. */
function withMachines<T>({ config }: Common, action: (machines: MachineStore, site: Site, loaded: LoadedConfig) => T): T {
  const loaded = loadNamed(config);
  const machines = openMachines(loaded, { create: true }) as MachineStore;
  const close = () => machines.close();
  const result = action(machines, localSite(loaded), loaded);
  if (result instanceof Promise) return result.finally(close) as T;
  close();
  return result;
}

function date(time: number | undefined): string {
  return time === undefined ? '-' : new Date(time).toISOString().slice(0, 19).replace('T', ' ');
}

export function machinesCommand(io: Io): Command {
  return new Command('machines')
    .addOption(configOption())
    .option('--json', 'print the list as JSON')
    .addHelpText('after', '\nExamples:\n  pxekit machines\n  pxekit machines --json | jq \'.[] | select(.state == "installing")\'')
    .action((options: Common) =>
      withMachines(options, (machines, site) => {
        const list = machinesOf(site, machines);
        if (options.json) return io.out(JSON.stringify(list, null, 2));
        io.out(
          `${'NAME'.padEnd(20)} ${'MAC'.padEnd(17)} ${'STATE'.padEnd(10)} ${'PROFILE'.padEnd(12)} ${'ADDRESS'.padEnd(15)} LAST SEEN (UTC)`,
        );
        for (const { name, mac, state, profile, address, lastSeen } of list) {
          io.out(
            `${name.padEnd(20)} ${mac} ${state.padEnd(10)} ${(profile ?? '-').padEnd(12)} ${(address ?? '-').padEnd(15)} ${date(lastSeen)}`,
          );
        }
      }),
    );
}

function report(io: Io, options: Common, site: Site, { mac, state, profile }: MachineRecord): void {
  const name = site.machinesByMac.get(mac)?.machine.name ?? mac;
  if (options.json) io.out(JSON.stringify({ name, mac, state, profile }));
  else
    io.out(
      `${name} is ${state === 'armed' ? `armed: its next network boot installs ${profile ?? 'its profile'}` : 'disarmed: it boots its disk'}`,
    );
}

export function armCommand(io: Io): Command {
  return new Command('arm')
    .argument('<machine>', 'name, or hardware address')
    .addOption(configOption())
    .option('--profile <name>', 'install this profile in place of the configured one')
    .option('--json', 'print the machine as JSON')
    .addHelpText('after', '\nExamples:\n  pxekit arm web1\n  pxekit arm 52:54:00:12:34:56 --profile rocky9')
    .action((name: string, options: Common & { profile?: string }) =>
      withMachines(options, (machines, site) => {
        const mac = requireMac(site, name);
        const profile = options.profile ?? site.machinesByMac.get(mac)?.machine.profile ?? machines.get(mac)?.profile;
        const known = Object.keys(site.config.profiles);
        if (profile === undefined || !known.includes(profile)) {
          throw new Failure(profile === undefined ? `${name} has no profile` : `There is no profile "${profile}"`, {
            code: 'CLI_UNKNOWN_PROFILE',
            hint: `Name one with --profile: ${known.join(', ')}.`,
          });
        }
        report(io, options, site, { ...machines.arm(mac, options.profile), profile });
      }),
    );
}

export function disarmCommand(io: Io): Command {
  return new Command('disarm')
    .argument('<machine>', 'name, or hardware address')
    .addOption(configOption())
    .option('--json', 'print the machine as JSON')
    .addHelpText('after', '\nExample:\n  pxekit disarm web1')
    .action((name: string, options: Common) =>
      withMachines(options, (machines, site) => report(io, options, site, machines.disarm(requireMac(site, name)))),
    );
}

export function timelineCommand(io: Io): Command {
  return new Command('timeline')
    .argument('<machine>', 'name, or hardware address')
    .addOption(configOption())
    .option('-f, --follow', 'go on as things happen')
    .option('--json', 'print JSON lines')
    .addHelpText('after', '\nExamples:\n  pxekit timeline web1\n  pxekit timeline 52:54:00:12:34:56 --follow')
    .action((name: string, options: Common & { follow?: boolean }) =>
      withMachines(options, async (machines, site) => {
        const mac = requireMac(site, name);
        let last = 0;
        do {
          for (const { id, event } of machines.timeline(mac, last)) {
            io.out(options.json ? JSON.stringify(event) : eventLine(event));
            last = id;
          }
          if (last === 0 && !options.follow && !options.json) io.out(`Nothing has happened to ${name} yet.`);
          if (options.follow) await sleep(300);
        } while (options.follow);
      }),
    );
}
