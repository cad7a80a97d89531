import { parse, toGrub, toIpxe, toNeutral } from '@pxekit/pxelinux';
import fc from 'fast-check';
import { expect, it } from 'vitest';

const piece = fc.constantFrom(
  ...'LABEL a|LABEL b|KERNEL k|KERNEL x.c32|KERNEL chain.c32|COM32 mboot|APPEND a --- b|APPEND hd0 9|LOCALBOOT 0x80|CONFIG f|PXE n.0'.split(
    '|',
  ),
  ...'MENU BEGIN m|MENU BEGIN|MENU END|MENU GOTO m|MENU EXIT|MENU QUIT|MENU HELP f|MENU SEPARATOR|MENU DISABLE|MENU HIDE|MENU START'.split(
    '|',
  ),
  ...'UI menu.c32|DEFAULT a|DEFAULT menu.c32|ONTIMEOUT b|TIMEOUT 50|PROMPT 1|MENU LABEL ^\u00e9|IPAPPEND 7|INITRD i,j|SERIAL 0 9600'.split(
    '|',
  ),
);
const config = fc.array(piece, { maxLength: 40 }).map((lines) => `${lines.join('\n')}\n`);

it('converts anything, with entries named once and a default that is there', () => {
  fc.assert(
    fc.property(fc.oneof(config, fc.string({ unit: 'binary' }), fc.uint8Array()), (input) => {
      const document = parse(input);
      const { config } = toNeutral(document);
      const ids = config.menus.flatMap(({ entries }) => entries.map(({ id }) => id));
      expect(new Set(ids).size).toBe(ids.length);
      if (config.default !== undefined) expect(ids).toContain(config.default);
      expect(toGrub(document).text).toContain('set timeout=');
      const script = toIpxe(document).text;
      const labels = new Set(Array.from(script.matchAll(/^:(\S+)$/gm), ([, label]) => label));
      for (const [, label] of script.matchAll(/^goto ([\w.-]+)$/gm)) expect(labels).toContain(label);
    }),
  );
});

it('nests menus without recursion', () => {
  const text = `${'MENU BEGIN\n'.repeat(3000)}LABEL a\nKERNEL k\n`;
  expect(toGrub(parse(text)).lost.some(({ message }) => message.includes('too deep'))).toBe(true);
  expect(toIpxe(parse(text)).text).toContain(':boot-a\n');
});
