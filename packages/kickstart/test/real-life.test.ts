import { check, diagnose, parse } from '@pxekit/kickstart';
import { describe, expect, test } from 'vitest';

const found = (text: string, release: 'RHEL5' | 'RHEL6' | 'RHEL8' | 'RHEL9' = 'RHEL9') =>
  diagnose(parse(text), { release }).map(({ code, range }) => `${range.start.line} ${code}`);

describe('branches of a template', () => {
  test('do not contradict each other', () => {
    expect(found('{% if a %}\nurl --url=https://m/\n{% else %}\nliveimg --url=https://m/i\n{% endif %}\n')).toEqual([]);
    expect(found('<% if a %>\nautopart\n<% else %>\npart / --size=1\n<% end %>\n')).toEqual([]);
    expect(found('$SNIPPET("x")\n#if $a\nreboot\n#else\npoweroff\n#end if\n')).toEqual([]);
    expect(found('<% if a -%>\nfirewall --disabled\n<% else -%>\nfirewall --enabled\n<% end -%>\n')).toEqual([]);
  });

  test('values between two lines are no branches', () => {
    expect(found('reboot\nlang <%= @lang %>\npoweroff\n')).toEqual(['3 ks/conflicting-end-action']);
    expect(found('{{ a }}\nautopart\npart / --size=1\n')).toEqual(['3 ks/command-conflict']);
  });
});

test('xCAT fills in words that look like comments', () => {
  expect(found('rootpw --iscrypted #CRYPT:passwd:key=system,username=root:password#\n', 'RHEL6')).toEqual([]);
  expect(found('iscsi --ipaddr #TABLE:iscsi:$NODE:server# --user a\n', 'RHEL6')).toEqual([]);
  expect(found('rootpw a#TABLE\n', 'RHEL6')).toContain('1 ks/hash-cuts-word');
});

describe('network lines', () => {
  test('that only name the host define no device again', () => {
    expect(found('network --bootproto=dhcp\nnetwork --hostname=a\n')).toEqual([]);
  });

  test('without a device are called by their command', () => {
    const [first] = check(parse('network --bootproto=dhcp\nnetwork --bootproto=static\n'), { release: 'RHEL6' });
    expect(first?.message).toBe('"network" is defined twice');
  });
});

test('what came by erratum is not called outdated', () => {
  expect(found('repo --name=a --baseurl=http://m/ --cost=1\n', 'RHEL5')).toEqual([]);
});

test('the text of an unknown section without %end is not judged line by line', () => {
  const text = 'vmaccepteula\n%firstboot --interpreter=busybox\nesxcli a "b\ncount=0\n%post\n%end\nbogus\n';
  expect(found(text, 'RHEL8')).toEqual(['1 ks/unknown-command', '2 ks/unknown-section', '7 ks/unknown-command']);
  const lines = check(parse(text), { release: 'RHEL8', strictness: 'pykickstart' }).map(({ range }) => range.start.line);
  expect(lines).toEqual([1, 2, 3, 4, 7]);
});

test('what is missing is said by name', () => {
  const say = (text: string, release: 'RHEL6' | 'RHEL9') => check(parse(text), { release })[0]?.message;
  expect(say('rootpw\n', 'RHEL6')).toBe('"rootpw" needs a password');
  expect(say('rootpw\n', 'RHEL9')).toBe('"rootpw" needs a password or "--lock"');
  expect(say('iscsiname\n', 'RHEL9')).toBe('"iscsiname" needs an iqn');
});
