import { evaluate, generate, parse, WriteError } from '@pxekit/pxelinux';
import fc from 'fast-check';
import { expect, it } from 'vitest';

const anyText = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom('a b', 'x=1 y', ' ', '-', '#', 'initrd=x', '^x', '\u00a0'),
);
const utf8 = (text: string) => Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join('');

it('is read back as it was described, or refused', () => {
  let written = 0;
  fc.assert(
    fc.property(fc.constantFrom('a', 'b.1', 'x y', 'é', ''), anyText, anyText, anyText, (label, title, kernel, args) => {
      let text: string;
      try {
        text = generate({ default: label, entries: [{ label, title, boot: { type: 'linux', kernel, args } }] });
      } catch (error) {
        expect(error).toBeInstanceOf(WriteError);
        return;
      }
      written++;
      for (const engine of ['core', 'menu'] as const) {
        const [entry] = evaluate(parse(text), { engine }).menus[1]?.entries ?? [];
        expect(entry).toMatchObject({ label: utf8(label), display: utf8(title) });
        expect(entry?.cmdline?.replace(/^\.linux /, '')).toBe(utf8(args === '' ? kernel : `${kernel} ${args}`));
      }
    }),
    { numRuns: 1000 },
  );
  expect(written).toBeGreaterThan(20);
});
