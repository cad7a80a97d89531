import { Source } from '@pxekit/diagnostics';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const texts = fc.string({ unit: fc.constantFrom('a', 'é', '\n', '\r', '\t', '\u2028', '😀') });

describe('Source', () => {
  it('places every offset inside the line it names', () => {
    fc.assert(
      fc.property(texts, fc.constantFrom('lf' as const, 'any' as const), (text, lineSeparator) => {
        const source = new Source(text, { lineSeparator });
        for (let offset = 0; offset <= text.length; offset++) {
          const { line, column } = source.positionAt(offset);
          expect((source.lineStart(line) as number) + column - 1).toBe(offset);
          expect(offset).toBeLessThan(source.lineStart(line + 1) ?? Number.POSITIVE_INFINITY);
        }
      }),
    );
  });

  it('splits lines as a regular expression does', () => {
    fc.assert(
      fc.property(texts, (text) => {
        for (const [lineSeparator, split] of [
          ['lf', /\n/],
          ['any', /\r\n|\n|\r/],
        ] as const) {
          const source = new Source(text, { lineSeparator });
          const lines = Array.from({ length: source.lineCount }, (_, index) => source.lineText(index + 1));
          expect(lines).toEqual(text.split(split));
        }
      }),
    );
  });

  it('clamps offsets outside the text', () => {
    const source = new Source('ab\nc');
    expect(source.positionAt(-1)).toEqual({ offset: 0, line: 1, column: 1 });
    expect(source.positionAt(99)).toEqual({ offset: 4, line: 2, column: 2 });
    expect(source.lineText(3)).toBeUndefined();
  });
});
