import { check, KickstartBuilder, lint, packages, users } from '@pxekit/kickstart';
import { expect, test } from 'vitest';

test('KickstartBuilder writes a file that checks and lints clean', () => {
  const document = new KickstartBuilder()
    .comment('web servers\nmade by hand')
    .command('text', [], { 'non-interactive': true })
    .command('url', [], { url: 'https://mirror.example/9/os' })
    .command('lang', ['en_US.UTF-8'])
    .command('keyboard', ['us'])
    .command('timezone', ['Etc/UTC'], { utc: true })
    .command('rootpw', [], { lock: true })
    .command('user', [], { name: 'ann', groups: ['wheel', 'adm'], gecos: 'Ann "A" B', iscrypted: true, password: '$6$salt$hash' })
    .command('zerombr')
    .command('clearpart', [], { all: true, drives: ['sda'] })
    .command('bootloader', [], { append: 'quiet console=ttyS0' })
    .command('autopart', [], { type: 'lvm' })
    .command('reboot')
    .packages(['@core', 'vim', '-nano'], { 'exclude-weakdeps': true })
    .comment('after the installation')
    .script('post', 'echo done', { log: '/root/post log' })
    .addon('com_redhat_kdump', ['--enable'])
    .build({ name: 'web.ks' });
  expect(check(document, { release: 'RHEL9' })).toEqual([]);
  expect(lint(document, { preset: ['recommended', 'unattended'], release: 'RHEL9' })).toEqual([]);
  expect(document.source.text).toContain(`user --name=ann --groups=wheel,adm --gecos='Ann "A" B' --iscrypted --password=$6$salt$hash\n`);
  expect(document.source.text).toContain(
    'reboot\n\n%packages --exclude-weakdeps\n@core\nvim\n-nano\n%end\n# after the installation\n%post --log="/root/post log"\necho done\n%end\n',
  );
  expect(users(document)[1]?.groups).toEqual(['wheel', 'adm']);
  expect(packages(document)?.packages).toEqual(['vim']);
});

test('KickstartBuilder refuses what would read back differently', () => {
  const builder = new KickstartBuilder();
  expect(() => builder.command('rootpw', ['a\u2028b'])).toThrow(expect.objectContaining({ code: 'KS_UNWRITABLE_VALUE' }));
  expect(() => builder.command('root pw')).toThrow(expect.objectContaining({ code: 'KS_UNWRITABLE_NAME' }));
  expect(() => builder.packages(['a # b'])).toThrow(expect.objectContaining({ code: 'KS_UNWRITABLE_NAME' }));
  expect(() => builder.script('post', '%end\n')).toThrow(expect.objectContaining({ code: 'KS_UNWRITABLE_SCRIPT' }));
});
