import { has, option, span } from '../../read-options.js';
import type { LintContext, Rule } from '../rule.js';

const STORAGE = ['part', 'autopart', 'raid', 'volgroup', 'logvol', 'btrfs', 'mount', 'reqpart'];
const SOURCES = ['url', 'cdrom', 'nfs', 'harddrive', 'liveimg', 'ostreesetup', 'ostreecontainer', 'bootc', 'hmc'];
/** Sources that bring a whole system, so that packages are not asked for. */
const IMAGES = ['liveimg', 'ostreesetup', 'ostreecontainer', 'bootc'];

/** Reports something that the whole file lacks, at its beginning. */
function missing(context: LintContext, message: string, names: readonly string[]): void {
  if (!context.whole || names.some((name) => context.find(name).length > 0)) return;
  const first = context.commands[0];
  context.report({ ...(first ? span(first) : { start: 0, end: 0 }), message });
}

function asks(code: Rule['code'], what: string, names: readonly string[], example: string, hint: string): Rule {
  return {
    code,
    severity: 'warning',
    presets: ['unattended'],
    summary: `The installer will ask for ${what}.`,
    docs: `${hint} Without it an unattended installation stops and waits for a person (or takes a default nobody chose).`,
    example,
    run: (context) =>
      missing(context, `The installer will ask for ${what}: there is no ${names.map((name) => `"${name}"`).join(' or ')}`, names),
  };
}

