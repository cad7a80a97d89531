import { evaluate, lint, parse } from '@pxekit/pxelinux';
import { findBootFile, resolve } from '@pxekit/server';
import { describe, expect, it } from 'vitest';
import { DEMO, siteOf } from './site-of.js';

const MAC = '52:54:00:12:34:56';

function menuOf(config: Parameters<typeof siteOf>[0] = DEMO, name = 'pxelinux.cfg/default') {
  const site = siteOf(config);
  const found = findBootFile(
    site,
    name,
    (mac) => (mac ? { mac } : undefined),
    (client, stage) => resolve(site, client, stage, { now: 0 }),
  );
  return found?.kind === 'generated' ? found.text : '';
}

describe('the PXELINUX menu', () => {
  const profiles = { web: { image: 'demo', title: 'Web ^server' }, db: { image: 'demo', arguments: 'quiet\n  splash ' } };

  it('is read by menu.c32 as it was described', () => {
    const text = menuOf({ ...DEMO, profiles, machines: [], menu: { title: 'Lab', timeout: '5s', default: 'db' } });
    const [, top] = evaluate(parse(text), { engine: 'menu' }).menus;
    expect(top).toMatchObject({ title: 'Lab', timeoutMs: 5000 });
    expect(top?.entries.map(({ display, cmdline }) => [display, cmdline])).toEqual([
      ['Web server', expect.stringMatching(/^images\/demo\/vmlinuz console=ttyS0 initrd=images\/demo\/initrd\.img/)],
      ['db', expect.stringMatching(/^images\/demo\/vmlinuz console=ttyS0 quiet splash initrd=/)],
      ['Boot from the local disk', '.localboot 0'],
    ]);
    expect(top?.entries[top?.default ?? -1]?.label).toBe('db');
    expect(lint(parse(text)).filter(({ severity }) => severity !== 'info')).toEqual([]);
  });

  it('starts the install of a machine at once', () => {
    const model = evaluate(parse(menuOf(DEMO, `pxelinux.cfg/01-${MAC.replaceAll(':', '-')}`)), { engine: 'core', client: { mac: MAC } });
    expect(model).toMatchObject({ defaultCmd: 'demo', prompt: 0 });
  });

  it('is refused where the loader would misread it', () => {
    const images = { demo: { ...DEMO.images?.demo, folder: 'images/demo', arguments: 'initrd=other.img' } };
    expect(() => menuOf({ ...DEMO, images, machines: [] })).toThrow(expect.objectContaining({ code: 'PXELINUX_INITRD' }));
  });
});
