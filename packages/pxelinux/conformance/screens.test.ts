import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { compareScreen, SKIP, screenCases } from './screens.js';

const vectors = process.env.PXEKIT_VECTORS ?? fileURLToPath(new URL('../../../../shared/vectors', import.meta.url));
const folder = join(vectors, 'pxelinux');

if (!existsSync(folder)) {
  it.skip(`no screens at ${folder}; set PXEKIT_VECTORS to the folder that holds pxelinux/`, () => {});
} else {
  const cases = screenCases(folder);

  it('draws the screens of the real menu.c32', () => {
    const differing = cases.filter(({ name }) => !(name in SKIP)).map((one) => ({ name: one.name, rows: compareScreen(one) }));
    const wrong = differing.filter(({ rows }) => rows.length > 0);
    console.log(`screens: ${cases.length - wrong.length} of ${cases.length} equal, ${Object.keys(SKIP).length} in the skip table`);
    expect(wrong).toEqual([]);
  });

  it('has no skip for a screen that is equal', () => {
    for (const one of cases) if (one.name in SKIP) expect(compareScreen(one), one.name).not.toEqual([]);
  });
}
