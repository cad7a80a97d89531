import { diff, RELEASES } from '@pxekit/kickstart';
import { expect, test } from 'vitest';

const lines = (a: string, b: string) => diff(a, b).map(({ kind, owner, option }) => [kind, owner, option].filter(Boolean).join(' '));

test('diff names what RHEL 9 dropped, added and announced since RHEL 7', () => {
  const changes = lines('RHEL7', 'RHEL9');
  expect(changes).toEqual(
    expect.arrayContaining([
      'removed install',
      'removed part --active',
      'added timesource',
      'added authselect',
      'will-be-removed auth',
      'deprecated btrfs',
      'removed %packages --nobase',
      'will-be-removed %packages --instLangs',
    ]),
  );
});

test('diff turns around with its releases', () => {
  expect(lines('RHEL9', 'RHEL7')).toEqual(expect.arrayContaining(['added install', 'removed timesource']));
});

test('diff of a release with itself is empty', () => {
  for (const release of RELEASES) expect(diff(release, release)).toEqual([]);
});
