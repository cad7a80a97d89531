import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const names = readdirSync(import.meta.dirname).filter((name) => existsSync(`${import.meta.dirname}/${name}/bench.mjs`));

/** A smoke run: the programs that make the tables keep working. Timing is not looked at. */
describe('pnpm bench', () => {
  it.each(names)('%s prints a table', (name) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [`${import.meta.dirname}/${name}/bench.mjs`, '--quick'], {
      encoding: 'utf8',
      timeout: 240_000,
    });
    expect(stderr).not.toContain('Error');
    expect(status).toBe(0);
    expect(stdout).toMatch(/^\|.*\|$/m);
  });
});
