import { applyEdits, selectCompatible, type TextEdit } from '@pxekit/diagnostics';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

describe('applyEdits', () => {
  it('replaces, inserts and deletes by the offsets of the text as given', () => {
    const edits = [
      { start: 8, end: 8, newText: '!' },
      { start: 0, end: 3, newText: 'one' },
      { start: 3, end: 4, newText: '' },
    ];
    expect(applyEdits('abc defg', edits)).toBe('onedefg!');
  });

  it('keeps the order of insertions at one place', () => {
    expect(
      applyEdits('x', [
        { start: 1, end: 1, newText: 'a' },
        { start: 1, end: 1, newText: 'b' },
      ]),
    ).toBe('xab');
  });

  it.each([
    [
      'EDIT_OVERLAP',
      [
        { start: 0, end: 2, newText: '' },
        { start: 1, end: 3, newText: '' },
      ],
    ],
    ['EDIT_OUT_OF_RANGE', [{ start: 0, end: 9, newText: '' }]],
    ['EDIT_OUT_OF_RANGE', [{ start: 2, end: 1, newText: '' }]],
  ] as [string, TextEdit[]][])('refuses with %s', (code, edits) => {
    expect(() => applyEdits('abc', edits)).toThrow(expect.objectContaining({ code }));
  });

  it('gives what replacing one by one from the back gives', () => {
    const cases = fc.string({ minLength: 1 }).chain((text) =>
      fc.tuple(
        fc.constant(text),
        fc
          .array(fc.tuple(fc.nat(text.length), fc.string()), { maxLength: 6 })
          .map((cuts) => cuts.sort((a, b) => a[0] - b[0]))
          .map((cuts) =>
            cuts.flatMap(([end, newText], index) =>
              index === 0 ? [] : [{ start: (cuts[index - 1] as [number, string])[0], end, newText }],
            ),
          ),
      ),
    );
    fc.assert(
      fc.property(cases, ([text, edits]) => {
        const expected = edits.reduceRight((result, { start, end, newText }) => result.slice(0, start) + newText + result.slice(end), text);
        expect(applyEdits(text, edits)).toBe(expected);
      }),
    );
  });
});

describe('selectCompatible', () => {
  it('takes a group whole or not at all', () => {
    const first = [
      { start: 0, end: 2, newText: 'a' },
      { start: 5, end: 6, newText: 'b' },
    ];
    const clash = [
      { start: 3, end: 4, newText: 'c' },
      { start: 1, end: 3, newText: 'd' },
    ];
    const third = [{ start: 2, end: 3, newText: 'e' }];
    expect(selectCompatible([first, clash, third])).toEqual([...first, ...third]);
  });

  it('takes what comparing every edit with every taken one would take', () => {
    const edit = fc.tuple(fc.nat(30), fc.nat(4)).map(([start, length]) => ({ start, end: start + length, newText: 'x' }));
    const overlap = (a: TextEdit, b: TextEdit) => (a.start < b.end && b.start < a.end) || (a.start === b.start && a.end === b.end);
    fc.assert(
      fc.property(fc.array(edit.map((one) => [one])), (groups) => {
        const expected: TextEdit[] = [];
        for (const [one] of groups as [TextEdit][]) if (!expected.some((other) => overlap(one, other))) expected.push(one);
        expect(selectCompatible(groups)).toEqual(expected);
      }),
      { numRuns: 2000 },
    );
  });
});
