import { lint, type Preset, parse, RULES, type Rule } from '@pxekit/kickstart';

const PRESETS: readonly Exclude<Preset, 'strict'>[] = ['recommended', 'unattended', 'security'];

/** `docs/kickstart-rules.md`, made from the rules themselves. */
export function rulesPage(): string {
  return [
    '# Lint rules for kickstart files',
    '',
    '<!-- Made from packages/kickstart/src/lint/rules; "vitest -u" writes it anew. -->',
    '',
    'What `lint` and `pxekit ks lint` find beyond the verdict of a release. The preset `strict` holds all of them.',
    'A comment `# pxekit-disable-next-line CODE -- reason` silences a rule for one line.',
    '',
    '| Rule | Severity | Presets | Fix | What |',
    '| --- | --- | --- | --- | --- |',
    ...RULES.map(
      (rule) =>
        `| [${rule.code}](#${anchor(rule)}) | ${rule.severity} | ${presets(rule)} | ${hasFix(rule) ? 'yes' : ''} | ${rule.summary} |`,
    ),
    '',
    ...RULES.flatMap(chapter),
  ].join('\n');
}

const anchor = ({ code }: Rule) => code.replace('/', '');

const presets = (rule: Rule) => PRESETS.filter((preset) => rule.presets.includes(preset)).join(', ') || 'strict only';

function hasFix({ code, example }: Rule): boolean {
  return lint(parse(example), { preset: [], rules: { [code]: 'info' } }).some(({ fix }) => fix !== undefined);
}

function chapter(rule: Rule): string[] {
  const { code, severity, summary, docs, example } = rule;
  const visible = example
    .replace(/[\ufeff\u2028]/g, (char) => `<U+${char.charCodeAt(0).toString(16).toUpperCase()}>`)
    .replace(/\r/g, '<CR>');
  return [
    `## ${code}`,
    '',
    `${summary} (${severity}; ${presets(rule)})`,
    '',
    docs,
    '',
    '```',
    ...visible.replace(/\n$/, '').split('\n'),
    '```',
    '',
  ];
}
