import { detectRelease, parse, resolveRelease } from '@pxekit/kickstart';
import { describe, expect, it } from 'vitest';

describe('resolveRelease', () => {
  it.each([
    ['RHEL9', 'RHEL9'],
    ['rhel 9.4', 'RHEL9'],
    ['CentOS-7', 'RHEL7'],
    ['centos stream 10', 'RHEL10'],
    ['Rocky Linux 9', 'RHEL9'],
    ['almalinux8', 'RHEL8'],
    ['ol8', 'RHEL8'],
    ['Red Hat Enterprise Linux 6', 'RHEL6'],
    ['amazon linux 2', 'RHEL7'],
    ['amzn2023', 'F34'],
    ['f40', 'F40'],
    ['Fedora Core 5', 'FC5'],
    ['fedora 6', 'FC6'],
    ['rawhide', 'F45'],
    ['F46', undefined],
    ['RHEL2', undefined],
    ['debian 12', undefined],
    ['', undefined],
  ])('reads %j as %s', (name, release) => expect(resolveRelease(name)).toBe(release));
});

describe('detectRelease', () => {
  const detect = (text: string, treeinfo?: string) => detectRelease(parse(text), treeinfo === undefined ? {} : { treeinfo });

  it.each([
    ['#version=RHEL8\nlang en\n', 'RHEL8', 'version'],
    ['url --url=http://mirror.centos.org/centos/7/os/x86_64\n', 'RHEL7', 'address'],
    ['url --url="https://mirror.stream.centos.org/9-stream/BaseOS/x86_64/os/"\n', 'RHEL9', 'address'],
    ['url --mirrorlist=https://mirrors.fedoraproject.org/mirrorlist?repo=fedora-38&arch=x86_64\n', 'F38', 'address'],
    ['url --url=https://dl.fedoraproject.org/pub/fedora/linux/releases/40/Everything/x86_64/os/\n', 'F40', 'address'],
    ['url --url=https://dl.fedoraproject.org/pub/fedora/linux/development/rawhide/Everything/x86_64/os/\n', 'F45', 'address'],
    ['repo --name=a --baseurl=https://dl.rockylinux.org/pub/rocky/9.4/AppStream/x86_64/os/\n', 'RHEL9', 'address'],
    ['url --url=https://yum.oracle.com/repo/OracleLinux/OL8/baseos/latest/x86_64\n', 'RHEL8', 'address'],
  ])('finds the release of %j', (text, release, from) => expect(detect(text)).toMatchObject({ release, from }));

  it('prefers a treeinfo to addresses', () => {
    const treeinfo = '[header]\ntype = productmd.treeinfo\n[release]\nname = AlmaLinux\nversion = 9.3\n';
    expect(detect('url --url=http://x/centos/7/\n', treeinfo)).toEqual({ release: 'RHEL9', from: 'treeinfo' });
  });

  it('says nothing where nothing tells', () => expect(detect('url --url=http://10.0.0.1/install\n#version=DEVEL\n')).toBeUndefined());
});
