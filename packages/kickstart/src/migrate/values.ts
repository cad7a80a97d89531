import { valueEdit } from '../edit.js';
import { checkKernelArguments } from '../kernel-arguments.js';
import { option, valueSpan } from '../read-options.js';
import { releaseInUrl } from '../release-in-url.js';
import { inRange, type Release } from '../releases/releases.js';
import type { MigrationContext, Proposal } from './step.js';
import { dropWord } from './words.js';

/** What a newer release does not take as a value, though it knows the option. Subject, place and proposal of each. */
export interface ValueProposal extends Proposal {
  subject: string;
  start: number;
  end: number;
}

type ValueRule = (context: MigrationContext) => ValueProposal[];

const NO_BTRFS = 'RHEL8-';

const btrfs: ValueRule = ({ view, to, title }) => {
  if (!inRange(NO_BTRFS, to)) return [];
  const found: ValueProposal[] = [];
  for (const use of view.options) {
    const subject = `${view.canonical} ${use.name}`;
    if (use.value?.toLowerCase() !== 'btrfs' || use.template) continue;
    const place = { start: use.start, end: use.end };
    if (subject === 'autopart --type') {
      const edits = [valueEdit(use, 'lvm')];
      found.push({ subject, ...place, level: 'review', reason: `${title} has no Btrfs; LVM is its own default`, edits });
    } else if (use.name === '--fstype' && !view.positionals[0]?.value.startsWith('btrfs.')) {
      const edits = [valueEdit(use, 'xfs')];
      found.push({ subject, ...place, level: 'review', reason: `${title} has no Btrfs; XFS is its own default`, edits });
    }
  }
  const mountPoint = view.positionals[0];
  if (view.canonical === 'part' && mountPoint?.value.startsWith('btrfs.')) {
    found.push({
      subject: 'part btrfs.',
      start: mountPoint.start,
      end: mountPoint.end,
      level: 'manual',
      reason: `${title} has no Btrfs: lay the volumes out anew, with XFS on LVM for example`,
    });
  }
  return found;
};

/** `zerombr yes`: the word was never read. */
const zerombr: ValueRule = ({ view, to, title }) => {
  if (view.canonical !== 'zerombr' || !inRange('F9-,RHEL6-', to)) return [];
  return view.positionals.map((word) => ({
    subject: 'zerombr',
    start: word.start,
    end: word.end,
    level: 'safe',
    reason: `zerombr takes no word on ${title}`,
    edits: [dropWord(view.command, word)],
  }));
};

const DISK_OPTIONS = new Set(['--ondisk', '--drives', '--boot-drive', '--driveorder', '--only-use', '--onpart']);

/** IDE disks became `sd` with libata. */
const ideDisks: ValueRule = ({ view, from, to, title }) => {
  if (!inRange('FC3-FC6,RHEL3-RHEL5', from) || !inRange('F7-,RHEL6-', to)) return [];
  return view.options.flatMap((use): ValueProposal[] => {
    if (!DISK_OPTIONS.has(use.name) || use.value === undefined || use.template) return [];
    const value = use.value.replace(/(^|,|\/dev\/)hd([a-z]\d*)(?=,|$)/g, '$1sd$2');
    if (value === use.value) return [];
    const edits = [valueEdit(use, value)];
    return [
      {
        subject: `${view.canonical} ${use.name}`,
        start: use.start,
        end: use.end,
        level: 'review',
        reason: `${title} calls IDE disks sda, sdb and so on`,
        edits,
      },
    ];
  });
};

/** `eth0` where interfaces are called after their place. */
const interfaces: ValueRule = ({ view, from, to, title }) => {
  if (view.canonical !== 'network' || inRange('F15-,RHEL7-', from) || !inRange('F15-,RHEL7-', to)) return [];
  const use = option(view, '--device');
  if (use?.value === undefined || use.template || !/^(?:eth|wlan)\d+$/.test(use.value)) return [];
  const reason = `${title} calls interfaces after their place (enp1s0): give the MAC address, "link" or "bootif" instead of "${use.value}"`;
  return [{ subject: 'network --device', start: use.start, end: use.end, level: 'manual', reason }];
};

function majorOf(release: Release): { family: string; major: number } {
  return { family: release.startsWith('RHEL') ? 'RHEL' : 'F', major: Number(/\d+$/.exec(release)?.[0]) };
}

/** Trees and repositories of the release that is left behind. */
const urls: ValueRule = ({ view, to, title }) => {
  if (view.canonical !== 'url' && view.canonical !== 'repo') return [];
  const wanted = majorOf(to);
  return view.options.flatMap((use): ValueProposal[] => {
    if (use.value === undefined || use.template || !/^--(?:url|baseurl|mirrorlist|metalink)$/.test(use.name)) return [];
    const found = releaseInUrl(use.value);
    if (found === undefined || (found.family === wanted.family && found.major === wanted.major)) return [];
    const reason = `This points at release ${found.major}; name a tree or repository of ${title}`;
    return [{ subject: `${view.canonical} ${use.name}`, start: use.start, end: use.end, level: 'manual', reason }];
  });
};

/** Installer arguments that were handed on to the installed system, where nobody reads them. */
const append: ValueRule = ({ view, to }) => {
  if (view.canonical !== 'bootloader') return [];
  const use = option(view, '--append');
  if (use?.value === undefined || use.template || use.valueWord !== undefined) return [];
  const span = valueSpan(use);
  const raw = use.word.raw.slice(span.start - use.word.start);
  return checkKernelArguments(raw.replace(/["']/g, ' '), to)
    .filter(({ code, start, end }) => code === 'ks/unread-kernel-argument' && /^ksdevice\b/.test(raw.slice(start, end)))
    .map(({ start, end, message }) => {
      const from = span.start + start;
      const until = span.start + end;
      const blank = raw[end] === ' ' ? 1 : 0;
      const reason = `${message}; the installer itself finds the interface that booted`;
      return {
        subject: 'bootloader --append',
        start: from,
        end: until,
        level: 'review',
        reason,
        edits: [{ start: from, end: until + blank, newText: '' }],
      };
    });
};

export const VALUE_RULES: readonly ValueRule[] = [btrfs, zerombr, ideDisks, interfaces, urls, append];
