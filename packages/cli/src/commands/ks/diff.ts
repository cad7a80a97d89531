import { diff, releaseTitle } from '@pxekit/kickstart';
import { Command } from 'commander';
import type { Io } from '../../io.js';
import { namedRelease } from './release.js';

const SIGNS = { added: '+', removed: '-', deprecated: '!', 'will-be-removed': '!', changed: '~', restricted: '~', relaxed: '~' } as const;

export function diffCommand(io: Io): Command {
  return new Command('diff')
    .description('Say what changed in the kickstart language between two releases.')
    .argument('<release>', 'older release: RHEL7, centos7, F30')
    .argument('<release>', 'newer release')
    .option('--json', 'print [{kind, owner, option, text}]')
    .addHelpText(
      'after',
      `
+ is new, - is gone, ! is ignored or will go, ~ is read differently.

Examples:
  $ pxekit ks diff RHEL7 RHEL9
  $ pxekit ks diff --json f40 rawhide | jq -r '.[] | select(.kind == "removed") | .text'`,
    )
    .action((first: string, second: string, { json }: { json?: boolean }) => {
      const [before, after] = [namedRelease(first), namedRelease(second)];
      const changes = diff(before, after);
      if (json) {
        io.out(JSON.stringify(changes));
        return;
      }
      if (changes.length === 0) io.out(`${releaseTitle(before)} and ${releaseTitle(after)} read the same language.`);
      let owner = '';
      for (const change of changes) {
        if (change.owner !== owner) {
          owner = change.owner;
          io.out(owner);
        }
        io.out(`  ${SIGNS[change.kind]} ${change.text}`);
      }
    });
}
