import { evaluate, format, modelToJson, parse, serialize } from '@pxekit/pxelinux';
import fc from 'fast-check';
import { expect, it } from 'vitest';

const piece = fc.constantFrom(
  ...'LABEL|label a |Kernel k|APPEND x  y |append -|APPEND - |initrd i|menu label ^x|MENU TITLE  T |menu begin t|MENU END|menu separator #c'.split(
    '|',
  ),
  ...'DEFAULT a|default menu.c32|UI menu.c32|TIMEOUT 50 |PROMPT 1 # x|SAY  hi |NOHALT 1|LOCALBOOT 0x80 |IPAPPEND 2|TEXT HELP|ENDTEXT|  help '.split(
    '|',
  ),
  ...'# note|promt 1|MENU COLOR sel 0 #ff #00 std|F1 a b|menu   hidden|SERIAL 0 9600|menu default|MENU HIDE |\u00a0LABEL z|x\u0001y|LABEL \u00e9|\rLABEL q'.split(
    '|',
  ),
  'x'.repeat(5000),
  '',
);
const config = fc
  .array(fc.tuple(fc.constantFrom('', ' ', '\t', '  '), piece, fc.constantFrom('\n', '\n', '\r\n', '\n\n\n')), { maxLength: 30 })
  .map((lines) => lines.flat().join(''));

it('changes nothing that SYSLINUX reads', () => {
  fc.assert(
    fc.property(config, (text) => {
      const before = parse(text);
      const after = format(before);
      for (const engine of ['core', 'menu'] as const) {
        expect(modelToJson(evaluate(after, { engine }))).toEqual(modelToJson(evaluate(before, { engine })));
      }
    }),
    { numRuns: 500 },
  );
});

it('has nothing left to do the second time', () => {
  fc.assert(
    fc.property(config, (text) => {
      const once = format(parse(text));
      expect(serialize(format(once))).toBe(serialize(once));
    }),
  );
});
