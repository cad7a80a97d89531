import { renameOption } from '../edit.js';
import type { CommandView } from '../read-options.js';
import { inRange } from '../releases/releases.js';
import { formatCommand } from '../write.js';
import type { MigrateOption, Proposal } from './step.js';
import { dropCommand, dropWord, lineAfter } from './words.js';

const drop =
  (level: 'safe' | 'review', reason: string): MigrateOption =>
  ({ view, title }, use) => [{ level, reason: reason.replace('{title}', title), edits: [dropWord(view.command, use)] }];

/** Another name for the same thing; where the file has that one as well, the old one goes. */
const rename =
  (to: string, reason: string): MigrateOption =>
  ({ view, title, spellings }, use) => {
    const edits = spellings.has(to) ? [dropWord(view.command, use)] : renameOption(use, to);
    return [{ level: 'safe', reason: reason.replace('{title}', title), edits }];
  };

const stop =
  (reason: string): MigrateOption =>
  ({ title }) => [{ level: 'manual', reason: reason.replace('{title}', title) }];

const unknownValue: Proposal = { level: 'manual', reason: 'The value comes out of a template; change the template' };

const servers = new WeakMap<readonly CommandView[], Set<string | undefined>>();

/** The servers that the file names with timesource. */
function timeServers(commands: readonly CommandView[]): Set<string | undefined> {
  let found = servers.get(commands);
  if (found === undefined) {
    found = new Set(commands.flatMap(({ options }) => options.map(({ value }) => value)));
    servers.set(commands, found);
  }
  return found;
}

const ntpServers: MigrateOption = ({ document, view, title, find }, use) => {
  if (use.template) return [unknownValue];
  const known = timeServers(find('timesource'));
  const missing = (use.value ?? '').split(',').filter((server) => server !== '' && !known.has(server));
  const lines = missing.map((server) =>
    lineAfter(document, view.command, formatCommand({ name: 'timesource', options: { 'ntp-server': server } })),
  );
  return [{ level: 'safe', reason: `${title} takes time servers with timesource`, edits: [dropWord(view.command, use), ...lines] }];
};

const noNtp: MigrateOption = ({ document, view, title, find }, use) => {
  const lines = find('timesource').length > 0 ? [] : [lineAfter(document, view.command, 'timesource --ntp-disable')];
  return [{ level: 'safe', reason: `${title} switches time servers off with timesource`, edits: [dropWord(view.command, use), ...lines] }];
};

/** Runners of the team driver and the bonding modes that do the same. */
const RUNNERS: Readonly<Record<string, string>> = {
  activebackup: 'active-backup',
  broadcast: 'broadcast',
  lacp: '802.3ad',
  loadbalance: 'balance-xor',
  roundrobin: 'balance-rr',
};

/** `--teamslaves="eth1'{}',eth2"` names ports with optional JSON behind them. */
function teamPorts(value: string): string[] {
  return value
    .replace(/'[^']*'/g, '')
    .split(',')
    .map((port) => port.trim())
    .filter(Boolean);
}

const team: MigrateOption = ({ view, title }, use) => {
  if (use.template || use.value === undefined) return [unknownValue];
  const config = view.options.find(({ name }) => name === '--teamconfig');
  if (config?.template) return [unknownValue];
  const runner = /"name"\s*:\s*"(\w+)"/.exec(config?.value?.replaceAll('\\', '') ?? '')?.[1] ?? 'roundrobin';
  const mode = RUNNERS[runner];
  if (mode === undefined)
    return [{ level: 'manual', reason: `${title} has no team driver, and bonding has nothing like its runner "${runner}"` }];
  const edits = [{ start: use.start, end: use.end, newText: `--bondslaves=${teamPorts(use.value).join(',')} --bondopts=mode=${mode}` }];
  if (config) edits.push(dropWord(view.command, config));
  return [
    { level: 'review', reason: `${title} has no team driver; bonding with mode ${mode} does what the runner "${runner}" did`, edits },
  ];
};

