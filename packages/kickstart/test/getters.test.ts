import { network, packages, parse, partitions, users } from '@pxekit/kickstart';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { kickstartText } from './kickstart-text.js';

test('network gives one entry a line', () => {
  const [first, second] = network(
    parse(
      'network --bootproto=static --device=ens3 --ip=10.0.0.2 --netmask=255.0.0.0 --nameserver=10.0.0.1,10.0.0.3 --mtu 9000 --onboot=no\n' +
        `network --device=t --teamslaves="a'{x,y}',b" --activate\n`,
    ),
  );
  expect(first).toMatchObject({ bootproto: 'static', device: 'ens3', nameservers: ['10.0.0.1', '10.0.0.3'], mtu: 9000, onBoot: false });
  expect(second).toMatchObject({ bootproto: 'dhcp', teamSlaves: ['a', 'b'], activate: true, onBoot: true });
});

test('partitions gives the layout in order', () => {
  const layout = partitions(
    parse(
      'partition pv.01 --size=1_000 --ondrive=sda\nvolgroup vg pv.01\nlogvol / --vgname=vg --name=root --percent=50 --grow\nmount /dev/sdb1 /data\n',
    ),
  );
  expect(layout.map(({ kind, target }) => `${kind} ${target}`)).toEqual(['part pv.01', 'volgroup vg', 'logvol /', 'mount /data']);
  expect(layout[0]).toMatchObject({ size: 1000, disk: 'sda', existing: false });
  expect(layout[1]?.members).toEqual(['pv.01']);
  expect(layout[2]).toMatchObject({ volumeGroup: 'vg', name: 'root', percent: 50, grow: true });
  expect(layout[3]).toMatchObject({ device: '/dev/sdb1', existing: true });
});

test('users gives root and everybody else with their keys', () => {
  const found = users(
    parse('rootpw --lock\nuser --name=ann --groups=wheel,adm --iscrypted --password=$6$x\nsshkey --username=ann "ssh-ed25519 AAA"\n'),
  );
  expect(found).toMatchObject([
    { name: 'root', isLocked: true },
    { name: 'ann', groups: ['wheel', 'adm'], isCrypted: true, password: '$6$x', sshKeys: ['ssh-ed25519 AAA'] },
  ]);
});

test('packages follows the order of lines, and the last header', () => {
  const found = packages(
    parse(
      '%packages --nocore\n@^server\nvim\n-nano\n@core\n%end\n%packages --retries=3 --ignoremissing\n-vim\nnano\n-@^server\n-@core\n%end\n',
    ),
  );
  expect(found).toEqual({
    groups: [],
    packages: ['nano'],
    excludedGroups: ['core'],
    excludedPackages: ['vim'],
    options: { '--retries': '3', '--ignoremissing': true },
  });
  expect(packages(parse('reboot\n'))).toBeUndefined();
});

test('getters never throw', () => {
  fc.assert(
    fc.property(kickstartText, (text) => {
      const document = parse(text);
      network(document);
      partitions(document);
      users(document);
      packages(document);
    }),
  );
});
