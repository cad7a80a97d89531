import { candidates, simulateBoot } from '@pxekit/pxelinux';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const line = fc.constantFrom(
  ...'UI menu.c32,DEFAULT a,DEFAULT foo x,PROMPT 1,TIMEOUT 50,ONTIMEOUT b,ONERROR a,LABEL a,LABEL b,KERNEL k,KERNEL x.c32'.split(','),
  ...'CONFIG pxelinux.cfg/default,APPEND initrd=i,INITRD i,MENU BEGIN s,MENU END,MENU GOTO s,MENU EXIT,MENU HIDE,MENU DISABLE'.split(','),
  ...'LOCALBOOT -1,IMPLICIT 0,PATH m:n,INCLUDE pxelinux.cfg/default,MENU SHIFTKEY,COM32 menu,PXE p.0,IPAPPEND 3'.split(','),
);
const files = fc.dictionary(
  fc.constantFrom('k', 'i', 'menu.c32', 'm/menu.c32', 'libutil.c32', 'x.c32', 'p.0', 'foo', 'foo.c32'),
  fc.constant(''),
  { minKeys: 3 },
);
const client = fc.record(
  {
    mac: fc.constant('52:54:00:12:34:56'),
    ip: fc.ipV4(),
    uuid: fc.uuid(),
    bootFile: fc.string({ maxLength: 12 }),
    configFile: fc.constantFrom('x', '::x', 'http://h/x'),
    pathPrefix: fc.constantFrom('', '/', 'p/'),
  },
  { requiredKeys: [] },
);

describe('any client', () => {
  it('comes to an end, and boots only what is there', () => {
    fc.assert(
      fc.property(
        fc.array(line, { maxLength: 20 }),
        files,
        fc.constantFrom<('pxelinux' | 'uboot')[]>('pxelinux', 'uboot'),
        (lines, files, loader) => {
          const all: Record<string, string> = { ...files, 'pxelinux.cfg/default': `${lines.join('\n')}\n` };
          const tree = { has: (path: string) => Object.hasOwn(all, path), read: (path: string) => all[path] };
          const { requests, outcome } = simulateBoot({ mac: '52:54:00:12:34:56' }, tree, { loader });
          expect(requests.length).toBeGreaterThan(0);
          for (const { path, found } of requests) expect(found).toBe(tree.has(path));
          if (outcome.type === 'linux') for (const path of [outcome.kernel, ...outcome.initrds]) expect(tree.has(path)).toBe(true);
        },
      ),
    );
  });

  it('asks for each name once, and for a default last', () => {
    fc.assert(
      fc.property(client, fc.constantFrom<('pxelinux' | 'uboot' | 'petitboot')[]>('pxelinux', 'uboot', 'petitboot'), (client, loader) => {
        const found = candidates(client, { loader });
        const searched = found.filter(({ source }) => source !== 'option-209');
        expect(new Set(searched.map(({ path }) => path)).size).toBe(searched.length);
        expect(['default', 'option-209']).toContain(found.at(-1)?.source);
      }),
    );
  });
});
