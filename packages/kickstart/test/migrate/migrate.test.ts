import { migrate, parse, RELEASES } from '@pxekit/kickstart';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

const moved = (text: string, from: string, to: string) => migrate(parse(text), from, to).apply();

describe('migrate', () => {
  test.each([
    ['install\nreboot\n', 'RHEL7', 'RHEL9', 'reboot\n'],
    ['install # from the net\n', 'RHEL7', 'RHEL9', '# from the net\n'],
    ['timezone --isUtc Etc/UTC # utc\n', 'RHEL7', 'RHEL9', 'timezone --utc Etc/UTC # utc\n'],
    [
      'timezone Etc/UTC --isUtc --ntpservers=a,b\n',
      'RHEL9',
      'RHEL10',
      'timezone Etc/UTC --utc\ntimesource --ntp-server=a\ntimesource --ntp-server=b\n',
    ],
    ['timezone Etc/UTC --nontp', 'RHEL9', 'RHEL10', 'timezone Etc/UTC\ntimesource --ntp-disable'],
    ['auth --enableshadow --passalgo=sha512\n', 'RHEL7', 'RHEL9', 'authselect select sssd --force\n'],
    ['authconfig --enableshadow --enablemkhomedir\n', 'RHEL9', 'RHEL10', 'authselect select local with-mkhomedir --force\n'],
    ['%packages --nobase --ignoremissing\n%end\n', 'RHEL7', 'RHEL9', '%packages --ignoremissing\n%end\n'],
    ['%packages --instLangs=en --excludeWeakdeps\n%end\n', 'RHEL9', 'RHEL10', '%packages --inst-langs=en --exclude-weakdeps\n%end\n'],
    ['logging --level=debug\nreboot\n', 'RHEL9', 'RHEL10', 'reboot\n'],
    ['logging --host=h --level=debug\n', 'RHEL9', 'RHEL10', 'logging --host=h\n'],
    ['autopart --type=btrfs\n', 'RHEL7', 'RHEL9', 'autopart --type=lvm\n'],
    ['part / --fstype btrfs --size=1\n', 'RHEL7', 'RHEL9', 'part / --fstype xfs --size=1\n'],
    ['part / "--fstype=btrfs" --size=1\n', 'RHEL7', 'RHEL9', 'part / --fstype=xfs --size=1\n'],
    ['lilo --linear --location=mbr\n', 'RHEL4', 'RHEL5', 'bootloader --location=mbr\n'],
    ['ignoredisk --interactive\n', 'RHEL7', 'RHEL9', ''],
    ['zerombr yes\n', 'RHEL5', 'RHEL6', 'zerombr\n'],
    ['%packages\nvim\n%post\nls\n', 'RHEL5', 'RHEL6', '%packages\nvim\n%end\n%post\nls\n%end\n'],
    ['part / --ondisk=hda --size=1\n', 'RHEL5', 'RHEL6', 'part / --ondisk=sda --size=1\n'],
    ['part / --active --size=1\n', 'RHEL7', 'RHEL9', 'part / --size=1\n'],
    ['bootloader --append="quiet ksdevice=link rhgb"\n', 'RHEL6', 'RHEL9', 'bootloader --append="quiet rhgb"\n'],
    ['%packages\nntp\n-python\n%end\n', 'RHEL7', 'RHEL9', '%packages\nchrony\n%end\n'],
    ['%anaconda\npwpolicy root\n%end\nreboot\n', 'RHEL9', 'RHEL10', 'reboot\n'],
    ['vnc --password=x\n', 'RHEL9', 'RHEL10', 'rdp --username=root --password=x\n'],
    [
      `network --device=team0 --teamslaves="eth1'{}',eth2" --teamconfig='{"runner":{"name":"lacp"}}'\n`,
      'RHEL9',
      'RHEL10',
      'network --device=team0 --bondslaves=eth1,eth2 --bondopts=mode=802.3ad\n',
    ],
  ])('%j from %s to %s', (text, from, to, expected) => {
    expect(moved(text, from, to)).toBe(expected);
  });

  test.each([
    ['upgrade\n', 'RHEL6', 'RHEL7', 'install anew'],
    ['auth --enableldap --ldapserver=h\n', 'RHEL7', 'RHEL9', 'sssd.conf'],
    ['harddrive --biospart=80p1 --dir=/\n', 'RHEL8', 'RHEL9', '--partition'],
    ['btrfs / --label=x a\n', 'RHEL7', 'RHEL10', 'Btrfs'],
    ['url --url=http://h/centos/7/os/x86_64\n', 'RHEL7', 'RHEL9', 'release 7'],
    ['network --device=eth0\n', 'RHEL6', 'RHEL7', 'MAC address'],
  ])('%j from %s to %s needs a person', (text, from, to, reason) => {
    const manual = migrate(parse(text), from, to).steps.filter(({ level }) => level === 'manual');
    expect(manual[0]?.reason).toContain(reason);
    expect(manual.every(({ edits }) => edits.length === 0)).toBe(true);
  });

  test('gives safe steps alone when asked', () => {
    expect(migrate(parse('install\nautopart --type=btrfs\n'), 'RHEL7', 'RHEL9').apply(['safe'])).toBe('autopart --type=btrfs\n');
  });

  test('has nothing to do for the same release', () => {
    expect(migrate(parse('install\nauth --enableshadow\n'), 'RHEL7', 'RHEL7').steps).toEqual([]);
  });

  test('never throws, whatever the text and the releases', () => {
    const word = fc.constantFrom(
      'part',
      'auth',
      'timezone',
      '--isUtc',
      '--ntpservers=a',
      '--teamslaves',
      '%packages',
      '%end',
      '\n',
      '"',
      '#',
      '--nobase',
      'vnc',
      '--password=x\u2028',
      'x',
    );
    fc.assert(
      fc.property(fc.array(word), fc.constantFrom(...RELEASES), fc.constantFrom(...RELEASES), (words, from, to) => {
        migrate(parse(words.join(' ').replaceAll(' \n ', '\n')), from, to).apply();
      }),
    );
  });
});
