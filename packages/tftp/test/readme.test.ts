import { readFile, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it, vi } from 'vitest';

const file = fileURLToPath(new URL('./readme-example.ts', import.meta.url));

afterAll(() => rm(file, { force: true }));

describe('README.md', () => {
  it('has a first example that runs', async () => {
    const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
    await writeFile(file, /```ts\n(.*?)```/s.exec(readme)![1]!);
    const log = vi.spyOn(console, 'log').mockImplementation(() => {});
    await import(file);
    expect(log.mock.calls.flat()).toEqual(expect.arrayContaining(['You are 127.0.0.1\n']));
    log.mockRestore();
  });
});
