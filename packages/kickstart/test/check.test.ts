import { check, diagnose, parse, type Strictness } from '@pxekit/kickstart';
import { describe, expect, it } from 'vitest';

const found = (text: string, release: string, strictness: Strictness = 'default') =>
  check(parse(text), { release, strictness }).map(
    ({ severity, code, range }) => `${severity} ${range.start.line}:${range.start.column} ${code}`,
  );
const codes = (text: string, release: string, strictness?: Strictness) =>
  check(parse(text), { release, ...(strictness && { strictness }) }).map(({ code }) => code);

describe('check', () => {
  it.each([
    ['install\n', 'RHEL7', []],
    ['install\n', 'RHEL8', ['warning 1:1 ks/deprecated-command']],
    ['install\n', 'RHEL9', ['error 1:1 ks/removed-command']],
    ['eula --agreed\n', 'RHEL6', ['error 1:1 ks/unknown-command']],
    ['auth --enableshadow\n', 'RHEL9', ['warning 1:1 ks/command-to-be-removed']],
    ['lang en_US extra\n', 'RHEL9', ['error 1:12 ks/unexpected-argument']],
    ['part / --size=1G\n', 'RHEL9', ['error 1:8 ks/invalid-value']],
    ['part / --size\n', 'RHEL9', ['error 1:8 ks/missing-value']],
    ['part / --grow=yes\n', 'RHEL9', ['error 1:8 ks/unexpected-value']],
    ['part / --luks=x\n', 'RHEL7', ['error 1:8 ks/unknown-option']],
    ['part / --s=5\n', 'RHEL9', []],
    ['part / --on=sda\n', 'RHEL9', ['error 1:8 ks/ambiguous-option']],
    ['logvol /\n', 'RHEL9', ['error 1:1 ks/missing-option', 'error 1:1 ks/missing-option']],
    ['lang\n', 'RHEL9', ['error 1:1 ks/missing-argument']],
    ['part / --size=1 --resize\n', 'RHEL9', ['error 1:17 ks/option-needs']],
    ['url --url=a --mirrorlist=b\n', 'RHEL9', ['error 1:13 ks/option-conflict']],
    ['url --proxy=a\n', 'RHEL9', ['error 1:1 ks/missing-option']],
    ['timezone --utc a --nontp\n', 'RHEL9', ['warning 1:18 ks/option-to-be-removed']],
    ['timezone --utc a --nontp\n', 'F40', ['warning 1:18 ks/deprecated-option']],
    ['autopart\npart / --size=1\n', 'RHEL9', ['error 2:1 ks/command-conflict']],
    ['part / --size=1\npart / --size=1\n', 'RHEL9', ['warning 2:1 ks/duplicate-definition']],
    ['"" x\n', 'RHEL9', ['error 1:1 ks/empty-command']],
    ['lang "en\n', 'RHEL9', ['error 1:6 ks/unclosed-quote']],
    ['%frob\n', 'RHEL9', ['error 1:1 ks/unknown-section']],
    ['%end\n', 'RHEL9', ['error 1:1 ks/stray-end']],
    ['%include\n', 'RHEL9', ['error 1:1 ks/missing-include']],
    ['%packages --frob\n@core\n%end\n', 'RHEL9', ['error 1:11 ks/unknown-option']],
    ['%packages\n-\n%end\n', 'RHEL9', ['error 2:1 ks/empty-package']],
    ['%packages\n@a --optional --nodefaults\n%end\n', 'RHEL9', ['error 2:1 ks/option-conflict']],
    ['%certificate --filename=a --dir=b\n%end\n', 'RHEL10', ['error 2:1 ks/empty-section']],
    ['%traceback\necho\n%end\n', 'RHEL9', ['warning 1:1 ks/section-to-be-removed']],
    ['%post\necho\n', 'RHEL5', []],
    ['%post\necho\n%packages\nvim\n', 'RHEL5', []],
    ['realm join --client-software=sssd example.com\n', 'RHEL9', []],
    ['realm leave\n', 'RHEL9', ['error 1:7 ks/invalid-value']],
    ['realm join a\nrealm join b\n', 'RHEL9', ['error 2:1 ks/command-conflict']],
    ['network --interfacename=vlan5000 --device=e\n', 'RHEL7', ['error 1:9 ks/invalid-value']],
  ])('%j for %s', (text, release, expected) => expect(found(text, release)).toEqual(expected));

  it('names both places of a conflict', () => {
    const [conflict] = check(parse('autopart\nmount /dev/sda1 /\n'), { release: 'RHEL9' });
    expect(conflict?.related?.[0]?.range.start.line).toBe(1);
  });

  it('reads one tree for any number of releases', () => {
    const document = parse('install\nauthselect --x\n');
    const verdicts = ['RHEL7', 'RHEL8', 'RHEL9'].map((release) => check(document, { release }).map(({ code }) => code));
    expect(verdicts).toEqual([['ks/unknown-command'], ['ks/deprecated-command'], ['ks/removed-command']]);
  });

  it('says nothing about values that a template fills in', () => {
    const text =
      'rootpw {{ password }}\npart / --size={{ size }}\ntimezone <%= zone %>\nnetwork {{ options }}\n{% if x %}\nurl {{ source }}\n{% endif %}\n';
    expect(codes(text, 'RHEL9')).toEqual([]);
    expect(codes('part / --size={{ size }} --frob\n', 'RHEL9')).toEqual(['ks/unknown-option']);
  });
});

