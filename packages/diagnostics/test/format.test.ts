import { type Diagnostic, formatCodeFrame, Source, toJson, toSarif } from '@pxekit/diagnostics';
import { describe, expect, it } from 'vitest';

const source = new Source('lang en_US\ninstal\u001b[2J now\nreboot\n', { name: 'ks.cfg' });
const diagnostic: Diagnostic = {
  code: 'DEMO',
  severity: 'error',
  message: 'Unknown command "instal"',
  range: source.range(11, 17),
  related: [{ message: 'the last command before it', range: source.range(0, 4) }],
  fix: { title: 'Write "install"', edits: [{ start: 11, end: 17, newText: 'install' }] },
};

describe('formatCodeFrame', () => {
  it('shows the place and defuses what a terminal would act on', () => {
    expect(formatCodeFrame(diagnostic, source)).toBe(
      [
        'error DEMO: Unknown command "instal"',
        '  at ks.cfg:2:1',
        '  1 | lang en_US',
        '> 2 | instal·[2J now',
        '    | ^^^^^^',
        '  3 | reboot',
        '  the last command before it (ks.cfg:1:1)',
        '  fix: Write "install"',
      ].join('\n'),
    );
  });

  it('cuts a long line around the place', () => {
    const long = new Source(`${'x'.repeat(5000)}BAD${'y'.repeat(5000)}`);
    const frame = formatCodeFrame({ ...diagnostic, related: undefined, fix: undefined, range: long.range(5000, 5003) }, long);
    const [, , text, marks] = frame.split('\n') as [string, string, string, string];
    expect(text.length).toBeLessThan(200);
    expect(text.indexOf('BAD')).toBe(marks.indexOf('^^^'));
  });
});

describe('toJson', () => {
  it('is flat and keeps the fix', () => {
    expect(toJson(diagnostic)).toEqual({
      code: 'DEMO',
      severity: 'error',
      message: 'Unknown command "instal"',
      line: 2,
      column: 1,
      endLine: 2,
      endColumn: 7,
      offset: 11,
      fix: diagnostic.fix,
      related: [{ message: 'the last command before it', line: 1, column: 1 }],
    });
  });
});

describe('toSarif', () => {
  it('names the rule, the level and the region', () => {
    const log = toSarif([{ file: 'ks.cfg', diagnostics: [diagnostic] }], { name: 'pxekit', version: '1.0.0' });
    expect(log).toMatchObject({
      version: '2.1.0',
      runs: [
        {
          tool: { driver: { name: 'pxekit', rules: [{ id: 'DEMO' }] } },
          results: [
            {
              ruleId: 'DEMO',
              ruleIndex: 0,
              level: 'error',
              locations: [{ physicalLocation: { region: { startLine: 2, startColumn: 1 } } }],
            },
          ],
        },
      ],
    });
  });
});