export const completeness: readonly Rule[] = [
  {
    code: 'ks/not-whole',
    severity: 'info',
    presets: ['unattended'],
    summary: 'An include or a template may bring what is missing, so missing commands are not reported.',
    docs: 'What stands in another file is not read here. Lint the file as the machine gets it: what `pxekit ks flatten` prints, or what the template makes.',
    example: 'lang en_US.UTF-8\n%include more.ks\n',
    run(context) {
      const opening = firstOpening(context);
      if (opening) {
        context.report({
          start: opening.start,
          end: opening.end,
          message: 'This may bring what the file lacks, so missing commands are not reported',
        });
      }
    },
  },
  asks('ks/missing-lang', 'the language', ['lang'], without('lang'), '`lang en_US.UTF-8` answers it.'),
  asks('ks/missing-keyboard', 'the keyboard', ['keyboard'], without('keyboard'), '`keyboard us` answers it.'),
  asks('ks/missing-timezone', 'the time zone', ['timezone'], without('timezone'), '`timezone --utc Etc/UTC` answers it.'),
  asks(
    'ks/missing-install-source',
    'the installation source',
    SOURCES,
    without('url'),
    '`url`, `cdrom`, `nfs`, `harddrive` or an image command answers it; so does `inst.repo=` on the kernel command line.',
  ),
  {
    code: 'ks/missing-partitioning',
    severity: 'warning',
    presets: ['recommended', 'unattended'],
    summary: 'The installer will ask for the disk layout.',
    docs: '`autopart` or `part` answers it. Without either the installer waits at the storage screen.',
    example: without('autopart'),
    run: (context) => missing(context, 'The installer will ask for the disk layout: there is no "autopart", "part" or "mount"', STORAGE),
  },
  {
    code: 'ks/missing-packages',
    severity: 'warning',
    presets: ['unattended'],
    summary: 'There is no %packages section.',
    docs: 'Without `%packages` the installer asks which software to install. An image source needs none.',
    example: 'url --url=http://mirror.example/os\nlang en_US.UTF-8\nkeyboard us\ntimezone Etc/UTC\nrootpw --lock\n',
    run(context) {
      if (context.sections.some(({ kind }) => kind === 'packages')) return;
      missing(context, 'The installer will ask for the software: there is no %packages section', IMAGES);
    },
  },
  {
    code: 'ks/missing-end-action',
    severity: 'warning',
    presets: ['recommended', 'unattended'],
    summary: 'Nothing says what to do when the installation is done.',
    docs: 'Without `reboot`, `poweroff`, `shutdown` or `halt` the installer waits for a key at the end.',
    example: without('reboot'),
    run: (context) =>
      missing(context, 'The installer will wait for a key at the end: there is no "reboot", "poweroff", "shutdown" or "halt"', ['halt']),
  },
  {
    code: 'ks/missing-bootloader',
    severity: 'info',
    presets: ['unattended'],
    summary: 'There is no bootloader command.',
    docs: 'The installer then puts the boot loader where it sees fit; with several disks that may be the wrong one. Old installers (RHEL5 and before) ask.',
    example: without('bootloader'),
    run: (context) => missing(context, 'There is no "bootloader": the installer chooses the disk to boot from', ['bootloader']),
  },
  {
    code: 'ks/missing-account',
    severity: 'error',
    presets: ['recommended', 'unattended'],
    summary: 'Neither a root password nor a user: nobody can log in.',
    docs: 'Give `rootpw`, or a `user` with a password or an `sshkey`. Without any the installer asks.',
    example: without('rootpw'),
    run: (context) => missing(context, 'Nobody can log in: there is no "rootpw" and no "user"', ['rootpw', 'user', 'sshkey']),
  },
  {
    code: 'ks/locked-out',
    severity: 'warning',
    presets: ['recommended', 'unattended', 'security'],
    summary: 'The root account is locked and no user can become root.',
    docs: 'With `rootpw --lock` somebody else must be able to administer the machine: a `user` in the group `wheel`, or a root `sshkey`.',
    example: 'rootpw --lock\nlang en_US.UTF-8\nkeyboard us\ntimezone Etc/UTC\nautopart\n',
    run(context) {
      const root = context.find('rootpw').at(-1);
      if (!context.whole || root === undefined || !has(root, '--lock')) return;
      if (context.find('sshkey').length > 0 || context.sections.some(({ kind }) => kind === 'script')) return;
      const admin = context.find('user').some((user) => {
        const groups = option(user, '--groups')?.value ?? '';
        return groups.split(',').some((group) => /^\s*(?:wheel|sudo|admin)\b/.test(group));
      });
      if (!admin) context.report({ ...span(root), message: 'root is locked and no user is in the group "wheel"' });
    },
  },
  {
    code: 'ks/asks-for-user-input',
    severity: 'warning',
    presets: ['recommended', 'unattended'],
    summary: 'A command makes the installer wait for a person.',
    docs: '`interactive`, `autostep`, `ignoredisk --interactive`, `network --bootproto=query` and `firstboot --reconfig` bring up screens by intent.',
    example: 'ignoredisk --interactive\n',
    run(context) {
      for (const name of ['interactive', 'autostep']) {
        for (const view of context.find(name)) context.report({ ...span(view), message: `"${name}" makes the installer show its screens` });
      }
      for (const [name, flag, value] of WAITING) {
        for (const view of context.find(name)) {
          const use = option(view, flag);
          if (use === undefined || (value !== undefined && use.value !== value)) continue;
          context.report({ start: use.start, end: use.end, message: `"${name} ${use.word.value}" makes somebody answer questions` });
        }
      }
    },
  },
  {
    code: 'ks/missing-non-interactive-mode',
    severity: 'info',
    presets: ['unattended'],
    summary: 'In this display mode the installer stops and asks when something is not answered.',
    docs: '`cmdline`, `text --non-interactive` or `graphical --non-interactive` make the installation fail at once instead of waiting for ever.',
    example: without('text'),
    run(context) {
      const mode = context.find('text').at(-1);
      if (mode?.command.name.value === 'cmdline' || (mode && has(mode, '--non-interactive'))) return;
      if (mode) context.report({ ...span(mode), message: `"${mode.command.name.value}" waits for a person when an answer is missing` });
      else
        missing(context, 'The installer waits for a person when an answer is missing: there is no "cmdline" or "--non-interactive"', [
          'text',
        ]);
    },
  },
  {
    code: 'ks/missing-zerombr',
    severity: 'warning',
    presets: ['recommended', 'unattended'],
    summary: 'Without zerombr an empty or foreign disk brings up a question.',
    docs: 'A disk without a valid label makes the installer ask whether to initialise it, also in kickstart mode, unless `zerombr` or `clearpart --initlabel` stands in the file. Both destroy what is on such disks.',
    example: 'lang en_US.UTF-8\nkeyboard us\ntimezone Etc/UTC\nrootpw --lock\nclearpart --all\nautopart\n',
    run(context) {
      if (!context.whole || context.find('zerombr').length > 0) return;
      if (context.find('clearpart').some((view) => has(view, '--initlabel'))) return;
      const clear = context.find('clearpart')[0];
      if (clear && !has(clear, '--none')) {
        context.report({ ...span(clear), message: 'A disk without a valid label brings up a question: there is no "zerombr"' });
      }
    },
  },
  {
    code: 'ks/missing-clearpart',
    severity: 'warning',
    presets: ['recommended', 'unattended'],
    summary: 'New partitions are to be made, and nothing says that old ones may go.',
    docs: 'Without `clearpart` (or with `--none`, the default) the installer keeps all partitions: on a disk that was used before, `autopart` or `part` fails for want of space.',
    example: 'lang en_US.UTF-8\nkeyboard us\ntimezone Etc/UTC\nrootpw --lock\nzerombr\nautopart\n',
    run(context) {
      if (!context.whole) return;
      const clear = context.find('clearpart').at(-1);
      const maker = context.find('autopart')[0] ?? context.find('part').find((view) => !has(view, '--onpart') && !has(view, '--noformat'));
      if (maker === undefined || context.find('part').some((view) => has(view, '--onpart'))) return;
      if (clear === undefined) context.report({ ...span(maker), message: 'Old partitions stay: there is no "clearpart"' });
      else if (has(clear, '--initlabel')) return;
      else if (has(clear, '--none') || (clear.options.length === 0 && clear.positionals.length === 0)) {
        context.report({ ...span(clear), message: 'Old partitions stay: "clearpart" without --all, --linux or --list removes none' });
      }
    },
  },
  {
    code: 'ks/clearpart-without-drives',
    severity: 'info',
    presets: ['unattended'],
    summary: 'clearpart --all without --drives wipes every disk of the machine.',
    docs: 'That includes external and SAN disks that happen to be attached. Name the disks with `--drives` or limit them with `ignoredisk --only-use`.',
    example: 'clearpart --all\n',
    run(context) {
      if (context.find('ignoredisk').length > 0) return;
      for (const view of context.find('clearpart')) {
        const all = option(view, '--all');
        if (all && !has(view, '--drives')) context.report({ start: all.start, end: all.end, message: 'Wipes every disk of the machine' });
      }
    },
  },
];

/** What may bring commands that the file itself does not have. */
function firstOpening({ document }: LintContext): { start: number; end: number } | undefined {
  const opening = document.children.find(({ type }) => type === 'include' || type === 'ksappend' || type === 'template');
  return opening ?? document.templates.find(({ kind }) => kind === 'cheetah');
}

const WAITING = [
  ['ignoredisk', '--interactive', undefined],
  ['network', '--bootproto', 'query'],
  ['firstboot', '--reconfig', undefined],
] as const;

/** A whole file without one command. */
function without(name: string): string {
  const lines = [
    'url --url=http://mirror.example/os',
    'text --non-interactive',
    'lang en_US.UTF-8',
    'keyboard us',
    'timezone Etc/UTC',
    'rootpw --lock',
    'bootloader',
    'zerombr',
    'clearpart --all',
    'autopart',
    'reboot',
  ];
  return `${lines.filter((line) => line.split(' ')[0] !== name).join('\n')}\n%packages\n@core\n%end\n`;
}
