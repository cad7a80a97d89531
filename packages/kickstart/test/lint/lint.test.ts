import { applyEdits } from '@pxekit/diagnostics';
import { diagnose, type LintOptions, lint, parse } from '@pxekit/kickstart';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { kickstartText } from '../kickstart-text.js';

const codes = (text: string, options: LintOptions = {}) => lint(parse(text), options).map(({ code }) => code);

describe('presets', () => {
  const text = 'rootpw --iscrypted $1$abc$def\nclearpart --all\npart / --size=1 --ondisk=sda\n';

  test('hold their own rules', () => {
    expect(codes(text)).toEqual(['ks/weak-password-hash']);
    expect(codes(text, { preset: 'unattended' })).toContain('ks/clearpart-without-drives');
    expect(codes(text, { preset: 'unattended' })).not.toContain('ks/weak-password-hash');
    expect(codes(text, { preset: 'strict' })).toEqual(['ks/weak-password-hash', 'ks/clearpart-without-drives', 'ks/unstable-disk-name']);
  });

  test('add up, and single rules go above them', () => {
    const both = codes(text, { preset: ['security', 'unattended'] });
    expect(both).toEqual(expect.arrayContaining(['ks/weak-password-hash', 'ks/clearpart-without-drives']));
    expect(codes(text, { preset: [], rules: { 'ks/unstable-disk-name': 'error' } })).toEqual(['ks/unstable-disk-name']);
    expect(codes(text, { rules: { 'ks/weak-password-hash': 'off' } })).toEqual([]);
  });
});

describe('suppression comments', () => {
  test('silence the codes they name on the next line only', () => {
    const text = '# pxekit-disable-next-line ks/plaintext-password -- it is a lab\nrootpw a\n';
    expect(codes(text)).toEqual([]);
    expect(codes(`${text}user --name=x --password=y\n`)).toEqual(['ks/plaintext-password']);
    expect(codes('# pxekit-disable-next-line plaintext-password\nrootpw a\n')).toEqual([]);
    expect(codes('# pxekit-disable-next-line ks/other\nrootpw a\n')).toEqual(['ks/plaintext-password']);
    expect(codes('# pxekit-disable-next-line\nrootpw a#b\n')).toEqual([]);
  });

  test('work in sections and for check', () => {
    expect(codes('%packages\n# pxekit-disable-next-line ks/space-after-minus\n- vim\n%end\n')).toEqual([]);
    const document = parse('# pxekit-disable-next-line ks/removed-command, ks/outdated\ninstall\n');
    expect(diagnose(document, { release: 'RHEL9' })).toEqual([]);
  });
});

describe('what a file lacks', () => {
  const whole = 'lang en_US.UTF-8\nkeyboard us\ntimezone Etc/UTC\nautopart\nclearpart --all --initlabel\nurl --url=https://m/\n';

  test('is said of whole files', () => {
    expect(codes(whole)).toEqual(['ks/missing-account', 'ks/missing-end-action']);
  });

  test('is not said of fragments, nor where an include or a template may bring it', () => {
    expect(codes('lang en_US.UTF-8\nkeyboard us\n')).toEqual([]);
    expect(codes(`${whole}%include more.ks\n`)).toEqual([]);
    expect(codes(`${whole}{% include "more" %}\n`)).toEqual([]);
  });

  test('is said of every file that is to install unattended, or it is said why not', () => {
    const small = 'lang en_US.UTF-8\nrootpw --lock\npart / --size=1 --grow\n';
    expect(codes(small, { preset: 'unattended' })).toEqual(
      expect.arrayContaining(['ks/missing-keyboard', 'ks/missing-timezone', 'ks/missing-install-source', 'ks/missing-end-action']),
    );
    for (const opening of ['%include more.ks', '{% include "more" %}', '$SNIPPET("more")']) {
      expect(codes(`${small}${opening}\n`, { preset: 'unattended' })).toEqual(['ks/not-whole']);
    }
  });
});

