import { readFile } from 'node:fs/promises';
import {
  type CoreModel,
  type Engine,
  evaluate,
  type Loader,
  type MenuModel,
  type Model,
  modelToJson,
  parse,
  type UbootModel,
} from '@pxekit/pxelinux';
import { Command, Option } from 'commander';
import { eachFile } from '../../each-file.js';
import { type Io, readStdin } from '../../io.js';
import { addClientOptions, type ClientFlags, clientOf } from './client.js';
import { expandConfigurations } from './configurations.js';
import { type LocatedConfig, locateConfig } from './locate.js';
import { readable } from './readable.js';

interface Flags extends ClientFlags {
  engine: Engine;
  root?: string;
  loader?: Loader;
  json?: boolean;
}

export function evaluateCommand(io: Io): Command {
  const command = new Command('evaluate')
    .description('Show what a loader makes of configurations: menus, entries, command lines.')
    .argument('<file...>', 'configurations, folders or patterns, relative to --root or as paths inside it; - reads standard input')
    .addOption(
      new Option('--engine <name>', 'menu: menu.c32 and vesamenu.c32; core: ldlinux, which decides what boots; uboot: U-Boot')
        .choices(['menu', 'core', 'uboot'])
        .default('menu'),
    )
    .option('--root <dir>', 'folder the loader gets its files from')
    .addOption(
      new Option('--loader <name>', 'whose rules for paths count; default: seen from the names of files and folders').choices([
        'pxelinux',
        'isolinux',
        'syslinux',
        'extlinux',
      ]),
    )
    .option('--json', 'one line of JSON per file')
    .addHelpText(
      'after',
      `
The client's facts give the SYSAPPEND and IPAPPEND strings; without them these are left out.
In the JSON one character stands for one byte.

Examples:
  $ pxekit pxelinux evaluate --root /srv/tftp pxelinux.cfg/default
  $ pxekit pxelinux evaluate --engine core --mac 52:54:00:12:34:56 --ip 192.0.2.9 /srv/tftp/pxelinux.cfg/default
  $ pxekit pxelinux evaluate --engine uboot --json extlinux/extlinux.conf`,
    )
    .action(async (args: string[], flags: Flags) => {
      const client = clientOf(flags);
      await eachFile(io, await expandConfigurations(io, args, flags.root), async (file) => {
        const config: Pick<LocatedConfig, 'name' | 'include'> & { bytes: Uint8Array } =
          file === '-' ? { name: '<stdin>', include: () => undefined, bytes: await readStdin(io) } : await read(locateConfig(file, flags));
        const { engine } = flags;
        const model = evaluate(parse(config.bytes), { engine, file: config.name, include: config.include, client });
        if (flags.json) io.out(JSON.stringify(modelToJson(model)));
        else for (const line of describe(model)) io.out(line);
      });
    });
  return addClientOptions(command);
}

async function read(config: LocatedConfig): Promise<LocatedConfig & { bytes: Uint8Array }> {
  return { ...config, bytes: await readFile(config.path) };
}

function describe(model: Model): string[] {
  switch (model.engine) {
    case 'u-boot':
      return describeUboot(model);
    case 'menu.c32':
      return describeMenus(model);
    case 'ldlinux-core':
      return [
        `${model.files[0]}: boots ${model.defaultCmd === null ? 'nothing: there is no DEFAULT and no UI' : readable(model.defaultCmd)}`,
        `  prompt ${model.prompt}, timeout ${model.timeoutMs / 1000} s`,
        ...describeMenus(model).slice(1),
      ];
  }
}

function describeMenus(model: MenuModel | CoreModel): string[] {
  const lines = [`${model.files[0]}:`];
  for (const path of new Set(model.missing)) {
    const isThere = model.files.some((file) => file === path || file === `::${path}` || file === `/${path}`);
    lines.push(isThere ? `  include left out, too deep or too often: ${readable(path)}` : `  missing include: ${readable(path)}`);
  }
  for (const [index, menu] of model.menus.entries()) {
    if (menu.entries.length === 0) continue;
    const start = index === model.startMenu ? ', shown first' : '';
    lines.push(`  menu ${readable(menu.tag ?? '')}${menu.title === '' ? '' : ` "${readable(menu.title)}"`}${start}`);
    for (const [position, entry] of menu.entries.entries()) {
      const mark = position === menu.default && entry.action !== 'disabled' ? '*' : ' ';
      const target = entry.submenu === undefined ? (entry.cmdline ?? '') : `menu ${model.menus[entry.submenu]?.tag ?? ''}`;
      lines.push(`  ${mark} ${readable(entry.display)}: ${entry.action === 'cmd' ? '' : `${entry.action} `}${readable(target)}`.trimEnd());
    }
  }
  return lines;
}

function describeUboot(model: UbootModel): string[] {
  const lines = [model.result < 0 ? `rejected with error ${model.result}` : `default ${readable(model.default ?? '(none)')}`];
  for (const { name, kernel, append, initrd } of model.labels) {
    lines.push(
      `  ${readable(name)}: ${readable([kernel ?? '(no kernel)', append ?? ''].join(' '))}${initrd ? ` [initrd ${readable(initrd)}]` : ''}`,
    );
  }
  for (const line of model.log.split('\n')) if (line !== '') lines.push(`  | ${readable(line)}`);
  return lines;
}
