import { applyFixes, lint, parse, serialize } from '@pxekit/pxelinux';
import fc from 'fast-check';
import { expect, it } from 'vitest';

const word = fc.constantFrom(
  ...'LABEL label KERNEL APPEND INITRD MENU DEFAULT TIMEOUT TEXT HELP ENDTEXT BEGIN END SEPARATOR UI menu.c32 # promt - a initrd=b ks 5 0x80'.split(
    ' ',
  ),
);
const gap = fc.constantFrom(' ', '\t', '  ', '\n', '\n', '\r\n', '\r', ',', '');
const config = fc.array(fc.tuple(word, gap), { maxLength: 60 }).map((parts) => parts.flat().join(''));

it('never throws, and finds places inside the text', () => {
  fc.assert(
    fc.property(fc.oneof(config, fc.string({ unit: 'binary' }), fc.uint8Array()), (input) => {
      const document = parse(input);
      for (const { range } of lint(document)) {
        expect(range.start.offset).toBeGreaterThanOrEqual(0);
        expect(range.end.offset).toBeLessThanOrEqual(document.text.length);
        expect(range.start.offset).toBeLessThanOrEqual(range.end.offset);
      }
    }),
  );
});

it('gives fixes that apply, and that end', () => {
  fc.assert(
    fc.property(config, (text) => {
      let document = parse(text);
      for (let round = 0; round < 20; round++) {
        const fixed = applyFixes(document, lint(document));
        if (serialize(fixed) === serialize(document)) return;
        document = fixed;
      }
      expect.unreachable('the fixes go round in circles');
    }),
  );
});