describe('the release', () => {
  test('decides about names and interpreters', () => {
    expect(codes('network --device=eth0\n', { release: 'RHEL6' })).toEqual([]);
    expect(codes('network --device=eth0\n', { release: 'RHEL9' })).toEqual(['ks/unstable-interface-name']);
    const script = '%post --interpreter=/usr/bin/python\nprint(1)\n%end\n';
    expect(codes(script, { release: 'RHEL7' })).toEqual([]);
    expect(codes(script, { release: 'RHEL8' })).toEqual(['ks/interpreter']);
  });

  test('is compared with the URLs', () => {
    const text = 'url --url=http://m/rocky/8/BaseOS/x86_64/os\n';
    expect(codes(text, { release: 'RHEL8' })).toEqual([]);
    expect(codes(text, { release: 'RHEL9' })).toEqual(['ks/url-of-another-release']);
    expect(codes(text, { release: 'F40' })).toEqual([]);
  });

  test('tells what takes the place of what it dropped', () => {
    const [found] = lint(parse('timezone --isUtc Etc/UTC\n'), { release: 'RHEL10' });
    expect(found).toMatchObject({ code: 'ks/outdated', fix: { edits: [{ newText: '--utc' }] } });
    expect(codes('timezone --isUtc Etc/UTC\n', { release: 'RHEL7' })).toEqual([]);
  });
});

test('values that come out of templates are not judged', () => {
  const text = [
    'rootpw {{ password }}',
    'network --device={{ device }}',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is a template
    'lang ${lang}',
    'part pv.01 --size=1',
    'volgroup vg {{ pvs }}',
    'logvol / --vgname={{ vg }} --name=root --size=1',
    '',
  ].join('\n');
  const judged = codes(text, { preset: ['recommended', 'security'] });
  expect(judged.filter((code) => code !== 'ks/unused-reference')).toEqual([]);
});

test('diagnose says once what check and lint call by two names', () => {
  const found = (text: string, release: 'RHEL9' | 'F30') => diagnose(parse(text), { release }).map(({ code }) => code);
  expect(found('install\nauth --enableshadow\ntimezone --isUtc Etc/UTC\n', 'RHEL9')).toEqual([
    'ks/removed-command',
    'ks/command-to-be-removed',
    'ks/option-to-be-removed',
  ]);
  expect(found('install\n', 'F30')).toEqual(['ks/deprecated-command']);
  expect(found('autopart\npart / --size=100\n', 'RHEL9').filter((code) => code !== 'ks/missing-clearpart')).toEqual([
    'ks/command-conflict',
  ]);
  expect(found('%end\n', 'RHEL9')).toEqual(['ks/stray-end']);
});

test('diagnose keeps the fix and the advice of what it says once', () => {
  const text = 'timezone --isUtc Etc/UTC\n';
  const [found] = diagnose(parse(text), { release: 'RHEL9' });
  expect(found?.severity).toBe('warning');
  expect(found?.message).toMatch(/a later release drops it\. RHEL 9 calls it --utc$/);
  expect(applyEdits(text, found?.fix?.edits ?? [])).toBe('timezone --utc Etc/UTC\n');
});

test('a variable that is filled in later is no password in the clear', () => {
  expect(codes('sshpw --username=root $SSH_PASSWORD --plaintext\nuser --name=a --password=$SSH_PASSWORD --plaintext\n')).toEqual([]);
  expect(codes('user --name=a --password=$ecret --plaintext\n')).toEqual(['ks/plaintext-password']);
});

test('a language needs an encoding, whether or not it has a country', () => {
  expect(codes('lang en\n')).toEqual(['ks/lang-without-encoding']);
  expect(codes('lang en_US\n')).toEqual(['ks/lang-without-encoding']);
  expect(codes('lang C.UTF-8\n')).toEqual([]);
});

test('diagnose says once what check and lint both find, with the fix', () => {
  const text = '%packages\nvim\n';
  const found = diagnose(parse(text), { release: 'RHEL9' }).filter(({ code }) => code === 'ks/missing-end');
  expect(found).toHaveLength(1);
  expect(applyEdits(text, found[0]?.fix?.edits ?? [])).toBe('%packages\nvim\n%end\n');
});

test('lint never throws, and its places lie in the text', () => {
  fc.assert(
    fc.property(kickstartText, (text) => {
      for (const { range, fix } of lint(parse(text), { preset: 'strict' })) {
        expect(range.start.offset).toBeLessThanOrEqual(range.end.offset);
        expect(range.end.offset).toBeLessThanOrEqual(text.length);
        if (fix) applyEdits(text, fix.edits);
      }
    }),
  );
});
