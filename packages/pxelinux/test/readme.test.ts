import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it, vi } from 'vitest';

const root = resolve(import.meta.dirname, '..');

it('shows the example that is run here', async () => {
  const readme = readFileSync(resolve(root, 'README.md'), 'utf8');
  const block = /```ts\n([\s\S]*?)```/.exec(readme)?.[1];
  expect(block).toBe(readFileSync(resolve(root, 'examples/evaluate.ts'), 'utf8'));
  const log = vi.spyOn(console, 'log').mockReturnValue(undefined);
  await import('../examples/evaluate.js');
  const printed = log.mock.calls.flat().join('\n');
  log.mockRestore();
  expect(readme).toContain(`It prints \`${printed}\`.`);
});
