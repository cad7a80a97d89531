import { readFileSync } from 'node:fs';
import { expect, it, onTestFinished, vi } from 'vitest';
import { folderOf } from './site-of.js';

it('runs the example of the README', async () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const example = readFileSync(new URL('./readme/serve-one-machine.ts', import.meta.url), 'utf8');
  expect(/```ts\n([\s\S]*?)```/.exec(readme)?.[1]).toBe(example);
  vi.stubEnv('BOOT_FOLDER', folderOf({ vmlinuz: 'kernel', 'initrd.img': 'initrd' }));
  const printed: string[] = [];
  const log = vi.spyOn(console, 'log').mockImplementation((...words) => void printed.push(words.join(' ').trim()));
  onTestFinished(() => {
    log.mockRestore();
    vi.unstubAllEnvs();
  });
  await import('./readme/serve-one-machine.js');
  expect(printed).toEqual(['server.start', 'server.ready', 'install', 'server.stop']);
});
