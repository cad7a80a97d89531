import { type Console, evaluate, type Loader, parse, type RenderOptions, renderMenu, renderSvg, toAnsi } from '@pxekit/pxelinux';
import { Command, Option } from 'commander';
import { eachFile } from '../../each-file.js';
import { Failure } from '../../failure.js';
import { type Io, readInput } from '../../io.js';
import { wholeNumber } from '../../whole-number.js';
import { locateConfig } from './locate.js';

interface Flags {
  root?: string;
  loader?: Loader;
  as?: 'text' | 'ansi' | 'svg';
  module: 'menu.c32' | 'vesamenu.c32';
  background?: string;
  menu?: number;
  select?: number;
  seconds?: number;
  reveal?: boolean;
  console: Console;
  json?: boolean;
}

export function previewCommand(io: Io): Command {
  return new Command('preview')
    .description('Show the first screen of the menu as menu.c32 draws it.')
    .argument('<file>', 'configuration, relative to --root or as a path inside it; - reads standard input')
    .option('--root <dir>', 'folder the loader gets its files from')
    .addOption(new Option('--loader <name>', 'who reads the file').choices(['pxelinux', 'isolinux', 'syslinux', 'extlinux']))
    .addOption(new Option('--as <form>', 'default: ansi on a terminal, else text').choices(['text', 'ansi', 'svg']))
    .addOption(new Option('--module <name>', 'for SVG: whose colours').choices(['menu.c32', 'vesamenu.c32']).default('vesamenu.c32'))
    .option('--background <url>', 'for SVG: picture behind vesamenu.c32')
    .option('--menu <index>', 'another menu than the first one shown, by its index in the model', wholeNumber)
    .option('--select <index>', 'another entry than the default, counted from 0', wholeNumber)
    .option('--seconds <number>', 'seconds left of the timeout', wholeNumber)
    .option('--reveal', 'show a hidden menu as after a key press')
    .addOption(
      new Option('--console <name>', "where it is looked at: a serial terminal (UTF-8) or the PC's screen (CP437)")
        .choices(['serial', 'vga'])
        .default('serial'),
    )
    .addOption(new Option('--json', 'lines and attribute runs as JSON').conflicts('as'))
    .addHelpText(
      'after',
      `
Examples:
  $ pxekit pxelinux preview /srv/tftp/pxelinux.cfg/default
  $ pxekit pxelinux preview --as svg --root /srv/tftp pxelinux.cfg/default > menu.svg`,
    )
    .action(async (name: string, flags: Flags) => {
      await eachFile(io, [name], (file) => preview(io, file, flags));
    });
}

async function preview(io: Io, file: string, flags: Flags): Promise<void> {
  const located = file === '-' ? undefined : locateConfig(file, flags);
  const document = parse(await readInput(io, located?.path ?? file));
  const model = evaluate(document, { engine: 'menu', ...(located && { file: located.name, include: located.include }) });
  const menu = model.menus[flags.menu ?? model.startMenu];
  if (menu === undefined) throw outOfRange('--menu', flags.menu, 'menus', model.menus.length);
  if (flags.select !== undefined && flags.select >= menu.entries.length) {
    throw outOfRange('--select', flags.select, 'entries', menu.entries.length);
  }
  const options: RenderOptions = {
    console: flags.console,
    ...(flags.menu !== undefined && { menu: flags.menu }),
    ...(flags.select !== undefined && { selected: flags.select }),
    ...(flags.seconds !== undefined && { secondsLeft: flags.seconds }),
    ...(flags.reveal && { revealed: true }),
  };
  if (flags.as === 'svg') {
    const { console: _, ...shown } = options;
    io.stdout.write(renderSvg(model, { ...shown, module: flags.module, ...(flags.background && { background: flags.background }) }));
    return;
  }
  const screen = renderMenu(model, options);
  if (flags.json) io.out(JSON.stringify(screen));
  else if (flags.as === 'ansi' || (flags.as === undefined && io.stdout.isTTY)) io.stdout.write(toAnsi(screen));
  else io.out(screen.lines().join('\n'));
}

function outOfRange(option: string, value: number | undefined, what: string, count: number): Failure {
  return new Failure(`${option} ${value}: there are ${count} ${what}`, {
    code: 'CLI_USAGE',
    hint: 'They are counted from 0.',
    exitCode: 2,
  });
}
