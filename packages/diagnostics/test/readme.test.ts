import { readFileSync } from 'node:fs';
import { applyEdits, formatCodeFrame, Source } from '@pxekit/diagnostics';
import { expect, it } from 'vitest';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

it('the example of the README prints what it says', () => {
  const code = /```ts\nimport .*\n\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';
  const printed: string[] = [];
  const run = new Function('applyEdits', 'formatCodeFrame', 'Source', 'console', code.replace(': Diagnostic =', ' ='));
  run(applyEdits, formatCodeFrame, Source, { log: (text: string) => printed.push(text) });
  expect(`${printed.join('\n')}\n`).toBe(/```text\n([\s\S]*?)```/.exec(readme)?.[1]);
});
