import { applyEdits } from '@pxekit/diagnostics';
import { CODES, lint, parse, RULES } from '@pxekit/kickstart';
import { describe, expect, test } from 'vitest';
import { rulesPage } from './rules-page.js';

describe('every rule', () => {
  test.each(RULES.map((rule) => [rule.code, rule] as const))('%s finds the fault of its example', (code, { example, severity }) => {
    const found = lint(parse(example), { preset: 'strict' }).filter((diagnostic) => diagnostic.code === code);
    expect(found.length).toBeGreaterThan(0);
    expect(found[0]?.severity).toBe(severity);
  });

  test.each(RULES.map((rule) => [rule.code, rule] as const))('%s is silent once its fix is applied', (code, { example }) => {
    const fixes = lint(parse(example), { preset: 'strict' }).filter((diagnostic) => diagnostic.code === code && diagnostic.fix);
    for (const { fix } of fixes) {
      const after = applyEdits(example, fix?.edits ?? []);
      expect(lint(parse(after), { preset: 'strict' }).filter((diagnostic) => diagnostic.code === code)).toHaveLength(0);
    }
  });

  test('stands in the table of codes with its summary', () => {
    for (const { code } of RULES) expect(CODES).toHaveProperty([code]);
    for (const { code, summary } of RULES) {
      if (code !== 'ks/missing-end' && code !== 'ks/duplicate-definition') expect(CODES[code as keyof typeof CODES]).toBe(summary);
    }
  });

  test('has a code of its own', () => {
    expect(new Set(RULES.map(({ code }) => code)).size).toBe(RULES.length);
  });
});

test('docs/kickstart-rules.md says what the rules say', async () => {
  await expect(rulesPage()).toMatchFileSnapshot('../../../../docs/kickstart-rules.md');
});
