import { migrationSteps } from '../../migrate/migrate.js';
import { inRange, type Release } from '../../releases/releases.js';
import type { Rule } from '../rule.js';

/** The release that a file is compared with: its own, or the newest RHEL that is out. */
const NEWEST: Release = 'RHEL10';

/** A release whose language has everything that was dropped later. */
function older(release: Release): Release {
  if (release.startsWith('RHEL')) return inRange('RHEL8-', release) ? 'RHEL7' : 'RHEL5';
  return inRange('F29-', release) ? 'F28' : 'FC6';
}

export const outdated: readonly Rule[] = [
  {
    code: 'ks/outdated',
    severity: 'info',
    presets: ['recommended', 'unattended'],
    summary: 'A command or option has gone or will go, and something else takes its place.',
    docs: '`check` says that a release no longer reads a command; this rule says what to write instead, and its fix writes it where the meaning stays the same. Without a release it speaks for the newest RHEL. `pxekit ks migrate` makes the other changes as well.',
    example: 'timezone --isUtc Europe/Berlin\n',
    run({ document, commands, release = NEWEST, report }) {
      for (const { level, kind, reason, range, edits } of migrationSteps(document, older(release), release, commands)) {
        if (level === 'manual' || kind !== 'language') continue;
        report({
          start: range.start.offset,
          end: range.end.offset,
          message: reason,
          ...(level === 'safe' && { fix: { title: `Follow ${release}`, edits } }),
        });
      }
    },
  },
];