const bytesPerInode: MigrateOption = (context, use) => {
  const { to, title } = context;
  if (!inRange('F23-,RHEL7-', to) || use.template || use.value === undefined || context.spellings.has('--mkfsoptions')) {
    return drop('review', '{title} does not set the size of an inode this way')(context, use);
  }
  return [
    {
      level: 'review',
      reason: `${title} hands such settings to mkfs with --mkfsoptions`,
      edits: [{ start: use.start, end: use.end, newText: `--mkfsoptions="-i ${use.value}"` }],
    },
  ];
};

const levelsOfOld: MigrateOption = ({ view, title }, use) => [
  {
    level: 'review',
    reason: `${title} knows the firewall on and off only`,
    edits: view.options.some(({ name }) => name === '--enable')
      ? [dropWord(view.command, use)]
      : [{ start: use.start, end: use.end, newText: '--enabled' }],
  },
];

const interactiveDisks: MigrateOption = ({ view, title }, use) => {
  const alone = view.options.length === 1;
  return [
    {
      level: 'review',
      reason: `${title} does not ask which disks to use; without ignoredisk it uses those that the file names, or all`,
      edits: [alone ? dropCommand(view.command) : dropWord(view.command, use)],
    },
  ];
};

/** What to do about an option that a release ignores, warns of, or no longer knows. By command and spelling. */
export const OPTION_MIGRATIONS: Readonly<Record<string, MigrateOption>> = {
  'bootloader --hvargs': stop('{title} has no arguments for a hypervisor: put them into /etc/default/grub in %post'),
  'bootloader --linear': drop('safe', '{title} has no LILO'),
  'bootloader --lba32': drop('safe', '{title} always addresses disks that way'),
  'bootloader --nolinear': drop('safe', '{title} has no LILO'),
  'bootloader --upgrade': drop('review', '{title} does not upgrade'),
  'bootloader --useLilo': drop('review', '{title} has no LILO; GRUB is installed'),
  'firewall --high': levelsOfOld,
  'firewall --medium': levelsOfOld,
  'firewall --telnet': drop('review', '{title} has no telnet switch: open it with --port=23:tcp when it is wanted'),
  'harddrive --biospart': stop('{title} does not know partitions by BIOS numbers: name one with --partition'),
  'ignoredisk --interactive': interactiveDisks,
  'logging --level': drop('safe', '{title} logs everything'),
  'logvol --bytes-per-inode': bytesPerInode,
  'network --teamconfig': () => [],
  'network --teamslaves': team,
  'part --active': drop('safe', '{title} marks the partition to boot from by itself'),
  'part --bytes-per-inode': bytesPerInode,
  'part --end': drop('review', '{title} does not place partitions by cylinder: see --size and --ondisk'),
  'part --start': drop('review', '{title} does not place partitions by cylinder: see --size and --ondisk'),
  'raid --bytes-per-inode': bytesPerInode,
  'repo --ignoregroups': drop('safe', '{title} does not read it: groups of all repositories count'),
  'timezone --isUtc': rename('--utc', '{title} calls it --utc'),
  'timezone --nontp': noNtp,
  'timezone --ntpservers': ntpServers,
  '%packages --excludeWeakdeps': rename('--exclude-weakdeps', '{title} calls it --exclude-weakdeps'),
  '%packages --ignoredeps': drop('safe', '{title} does not read it'),
  '%packages --instLangs': rename('--inst-langs', '{title} calls it --inst-langs'),
  '%packages --nobase': drop('safe', '{title} installs @core only, unless more is asked for'),
  '%packages --resolvedeps': drop('safe', '{title} always resolves dependencies'),
};

/** Options that work and whose going the release announces only as a constraint, by command: `timezone --isUtc` in RHEL 9. */
export const OUTDATED_OPTIONS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  timezone: { '--isUtc': 'F32-,RHEL9-', '--ntpservers': 'F33-,RHEL9-', '--nontp': 'F33-,RHEL9-' },
  harddrive: { '--biospart': 'F33-,RHEL9-' },
};
