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
    expect(codes(text, { preset: 'unattended' })).toEqual(['ks/clearpart-without-drives']);
    expect(codes(text, { preset: 'strict' })).toEqual(['ks/weak-password-hash', 'ks/clearpart-without-drives', 'ks/unstable-disk-name']);
  });

  test('add up, and single rules go above them', () => {
    expect(codes(text, { preset: ['security', 'unattended'] })).toEqual(['ks/weak-password-hash', 'ks/clearpart-without-drives']);
    expect(codes(text, { preset: [], rules: { 'ks/unstable-disk-name': 'error' } })).toEqual(['ks/unstable-disk-name']);
    expect(codes(text, { rules: { 'ks/weak-password-hash': 'off' } })).toEqual([]);
  });
});

describe('suppression comments', () => {
  test('silence the codes they name on the next line only', () => {
    const text = '# pxekit-disable-next-line ks/plaintext-password -- it is a lab\nrootpw a\n';
    expect(codes(text)).toEqual([]);
    expect(codes(`${text}user --name=x --password=y\n`)).toEqual(['ks/plaintext-password']);
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
