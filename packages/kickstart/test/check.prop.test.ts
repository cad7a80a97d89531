import { check, diagnose, parse, RELEASES } from '@pxekit/kickstart';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const word = fc.constantFrom(
  'lang',
  'part',
  'raid',
  'volgroup',
  'btrfs',
  'realm',
  'join',
  'network',
  'rootpw',
  'autopart',
  'mount',
  'key',
  'timezone',
  'services',
  'multipath',
  'device',
  '/',
  'swap',
  'pv.01',
  'raid.01',
  '--size',
  '--size=1',
  '--siz',
  '--',
  '-',
  '-5',
  '--x',
  '--fstype=btrfs',
  '--level=1',
  '--device=md0',
  '--device',
  '--interfacename=vlan.5',
  '--noformat',
  '--useexisting',
  '--name=a',
  '--vgname=b',
  '--percent=101',
  '--enabled=',
  '""',
  "''",
  '"a b"',
  'é',
  '{{ x }}',
  '$SNIPPET("y")',
  '\\',
  '\u2028',
);
const line = fc.array(word, { maxLength: 8 }).map((words) => words.join(' '));
const header = fc.constantFrom(
  '%packages',
  '%post --erroronfail',
  '%pre --interpreter',
  '%addon x',
  '%certificate --filename=a --dir=b',
  '%anaconda',
  '%bogus',
  '%end',
  "%end it's",
  '%include',
  '-',
  '@a --optional --nodefaults',
);
const text = fc.array(fc.oneof(line, header), { maxLength: 25 }).map((lines) => lines.join('\n'));
const release = fc.constantFrom(...RELEASES);

describe('check', () => {
  it('answers any text for any release, in the order of the text', () => {
    fc.assert(
      fc.property(text, release, (input, name) => {
        for (const strictness of ['default', 'pykickstart'] as const) {
          const found = check(parse(input), { release: name, strictness });
          for (const [index, { range }] of found.entries()) {
            expect(range.end.offset).toBeGreaterThanOrEqual(range.start.offset);
            expect(range.end.offset).toBeLessThanOrEqual(input.length);
            expect(range.start.offset).toBeGreaterThanOrEqual(found[index - 1]?.range.start.offset ?? 0);
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  it('never throws, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), release, (input, name) => {
        diagnose(parse(input), { release: name });
      }),
      { numRuns: 300 },
    );
  });

  it('does not change the tree', () => {
    fc.assert(
      fc.property(text, (input) => {
        const document = parse(input);
        const before = JSON.stringify(document.children);
        for (const name of ['RHEL5', 'RHEL9', 'F45']) check(document, { release: name });
        expect(JSON.stringify(document.children)).toBe(before);
      }),
      { numRuns: 100 },
    );
  });
});

describe('hostile text', () => {
  const n = 20_000;
  it.each([
    ['headers', '%post\n'.repeat(n)],
    ['unknown headers', '%x\n'.repeat(n)],
    ['unknown headers that end', `${'%x\n'.repeat(n)}%end\n`],
    ['one line of words', `part ${'a '.repeat(n)}`],
    ['one line of options', `part / ${'--size=1 '.repeat(n)}`],
    ['one line of unknown options', `part / ${'--x '.repeat(n)}`],
    ['one line of quotes', `part ${'"'.repeat(2 * n)}`],
    ['one line of backslashes', '\\'.repeat(n)],
    ['open template marks', '{{'.repeat(n)],
    ['template marks that close at the end', `${'{{\n'.repeat(n)}}}`],
    ['template statements over lines', `${'{%\n%}'.repeat(n)}x`],
    ['dollars', '$SNIPPET('.repeat(n)],
    ['at signs', '@A'.repeat(n)],
    ['hashes in template values', `%packages\n${'{{#}}'.repeat(n)}\n%end`],
    ['blanks', ' '.repeat(n)],
    ['includes', '%include x\n'.repeat(n)],
    ['the same partition', 'part / --size=1\n'.repeat(n)],
    ['carriage returns', '\r'.repeat(n)],
  ])('is not kept busy by %s', (_, input) => {
    const document = parse(input);
    expect(document.children.length).toBeGreaterThan(0);
    for (const name of ['RHEL5', 'RHEL9']) check(document, { release: name });
  });
});
