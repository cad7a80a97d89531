import { readFileSync } from 'node:fs';
import { LINT_CODES, type LintOptions, lint, parse, RULES } from '@pxekit/pxelinux';
import { describe, expect, it, vi } from 'vitest';

const page = readFileSync(new URL('../../../docs/pxelinux.md', import.meta.url), 'utf8');
const LOADERS = { core: 'core', menu: 'menu.c32', uboot: 'U-Boot' };

describe('docs/pxelinux.md', () => {
  it('lists every rule as it is, in order', () => {
    const rows = page.match(/^\| \[`.*$/gm) ?? [];
    const expected = RULES.map(({ code, severity, engines }) => {
      const name = code.slice('pxelinux/'.length);
      return `| [\`${name}\`](#${name}) | ${severity} | ${engines.map((engine) => LOADERS[engine]).join(', ')} | ${LINT_CODES[code]} |`;
    });
    expect(rows).toEqual(expected);
  });

  it('explains every rule', () => {
    const headings = Array.from(page.matchAll(/^#### (.*)$/gm), ([, name]) => `pxelinux/${name}`);
    expect(headings).toEqual(RULES.map(({ code }) => code));
  });

  const examples = page.split(/^#### /m).flatMap((section) => {
    const found = /^```pxelinux(.*)\n([^`]*)^```$/m.exec(section);
    return found ? [[section.split('\n', 1)[0], found[1], found[2]]] : [];
  });
  it.each(examples.map(([name = '', flags = '', text = '']) => [name, flags.trim(), text] as const))(
    'shows what %s finds',
    (name, flags, text) => {
      const file = /^file=(.*)$/.exec(flags)?.[1];
      const options: LintOptions = {
        ...(flags === 'tree' && { tree: { has: () => false } }),
        ...(flags === 'uboot' && { engines: ['uboot'] }),
        ...(file !== undefined && { file }),
      };
      expect(lint(parse(text), options).map(({ code }) => code)).toContain(`pxelinux/${name}`);
    },
  );

  it('has examples for nearly all', () => {
    expect(examples.length).toBeGreaterThan(RULES.length - 7);
  });

  it('shows the example that is run here', async () => {
    const block = /```ts\n([^`]*)```/.exec(page)?.[1];
    expect(block).toBe(readFileSync(new URL('../examples/edit.ts', import.meta.url), 'utf8'));
    const log = vi.spyOn(console, 'log').mockReturnValue(undefined);
    await import('../examples/edit.js');
    const printed = log.mock.calls.flat().join('\n');
    log.mockRestore();
    expect(printed).toBe(
      'default local\nlabel linux\n  kernel vmlinuz\n  append initrd=initrd.img inst.ks=http://192.0.2.1/a.ks\nlabel local\n  localboot -1\n',
    );
  });
});
