import { has, type OptionUse, option, readSectionOptions, span, valueSpan } from '../../read-options.js';
import { inRange } from '../../releases/releases.js';
import type { Rule } from '../rule.js';

/** Where the kernel's own names (eth0) gave way to predictable ones (ens3, enp0s25). */
const PREDICTABLE_NAMES = 'F15-,RHEL7-';

const KERNEL_NAME = /^(?:eth|wlan)\d+$/;

export const optionRules: readonly Rule[] = [
  {
    code: 'ks/abbreviated-option',
    severity: 'warning',
    presets: ['recommended', 'unattended'],
    summary: 'An option is not written in full.',
    docs: 'The parser takes any prefix that only one option has. A later release adds an option with the same beginning and the file is refused: `--boot` is one of those.',
    example: 'part / --siz=8000\n',
    run({ commands, sections, report }) {
      const reportIn = (options: readonly OptionUse[]) => {
        for (const { abbreviated, written, spelling, word } of options) {
          if (!abbreviated || word.template) continue;
          const start = word.start + word.raw.indexOf(written);
          if (start < word.start) continue;
          const end = start + written.length;
          const fix = { title: `Write ${spelling}`, edits: [{ start, end, newText: spelling }] };
          report({ start, end, message: `"${written}" is short for "${spelling}"`, fix });
        }
      };
      for (const { options } of commands) reportIn(options);
      for (const section of sections) reportIn(readSectionOptions(section).options);
    },
  },
  {
    code: 'ks/lang-without-encoding',
    severity: 'warning',
    presets: ['recommended'],
    summary: 'A language without an encoding.',
    docs: '`lang en_US` sets LANG to a locale in Latin-1, in which file names and messages in UTF-8 come out wrong.',
    example: 'lang en_US\n',
    run({ find, report }) {
      for (const view of find('lang')) {
        const word = view.positionals[0];
        if (word === undefined || word.template || !/^[a-z]{2,3}(_[A-Z]{2})?$/.test(word.value)) continue;
        const message = `"${word.value}" has no encoding`;
        if (!word.value.includes('_')) {
          report({ start: word.start, end: word.end, message: `${message}, and no country` });
          continue;
        }
        const fix = { title: 'Add .UTF-8', edits: [{ start: word.start, end: word.end, newText: `${word.value}.UTF-8` }] };
        report({ start: word.start, end: word.end, message, fix });
      }
    },
  },
  {
    code: 'ks/unstable-interface-name',
    severity: 'warning',
    presets: ['recommended', 'unattended'],
    summary: 'An interface is called by a name that can differ between the installer and the installed system.',
    docs: 'From Fedora 15 and RHEL 7 on, interfaces are called after their place (`enp1s0`), unless `net.ifnames=0` stands on both kernel command lines. Give the MAC address, `link` or `bootif`.',
    example: 'network --device=eth0 --bootproto=dhcp\n',
    run({ find, release, report }) {
      if (release !== undefined && !inRange(PREDICTABLE_NAMES, release)) return;
      const append = find('bootloader').map((view) => option(view, '--append')?.value ?? '');
      if (append.some((args) => args.includes('net.ifnames=0') || args.includes('biosdevname=0'))) return;
      for (const view of find('network')) {
        const use = option(view, '--device');
        if (
          use?.value === undefined ||
          use.template ||
          !KERNEL_NAME.test(use.value) ||
          has(view, '--bondslaves') ||
          has(view, '--bridgeslaves')
        )
          continue;
        report({ ...valueSpan(use), message: `"${use.value}" is a name that newer systems do not give: use a MAC address or "link"` });
      }
    },
  },
  {
    code: 'ks/unstable-disk-name',
    severity: 'info',
    presets: [],
    summary: 'A disk is called by a name that depends on the order of detection.',
    docs: '`sda` can be another disk at the next boot, and is `vda` or `nvme0n1` on other hardware. `disk/by-id/...` and `disk/by-path/...` are stable.',
    example: 'part / --size=8000 --ondisk=sda\n',
    run({ commands, report }) {
      for (const { options } of commands) {
        for (const use of options) {
          if (!DISK_OPTIONS.has(use.name) || use.value === undefined || use.template) continue;
          if (use.value.split(',').some((disk) => /^(?:\/dev\/)?(?:[hsv]d|xvd)[a-z]+\d*$/.test(disk))) {
            report({ ...valueSpan(use), message: `"${use.value}" depends on the order in which disks are found` });
          }
        }
      }
    },
  },
  {
    code: 'ks/old-disk-name',
    severity: 'error',
    presets: ['recommended', 'unattended'],
    summary: 'IDE disks have not been called hda since Fedora 7 and RHEL 6.',
    docs: 'All disks of libata are `sda` and so on; `hda` does not exist, and the installation stops.',
    example: 'clearpart --all --drives=hda\n',
    run({ commands, release, report }) {
      if (release !== undefined && !inRange('F7-,RHEL6-', release)) return;
      for (const { options } of commands) {
        for (const use of options) {
          if (!DISK_OPTIONS.has(use.name) || use.value === undefined || use.template) continue;
          const old = use.value.split(',').find((disk) => /^(?:\/dev\/)?hd[a-z]\d*$/.test(disk));
          if (old !== undefined) report({ ...valueSpan(use), message: `"${old}" does not exist on this release` });
        }
      }
    },
  },
  {
    code: 'ks/size-of-nothing',
    severity: 'error',
    presets: ['recommended', 'unattended'],
    summary: 'A new partition or volume has no size.',
    docs: 'Give `--size` (MiB), `--recommended`, `--hibernation` or `--percent`. Existing ones (`--onpart`, `--noformat`, `--useexisting`) need none.',
    example: 'part /home --fstype=xfs\n',
    run({ find, report }) {
      for (const view of find('part')) {
        if (view.command.args.some(({ template }) => template) || SIZED.some((name) => has(view, name))) continue;
        report({ ...span(view), message: 'A new partition needs --size, --recommended or --hibernation' });
      }
    },
  },
];

const SIZED = ['--size', '--recommended', '--hibernation', '--onpart', '--noformat', '--start', '--end', '--maxsize', '--grow', '--resize'];

const DISK_OPTIONS = new Set(['--ondisk', '--drives', '--boot-drive', '--driveorder', '--only-use', '--onpart', '--onbiosdisk']);
