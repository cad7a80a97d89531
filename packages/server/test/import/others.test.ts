import { importHttpd, importPxelinux, importXinetd, mergeConfig, parseConfig } from '@pxekit/server';
import { describe, expect, it } from 'vitest';

const verdicts = (result: { statements: { line: number; verdict: string }[] }) =>
  Object.fromEntries(result.statements.map(({ line, verdict }) => [line, verdict]));

describe('importXinetd', () => {
  const GUIDE = `service tftp
{
  disable = no
  socket_type = dgram
  protocol = udp
  wait = yes
  user = root
  server = /usr/sbin/in.tftpd
  server_args = -s /var/lib/tftpboot -c
  per_source = 11
  cps = 100 2
  flags = IPv4
}
`;

  it('carries root, uploads and the limit over, and accounts for every line', () => {
    const result = importXinetd(GUIDE);
    expect(result.config).toEqual({ tftp: { root: '/var/lib/tftpboot', uploads: true, maxTransfersPerClient: 11 } });
    expect(verdicts(result)).toEqual({
      ...{ 1: 'kept', 3: 'kept', 4: 'not-needed', 5: 'not-needed', 6: 'not-needed', 7: 'not-needed' },
      ...{ 8: 'not-needed', 9: 'kept', 10: 'kept', 11: 'not-needed', 12: 'not-needed' },
    });
  });

  it('turns a disabled service off', () => {
    expect(importXinetd('service tftp\n{\n disable = yes\n}').config).toEqual({ tftp: false });
  });

  it('says which arguments are lost', () => {
    const { statements } = importXinetd('service tftp\n{\nserver_args = -v -m /etc/tftpd.map -s /srv\n}');
    expect(statements[1]).toMatchObject({ verdict: 'unsupported', note: expect.stringContaining('-m /etc/tftpd.map: not carried over') });
  });
});

describe('importHttpd', () => {
  it('carries Alias and Listen over; what is aliased is listed and read-only anyway', () => {
    const result = importHttpd(`Listen 8080
Alias /rhel6/ "/var/www/rhel 6"
<Directory "/var/www/rhel 6">
  Options Indexes FollowSymLinks
  Order allow,deny
  Allow from all
</Directory>
RewriteEngine On
`);
    expect(result.config).toEqual({ http: { port: 8080, aliases: { '/rhel6': '/var/www/rhel 6' } } });
    expect(verdicts(result)).toEqual({
      ...{ 1: 'kept', 2: 'changed', 3: 'not-needed', 4: 'not-needed', 5: 'not-needed', 6: 'not-needed', 8: 'unsupported' },
    });
  });

  it('serves a DocumentRoot as the alias /', () => {
    const result = importHttpd('DocumentRoot "/var/www/html"\nAlias /pub /srv/pub\nDocumentRoot /srv/other\n');
    expect(result.config).toEqual({ http: { aliases: { '/': '/var/www/html', '/pub': '/srv/pub' } } });
    expect(verdicts(result)).toEqual({ 1: 'kept', 2: 'kept', 3: 'unsupported' });
    expect(importHttpd('DocumentRoot html').problems).toMatchObject([{ line: 1, code: 'import/invalid-value' }]);
  });

  it('complains about an alias without a folder', () => {
    expect(importHttpd('Alias /x').problems).toMatchObject([{ line: 1, code: 'import/invalid-value' }]);
  });
});

describe('importPxelinux', () => {
  const MENU = `default menu.c32
prompt 0
timeout 300
MENU TITLE Install

LABEL rhel5
  MENU LABEL ^1) RHEL 5
  KERNEL rhel5/vmlinuz
  APPEND initrd=rhel5/initrd.img ks=http://192.168.111.1/ks5.cfg ksdevice=eth0
LABEL rhel6
  MENU DEFAULT
  KERNEL /rhel6/vmlinuz
  APPEND initrd=rhel6/initrd.img text
LABEL local
  LOCALBOOT 0
LABEL memtest
  KERNEL memtest.bin
`;

  it('makes an image and a profile of every entry that boots a kernel', () => {
    const result = importPxelinux(MENU, { root: '/srv/tftp' });
    expect(result.config).toEqual({
      images: {
        rhel5: { folder: '/srv/tftp/rhel5', kernel: 'vmlinuz', initrd: ['initrd.img'] },
        rhel6: { folder: '/srv/tftp/rhel6', kernel: 'vmlinuz', initrd: ['initrd.img'] },
      },
      profiles: {
        rhel5: { image: 'rhel5', title: '1) RHEL 5', arguments: 'ks=http://192.168.111.1/ks5.cfg ksdevice=eth0' },
        rhel6: { image: 'rhel6', title: 'rhel6', arguments: 'text' },
      },
      menu: { title: 'Install', timeout: 30, default: 'rhel6' },
    });
    expect(result.statements.find(({ line }) => line === 16)?.verdict).toBe('unsupported');
  });
});

describe('mergeConfig', () => {
  it('adds to what stands there, keeps values and comments, and adds no item twice', () => {
    const text = '# mine\ndhcp:\n  leaseTime: 60 # short\n  subnets:\n    - subnet: 10.0.0.0/24\n';
    const merged = mergeConfig(text, {
      dhcp: { leaseTime: 90, bootp: false, subnets: [{ subnet: '10.0.0.0/24' }, { subnet: '10.0.1.0/24' }] },
      tftp: { root: '/srv' },
    });
    expect(merged).toContain('# mine');
    expect(merged).toContain('leaseTime: 60 # short');
    expect(parseConfig(merged).config).toMatchObject({
      dhcp: { leaseTime: 60, bootp: false, subnets: [{ subnet: '10.0.0.0/24' }, { subnet: '10.0.1.0/24' }] },
      tftp: { root: '/srv' },
    });
  });
});
