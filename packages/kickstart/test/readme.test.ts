import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import * as kickstart from '@pxekit/kickstart';
import { expect, it } from 'vitest';

it('does what the README shows', () => {
  const readme = readFileSync(resolve(import.meta.dirname, '../README.md'), 'utf8');
  const code = /```ts\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';
  const shown = /```text\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';
  const printed: string[] = [];
  const body = code.replace(/^import \{(.*)\} from '@pxekit\/kickstart';$/m, 'const {$1} = kickstart;');
  new Function('kickstart', 'console', body)(kickstart, { log: (line: unknown) => printed.push(String(line)) });
  expect(`${printed.join('\n')}\n`).toBe(shown);
});
