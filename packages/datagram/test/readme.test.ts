import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';

test('the example of the README runs', async () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const example = /```ts\n([\s\S]*?)```/.exec(readme)![1]!;
  const folder = mkdtempSync(join(import.meta.dirname, '.readme-'));
  const log = vi.spyOn(console, 'log').mockImplementation(() => {});
  try {
    writeFileSync(join(folder, 'example.ts'), example);
    await import(join(folder, 'example.ts'));
    expect(log).toHaveBeenCalledWith(expect.stringMatching(/^UDP port \d+$/));
  } finally {
    log.mockRestore();
    rmSync(folder, { recursive: true });
  }
});
