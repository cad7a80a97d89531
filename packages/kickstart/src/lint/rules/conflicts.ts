import { mayExclude } from '../../branches.js';
import type { CommandView } from '../../read-options.js';
import { has, span } from '../../read-options.js';
import type { LintContext, Rule } from '../rule.js';

/** Reports every command that speaks against the first one. */
function againstFirst(context: LintContext, commands: readonly CommandView[], message: (name: string, first: string) => string): void {
  const first = commands[0];
  if (first === undefined) return;
  for (const view of commands) {
    if (view.command.name.value === first.command.name.value || apart(context, first, view)) continue;
    context.report({
      ...span(view),
      message: message(view.command.name.value, first.command.name.value),
      related: [{ ...span(first), message: `"${first.command.name.value}" stands here` }],
    });
  }
}

/** Only one of the two may come out of a template. */
function apart({ document }: LintContext, first: CommandView, second: CommandView): boolean {
  return mayExclude(document, first.command.start, second.command.start);
}

const SOURCES = ['url', 'cdrom', 'nfs', 'harddrive', 'liveimg', 'ostreesetup', 'ostreecontainer', 'bootc', 'hmc'];

/** Commands that lay out the disks one by one. */
const OWN = ['part', 'raid', 'volgroup', 'logvol', 'btrfs'];