describe('where the default differs from pykickstart', () => {
  it.each([
    ['volgroup vg pv.01 --frobnicate\n', 'RHEL9', [], ['ks/unknown-option']],
    ['raid / a b --level=1 --device=md0 c\n', 'RHEL9', [], ['ks/unexpected-argument']],
    ['raid / --fstype=btrfs --level=1 --device=md0 a b\n', 'RHEL10', [], ['ks/invalid-value']],
    ['autopart --type=btrfs\n', 'RHEL11', [], ['ks/invalid-value']],
    ['repo --name=a --baseurl=b --cost=5\n', 'RHEL5', ['ks/unknown-option'], []],
    ['%packages --nobase\n@core\n%end\n', 'RHEL5', ['ks/unknown-option'], []],
    ['%packages --nocore\n@core\n%end\n', 'RHEL6', ['ks/unknown-option'], []],
    ['network --device=e --vlanid=1\nnetwork --device=e --vlanid=2\n', 'RHEL9', ['ks/duplicate-definition'], []],
    ['services --enabled=a\nservices\n', 'RHEL9', [], ['ks/missing-option']],
    ['%anaconda\n%end\n', 'RHEL9', [], ['ks/section-to-be-removed']],
    ['%anaconda\n%end\n', 'RHEL10', [], ['ks/removed-section']],
    ['%addon x\n%end\n', 'RHEL6', [], ['ks/unsupported-section']],
    ['lang {{ lang }}\n', 'RHEL9', ['ks/unexpected-argument', 'ks/unexpected-argument'], []],
  ])('%j for %s', (text, release, pykickstart, ours) => {
    const plain = check(parse(text, { templates: 'none' }), { release, strictness: 'pykickstart' }).map(({ code }) => code);
    expect({ pykickstart: plain, ours: codes(text, release) }).toEqual({ pykickstart, ours });
  });

  it('names the header of a section without %end, where pykickstart names the line on which it gives up', () => {
    const text = 'lang en\n%post\necho\n%packages\n%end\n';
    expect(found(text, 'RHEL9')).toEqual(['error 2:1 ks/missing-end']);
    expect(found(text, 'RHEL9', 'pykickstart')).toEqual(['error 4:1 ks/missing-end']);
    expect(found('%post\necho\n\n', 'RHEL9', 'pykickstart')).toEqual(['error 3:1 ks/missing-end']);
  });
});

describe('diagnose', () => {
  it('asks for %end only where the release does', () => {
    const text = '%packages\n@core\n';
    const wanted = (release: string) => diagnose(parse(text), { release }).some(({ code }) => code === 'ks/missing-end');
    expect([wanted('RHEL5'), wanted('RHEL9')]).toEqual([false, true]);
  });
});
