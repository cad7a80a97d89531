import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { configJsonSchema, exportsLine, initialConfig, localAddresses, localSite, systemdUnits } from '@pxekit/server';
import { Command } from 'commander';
import { Failure } from '../failure.js';
import type { Io } from '../io.js';
import { configFile, configOption, loadNamed } from '../server/config-option.js';

export function initCommand(io: Io): Command {
  return new Command('init')
    .option('-o, --output <file>', 'file to write; "-" prints it', 'pxekit.yaml')
    .option('--interface <name>', 'network card; needed where there are several')
    .option('--force', 'replace the file when it exists')
    .addHelpText('after', '\nExamples:\n  pxekit init\n  pxekit init --interface eth1 -o lab.yaml\n  pxekit init -o -')
    .action((options: { output: string; interface?: string; force?: boolean }) => {
      const cards = localAddresses().filter(({ address }) => !address.startsWith('127.') || options.interface !== undefined);
      const choice = cards.filter((each) => options.interface === undefined || each.interface === options.interface);
      const names = [...new Set(cards.map((each) => each.interface))];
      const [local] = choice;
      if (!local || (options.interface === undefined && names.length > 1)) {
        const found =
          names.length === 0
            ? 'This machine has no network card with an IPv4 address'
            : `Network cards with an address: ${names.join(', ')}`;
        throw new Failure(options.interface === undefined ? found : `No card "${options.interface}" with an IPv4 address. ${found}`, {
          code: 'CLI_INTERFACE',
          hint: 'Name one with --interface.',
        });
      }
      const text = initialConfig({ local, router: defaultRouter(local.interface), dns: nameServers() });
      if (options.output === '-') return void io.stdout.write(text);
      if (existsSync(options.output) && !options.force) {
        throw new Failure(`${options.output} exists`, {
          code: 'CLI_FILE_EXISTS',
          hint: 'Replace it with --force, or name another file with -o.',
        });
      }
      writeFileSync(options.output, text);
      return io.out(
        `${options.output} written for ${local.interface} (${local.address}/${local.prefix}). Next: name images, profiles and machines in it, then \`pxekit check\`.`,
      );
    });
}

/** The gateway of the default route through a card, from /proc. */
function defaultRouter(card: string): string | undefined {
  try {
    for (const line of readFileSync('/proc/net/route', 'utf8').split('\n').slice(1)) {
      const [name, destination, gateway] = line.split('\t');
      if (name !== card || destination !== '00000000' || gateway === undefined) continue;
      return (gateway.match(/../g) ?? [])
        .reverse()
        .map((byte) => Number.parseInt(byte, 16))
        .join('.');
    }
  } catch {}
  return undefined;
}

/** Name servers that other machines can use, too: those on loopback are left out. */
function nameServers(): string[] {
  try {
    const found = [...readFileSync('/etc/resolv.conf', 'utf8').matchAll(/^nameserver\s+([\d.]+)$/gm)].map(
      ([, address]) => address as string,
    );
    return found.filter((address) => !address.startsWith('127.'));
  } catch {
    return [];
  }
}

export function schemaCommand(io: Io): Command {
  return new Command('schema')
    .addHelpText('after', '\nExample:\n  pxekit schema > pxekit.schema.json')
    .action(() => io.out(JSON.stringify(configJsonSchema(), null, 2)));
}

export function systemdCommand(io: Io): Command {
  return new Command('systemd')
    .addOption(configOption())
    .option('--sockets', 'let systemd open the ports and pass them in: the server then needs no privilege at all')
    .option('-o, --output <folder>', 'write the units into this folder')
    .addHelpText(
      'after',
      `
The service runs as \`user\`, or as "pxekit": \`useradd --system pxekit\`.

Examples:
  pxekit systemd -c /etc/pxekit/pxekit.yaml
  sudo pxekit systemd -c /etc/pxekit/pxekit.yaml --sockets -o /etc/systemd/system`,
    )
    .action(({ config, sockets = false, output }: { config?: string; sockets?: boolean; output?: string }) => {
      const loaded = loadNamed(config);
      const file = resolve(configFile(config));
      const { address } = localSite(loaded);
      const card = localAddresses().find((each) => each.address === address && !address.startsWith('127.'))?.interface;
      const options = {
        config: loaded.config,
        address,
        card,
        configFile: file,
        folder: dirname(file),
        command: '/usr/bin/env pxekit',
        sockets,
      };
      for (const { name, text } of systemdUnits(options)) {
        if (output === undefined) io.out(`# /etc/systemd/system/${name}\n${text}`);
        else {
          writeFileSync(join(output, name), text);
          io.out(`Wrote ${join(output, name)}`);
        }
      }
    });
}

export function nfsCommand(io: Io): Command {
  return new Command('nfs')
    .addOption(configOption())
    .addHelpText(
      'after',
      '\nNFS is not served by pxekit. `pxekit doctor` says whether `nfs:` addresses are reachable and which HTTP URL does the same.\n\nExample:\n  pxekit nfs | sudo tee -a /etc/exports && sudo exportfs -ra',
    )
    .action(({ config }: { config?: string }) => {
      const loaded = loadNamed(config);
      const site = localSite(loaded);
      const networks = site.subnets.map(({ config: { subnet } }) => subnet);
      for (const { folder } of site.images.values())
        for (const network of networks.length > 0 ? networks : ['*']) io.out(exportsLine(folder, network));
    });
}
