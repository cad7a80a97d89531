import { readFile, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { createMemoryNetwork, createTftpServer, get, record, VirtualClock } from '@pxekit/tftp';
import { afterAll, describe, expect, it, vi } from 'vitest';

const file = fileURLToPath(new URL('./readme-example.ts', import.meta.url));
const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
const examples = [...readme.matchAll(/```ts\n(.*?)```/gs)].map(([, code]) => code!);

afterAll(() => rm(file, { force: true }));

describe('README.md', () => {
  it('has a first example that runs', async () => {
    await writeFile(file, examples[0]!);
    const log = vi.spyOn(console, 'log').mockImplementation(() => {});
    await import(file);
    expect(log.mock.calls.flat()).toEqual(expect.arrayContaining(['You are 127.0.0.1\n', 'whoami: complete, 18 bytes']));
    log.mockRestore();
  });

  it('has an example of a test that passes', async () => {
    const body = examples[1]!.replace(/^import .*\n/gm, '');
    const tests: (() => Promise<void>)[] = [];
    const collect = (_name: string, test: () => Promise<void>): void => void tests.push(test);
    const names = ['createMemoryNetwork', 'createTftpServer', 'get', 'record', 'VirtualClock', 'expect', 'it'];
    new Function(...names, body)(createMemoryNetwork, createTftpServer, get, record, VirtualClock, expect, collect);
    expect(tests).toHaveLength(1);
    await tests[0]!();
  });
});
