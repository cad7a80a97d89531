import { parse, serialize } from '@pxekit/kickstart';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const piece = fc.constantFrom(
  'lang en_US',
  'part / --size=1',
  '%packages',
  '%post --log=x',
  '%end',
  '%include a b',
  '%ksappend x',
  '%bogus',
  '@core --optional',
  '-vim',
  '- vim',
  '"',
  "'",
  '\\',
  '#',
  '\n',
  '\r\n',
  '\r',
  '\v',
  '\u2028',
  '\x85',
  ' ',
  '\t',
  '\u00a0',
  '\ufeff',
  '{{ x }}',
  '{% if',
  '%}',
  '<%= a',
  '%>',
  '${',
  '}',
  '@VAR@',
  '$SNIPPET("x")',
  '#if $x',
  '\ud800',
  '\0',
);
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.array(piece, { maxLength: 60 }).map((pieces) => pieces.join('')),
);

describe('parse', () => {
  it('loses nothing', () => {
    fc.assert(
      fc.property(text, (input) => serialize(parse(input)) === input),
      { numRuns: 2000 },
    );
  });

  it('covers the text with nodes, without gaps', () => {
    fc.assert(
      fc.property(text, (input) => {
        let at = 0;
        for (const node of parse(input).children) {
          expect(node.start).toBe(at);
          expect(node.end).toBeGreaterThan(at);
          expect(input.slice(node.start, node.end)).toBe(node.raw);
          at = node.end;
        }
        expect(at).toBe(input.length);
      }),
      { numRuns: 1000 },
    );
  });
});
