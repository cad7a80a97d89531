import { type Loader, type Loss, parse, toGrub, toIpxe, toNeutral } from '@pxekit/pxelinux';
import { Command, Option } from 'commander';
import { eachFile } from '../../each-file.js';
import { type Io, readInput } from '../../io.js';
import { locateConfig } from './locate.js';
import { readable } from './readable.js';

interface Flags {
  to: 'grub' | 'ipxe' | 'json';
  root?: string;
  loader?: Loader;
  strict?: boolean;
  json?: boolean;
}

export function convertCommand(io: Io): Command {
  return new Command('convert')
    .description('Write a configuration for another loader, and say what that cannot express.')
    .argument('<file>', 'configuration, relative to --root or as a path inside it; - reads standard input')
    .addOption(
      new Option('--to <form>', 'GRUB 2 configuration, iPXE script, or JSON').choices(['grub', 'ipxe', 'json']).makeOptionMandatory(),
    )
    .option('--root <dir>', 'folder the loader gets its files from')
    .addOption(new Option('--loader <name>', 'who reads the file').choices(['pxelinux', 'isolinux', 'syslinux', 'extlinux']))
    .option('--strict', 'end with 1 when something is lost')
    .option('--json', 'the result as JSON: {"text", "lost"}, or {"config", "lost"} for --to json')
    .addHelpText(
      'after',
      `
What is lost goes to standard error, with the line it stands in.

Examples:
  $ pxekit pxelinux convert --to grub /srv/tftp/pxelinux.cfg/default > grub.cfg
  $ pxekit pxelinux convert --to ipxe --root /srv/tftp pxelinux.cfg/default > boot.ipxe`,
    )
    .action(async (name: string, flags: Flags) => {
      await eachFile(io, [name], (file) => convert(io, file, flags));
    });
}

async function convert(io: Io, file: string, flags: Flags): Promise<void> {
  const located = file === '-' ? undefined : locateConfig(file, flags);
  const document = parse(await readInput(io, located?.path ?? file));
  const options = {
    file: located?.name ?? '<stdin>',
    ...(located && { include: located.include, loader: located.loader }),
  };
  if (flags.to === 'json') {
    const result = toNeutral(document, options);
    io.out(JSON.stringify(flags.json ? result : result.config, null, flags.json ? undefined : 2));
    report(io, flags, result.lost);
    return;
  }
  const result = flags.to === 'grub' ? toGrub(document, options) : toIpxe(document, options);
  if (flags.json) io.out(JSON.stringify(result));
  else io.stdout.write(result.text);
  report(io, flags, result.lost);
}

function report(io: Io, { json, strict }: Flags, lost: readonly Loss[]): void {
  if (strict && lost.length > 0) io.exitCode = 1;
  if (json) return;
  for (const { message, origin } of lost) io.err(`lost: ${readable(message)}${origin ? ` (${readable(origin.file)}:${origin.line})` : ''}`);
}