export const conflicts: readonly Rule[] = [
  {
    code: 'ks/conflicting-partitioning',
    severity: 'error',
    presets: ['recommended', 'unattended'],
    summary: 'Automatic partitioning, mount, and partitions of one’s own stand in the same file.',
    docs: '`autopart` decides the whole layout, `mount` uses one that exists: neither goes together with `part`, `raid`, `volgroup` or `logvol`. Old parsers do not say so, the installers behave the same.',
    example: 'autopart\npart / --size=8000\n',
    run(context) {
      const auto = context.find('autopart')[0];
      const chosen = auto ?? context.find('mount')[0];
      if (chosen === undefined) return;
      const other = context.findAll(auto ? [...OWN, 'mount'] : OWN)[0];
      if (other === undefined) return;
      const [first, second] = chosen.command.start < other.command.start ? [chosen, other] : [other, chosen];
      if (apart(context, first, second)) return;
      context.report({
        ...span(second),
        message: `"${second.command.name.value}" does not go together with "${first.command.name.value}"`,
        related: [{ ...span(first), message: `"${first.command.name.value}" stands here` }],
      });
    },
  },
  {
    code: 'ks/several-install-sources',
    severity: 'error',
    presets: ['recommended', 'unattended'],
    summary: 'More than one installation source is named.',
    docs: 'Only one of `url`, `cdrom`, `nfs`, `harddrive`, `liveimg`, `ostreesetup`, `ostreecontainer` and `bootc` is used, and the parser does not say which. Further repositories are named with `repo`.',
    example: 'cdrom\nurl --url=http://mirror.example/os\n',
    run(context) {
      againstFirst(
        context,
        context.findAll(SOURCES),
        (name, first) => `"${name}" is a second installation source beside "${first}"; only one is used`,
      );
    },
  },
  {
    code: 'ks/conflicting-end-action',
    severity: 'warning',
    presets: ['recommended', 'unattended'],
    summary: 'More than one of reboot, halt, poweroff and shutdown.',
    docs: 'The last one wins, silently.',
    example: 'reboot\npoweroff\n',
    run(context) {
      againstFirst(context, context.find('halt'), (name, first) => `"${name}" overrides "${first}"`);
    },
  },
  {
    code: 'ks/conflicting-display-mode',
    severity: 'warning',
    presets: ['recommended', 'unattended'],
    summary: 'More than one of text, graphical and cmdline, or a remote display in text mode.',
    docs: 'The last display mode wins, silently. `vnc` and `rdp` start the graphical installer, which `text` and `cmdline` forbid.',
    example: 'text\ngraphical\n',
    run(context) {
      const modes = context.find('text');
      againstFirst(context, modes, (name, first) => `"${name}" overrides "${first}"`);
      const mode = modes.at(-1);
      const remote = context.find('vnc')[0] ?? context.find('rdp')[0];
      if (remote === undefined || mode === undefined || mode.command.name.value === 'graphical') return;
      if (apart(context, remote, mode) || apart(context, mode, remote)) return;
      context.report({
        ...span(remote),
        message: `"${remote.command.name.value}" needs the graphical installer, and "${mode.command.name.value}" turns it off`,
        related: [{ ...span(mode), message: `"${mode.command.name.value}" stands here` }],
      });
    },
  },
  {
    code: 'ks/repeated-command',
    severity: 'warning',
    presets: ['recommended', 'unattended'],
    summary: 'A command that counts once stands more than once: the last one wins, silently.',
    docs: 'Keep the one that is meant. Commands that add up, such as `part`, `network` or `user`, are not reported.',
    example: 'lang en_US.UTF-8\nlang de_DE.UTF-8\n',
    run(context) {
      for (const name of SINGLE) {
        const all = context.find(name);
        const last = all.at(-1);
        if (last === undefined) continue;
        for (const view of all.slice(0, -1)) {
          if (apart(context, view, last)) continue;
          context.report({
            ...span(view),
            message: `A later "${last.command.name.value}" overrides this one`,
            related: [{ ...span(last), message: 'the one that counts' }],
          });
        }
      }
    },
  },
  {
    code: 'ks/second-packages-header',
    severity: 'warning',
    presets: ['recommended', 'unattended'],
    summary: 'A second %packages header drops the options of the first.',
    docs: 'The lists of several `%packages` sections add up, but only the options of the last header count: `--ignoremissing`, `--nocore` and the like of the others are forgotten. Give them all on the last header, or join the sections.',
    example: '%packages --ignoremissing\nvim\n%end\n%packages\nnano\n%end\n',
    run(context) {
      const headers = context.sections.filter(({ kind }) => kind === 'packages').map(({ header }) => header);
      const last = headers.at(-1);
      if (last === undefined) return;
      const kept = new Set(last.args.map(({ value }) => value));
      for (const header of headers.slice(0, -1)) {
        const lost = header.args.filter((word) => !kept.has(word.value));
        const [from, to] = [lost[0], lost.at(-1)];
        if (from === undefined || to === undefined) continue;
        context.report({
          start: from.start,
          end: to.end,
          message: `A later %packages header makes ${lost.map(({ value }) => value).join(' ')} ineffective`,
          related: [{ start: last.name.start, end: last.name.end, message: 'the header that counts' }],
        });
      }
    },
  },
  {
    code: 'ks/disk-both-used-and-ignored',
    severity: 'error',
    presets: ['recommended', 'unattended'],
    summary: 'A partition, the boot loader or clearpart names a disk that ignoredisk hides.',
    docs: '`ignoredisk --drives` hides the disks it names, `--only-use` all others. Whatever else names a hidden disk fails.',
    example: 'ignoredisk --only-use=sda\npart / --size=8000 --ondisk=sdb\n',
    run(context) {
      for (const ignore of context.find('ignoredisk')) {
        const drives = new Set(listOf(ignore, '--drives'));
        const only = new Set(listOf(ignore, '--only-use'));
        if (has(ignore, '--interactive') || (drives.size === 0 && only.size === 0)) continue;
        const isHidden = (disk: string) => (only.size > 0 ? !only.has(disk) : drives.has(disk));
        const patterned = [...drives, ...only].some((disk) => /[*?[|/]/.test(disk));
        if (patterned) continue;
        for (const [command, name] of DISK_OPTIONS) {
          for (const view of context.find(command)) {
            for (const use of view.options) {
              if (use.name !== name || use.value === undefined || use.template) continue;
              const hidden = use.value.split(',').filter((disk) => disk !== '' && !/[*?[|/]/.test(disk) && isHidden(disk));
              if (hidden.length === 0) continue;
              context.report({
                start: use.start,
                end: use.end,
                message: `${hidden.map((disk) => `"${disk}"`).join(', ')} is hidden by ignoredisk`,
                related: [{ ...span(ignore), message: 'ignoredisk stands here' }],
              });
            }
          }
        }
      }
    },
  },
];

const DISK_OPTIONS = [
  ['part', '--ondisk'],
  ['clearpart', '--drives'],
  ['bootloader', '--boot-drive'],
  ['bootloader', '--driveorder'],
] as const;

function listOf(view: CommandView, name: string): string[] {
  return view.options.filter((use) => use.name === name && !use.template).flatMap((use) => use.value?.split(',').filter(Boolean) ?? []);
}

const SINGLE = [
  'authconfig',
  'authselect',
  'autopart',
  'bootloader',
  'cdrom',
  'clearpart',
  'eula',
  'firewall',
  'firstboot',
  'keyboard',
  'lang',
  'nfs',
  'rootpw',
  'selinux',
  'timezone',
  'url',
  'zerombr',
];
