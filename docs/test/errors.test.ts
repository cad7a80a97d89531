import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { errorsPage } from '../errors-page.js';

it('errors.md lists exactly the codes of the packages (run `pnpm docs:errors`)', async () => {
  expect(await readFile(new URL('../errors.md', import.meta.url), 'utf8')).toBe(await errorsPage());
});
