import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as diagnostics from '@pxekit/diagnostics';
import * as kickstart from '@pxekit/kickstart';
import { describe, expect, test } from 'vitest';

const page = readFileSync(join(import.meta.dirname, '../../../docs/kickstart.md'), 'utf8');
const examples = [...page.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code = '']) => code);

const show = (value: unknown) => (Array.isArray(value) ? `[ ${value.map((item) => `'${item}'`).join(', ')} ]` : String(value));

describe('docs/kickstart.md', () => {
  test.each(examples.map((code) => [/^const .*|^for .*/m.exec(code)?.[0] ?? code, code]))('prints what it says: %s', (_title, code) => {
    const expected = [...code.matchAll(/^\/\/ ?(.*)$/gm)].map(([, line]) => line).join('\n');
    const printed: string[] = [];
    const body = code.replace(/^import (\{.*\}) from '@pxekit\/(\w+)';$/gm, 'const $1 = $2;');
    const run = new Function('kickstart', 'diagnostics', 'console', body);
    run(kickstart, diagnostics, { log: (...values: unknown[]) => void printed.push(values.map(show).join(' ')) });
    expect(printed.join('\n').trimEnd()).toBe(expected);
  });
});
