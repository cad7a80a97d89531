import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { cliPages } from '../cli-pages.js';
import { configPage } from '../config-page.js';

const folder = new URL('../cli/', import.meta.url);

it('has a page for every subcommand, equal to its help text', async () => {
  const pages = await cliPages();
  expect(readdirSync(folder).sort()).toEqual([...pages.keys()].sort());
  for (const [name, text] of pages)
    expect(readFileSync(new URL(name, folder), 'utf8'), `docs/cli/${name}: run \`pnpm docs:cli\``).toBe(text);
});

it('shows an example for every command that does something', async () => {
  for (const [name, text] of await cliPages()) {
    if (name !== 'README.md') expect(text, name).toMatch(/Examples?:/);
  }
});

it('names every key of the configuration, with its meaning', async () => {
  const page = readFileSync(new URL('../configuration.md', import.meta.url), 'utf8');
  expect(page, 'run `pnpm docs:cli`').toBe(configPage());
  expect(page).not.toMatch(/\| {2}\|$/m);
});
