import { option } from '../read-options.js';
import { inRange } from '../releases/releases.js';
import { formatCommand } from '../write.js';
import { migrateAuth } from './auth.js';
import type { MigrateCommand } from './step.js';
import { dropCommand, dropWord } from './words.js';

/** Removes the command: what it did is done by itself, or not at all. */
const drop =
  (level: 'safe' | 'review', reason: string): MigrateCommand =>
  ({ view, title }) => [{ level, reason: reason.replace('{title}', title), edits: [dropCommand(view.command)] }];

const stop =
  (reason: string): MigrateCommand =>
  ({ title }) => [{ level: 'manual', reason: reason.replace('{title}', title) }];

const migrateLangsupport: MigrateCommand = ({ view, to, title, find }) => {
  const lang = find('lang')[0];
  const languages = view.positionals.map(({ value }) => value);
  if (lang === undefined || languages.length === 0 || !inRange('F19-,RHEL7-', to)) {
    return [{ level: 'review', reason: `${title} has no langsupport; lang sets the language`, edits: [dropCommand(view.command)] }];
  }
  const at = (lang.command.args.at(-1) ?? lang.command.name).end;
  return [
    {
      level: 'review',
      reason: `${title} takes further languages with lang --addsupport`,
      edits: [dropCommand(view.command), { start: at, end: at, newText: ` --addsupport=${languages.join(',')}` }],
    },
  ];
};

const migrateLilo: MigrateCommand = ({ view, title, find }) => {
  if (find('bootloader').length > 0) {
    return [{ level: 'review', reason: `${title} has no LILO, and the file sets a boot loader`, edits: [dropCommand(view.command)] }];
  }
  const { name } = view.command;
  const gone = view.options.filter(({ name }) => !['--append', '--location', '--password', '--md5pass', '--driveorder'].includes(name));
  return [
    {
      level: 'review',
      reason: `${title} has no LILO; bootloader installs GRUB`,
      edits: [{ start: name.start, end: name.end, newText: 'bootloader' }, ...gone.map((use) => dropWord(view.command, use))],
    },
  ];
};

const migrateVnc: MigrateCommand = ({ view, to, title }) => {
  if (!inRange('F43-,RHEL10-', to)) return [];
  const password = option(view, '--password');
  if (option(view, '--host') || option(view, '--connect')) {
    return [{ level: 'manual', reason: `${title} shows its screen with RDP, which cannot connect to a waiting viewer: use "rdp"` }];
  }
  const { name, args } = view.command;
  const line = formatCommand({ name: 'rdp', options: { username: 'root', password: password?.template ? undefined : password?.value } });
  return [
    {
      level: password?.template ? 'manual' : 'review',
      reason: `${title} shows its screen with RDP instead of VNC; connect as "root"`,
      ...(!password?.template && { edits: [{ start: name.start, end: (args.at(-1) ?? name).end, newText: line }] }),
    },
  ];
};

/** What to do about a command that a release ignores, warns of, or no longer knows. By usual name. */
export const COMMAND_MIGRATIONS: Readonly<Record<string, MigrateCommand>> = {
  authconfig: migrateAuth,
  autostep: drop('review', '{title} cannot step through its screens by itself'),
  btrfs: stop('{title} has no Btrfs: lay the volumes out anew, with XFS on LVM for example'),
  device: drop(
    'review',
    'The kernel of {title} loads drivers by itself; module options belong into /etc/modprobe.d or on the kernel command line',
  ),
  deviceprobe: drop('safe', 'The kernel of {title} looks for devices by itself'),
  dmraid: drop('review', '{title} finds firmware RAID by itself; names given to it are lost'),
  install: drop('safe', 'An installation is all that {title} does, so nothing says so any more'),
  interactive: drop('review', '{title} has no interactive kickstart installation: what the file leaves open is asked for'),
  key: drop('review', '{title} has no installation numbers: register with rhsm or subscription-manager'),
  langsupport: migrateLangsupport,
  lilo: migrateLilo,
  lilocheck: drop('safe', '{title} has no LILO'),
  method: stop('"method" is no command: write the source itself (url, nfs, cdrom, harddrive)'),
  module: drop('review', '{title} has no modules (streams) of packages: see that the packages have the version that is wanted'),
  monitor: drop('safe', '{title} finds the monitor by itself'),
  mouse: drop('safe', '{title} finds the mouse by itself'),
  multipath: drop('review', '{title} finds multipath disks by itself; names given to them are lost'),
  nvdimm: drop('review', '{title} does not set up NVDIMM namespaces; those in sector mode are plain disks'),
  unsupported_hardware: drop('review', '{title} installs on hardware of its own list without asking'),
  upgrade: stop('{title} does not upgrade with a kickstart file: install anew, or use leapp or dnf system-upgrade'),
  vnc: migrateVnc,
};
