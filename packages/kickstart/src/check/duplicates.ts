import { type Arguments, allPositionals, lastUse } from '../arguments.js';
import { mayExclude } from '../branches.js';
import type { CommandSpec } from '../releases/table.js';
import type { Command } from '../tree.js';
import type { CheckContext } from './context.js';

/** What makes two lines of a command define the same thing: options, or positional words as `@0`. */
const KEYS: Readonly<Record<string, readonly string[]>> = {
  part: ['@0'],
  logvol: ['--vgname', '--name'],
  raid: ['--device'],
  volgroup: ['@0'],
  btrfs: ['@0'],
  user: ['--name'],
  group: ['--name'],
  repo: ['--name'],
  network: ['--device'],
  sshpw: ['--username'],
  sshkey: ['--username'],
  fcoe: ['--nic'],
  dmraid: ['--name', '--dev'],
  multipath: ['--name', '--device'],
  zfcp: ['--devnum', '--wwpn', '--fcplun'],
  iscsi: [],
  snapshot: ['--name'],
  mount: ['@0', '@1'],
};

/** Warns where a line defines again what an earlier one has defined. */
export function checkDuplicate(command: Command, spec: CommandSpec, read: Arguments, context: CheckContext): void {
  const keys = KEYS[spec.name];
  if (keys === undefined || keys.length === 0 || command.args.some((word) => word.template)) return;
  const words = [...allPositionals(read), ...read.extras];
  const values = keys.map((key) =>
    key.startsWith('@') ? plainPath(words[Number(key.slice(1))]?.value) : lastUse(read.options, key)?.value,
  );
  if (!context.asPykickstart && spec.name === 'network') {
    // A line that only names the host belongs to no device.
    if (read.options.every(({ name }) => name === '--hostname')) return;
    // VLANs share the device they stand on.
    for (const option of ['--vlanid', '--interfacename']) values.push(lastUse(read.options, option)?.value);
  }
  if (spec.name === 'part' && (values[0] === undefined || values[0] === '' || values[0] === 'swap')) return;
  const key = [spec.name, ...values].join('\0');
  const first = context.defined.get(key);
  if (first === undefined) {
    context.defined.set(key, command);
    return;
  }
  if (!context.asPykickstart && mayExclude(context.document, first.start, command.start)) return;
  const what = [command.name.value, ...values].filter(Boolean).join(' ');
  context.warn('ks/duplicate-definition', command.name, `"${what}" is defined twice`, {
    at: first.name,
    message: 'The first one stands here',
  });
}

/** `/home/` and `//home` are the same mount point as `/home`. */
function plainPath(value: string | undefined): string | undefined {
  return value?.startsWith('/') ? `/${value.split('/').filter(Boolean).join('/')}` : value;
}
