import { applyEdits } from '@pxekit/diagnostics';
import {
  type Document,
  diagnose,
  format,
  fromJson,
  network,
  packages,
  parse,
  partitions,
  readOptions,
  serialize,
  toJson,
  users,
} from '@pxekit/kickstart';
import { describe, expect, test } from 'vitest';
import { corpus, folder } from './vectors.js';

/** The tools on real files: nothing lost, nothing changed in meaning, no fix that makes a file worse. */
const files = [...corpus()];

if (files.length === 0) console.log(`tools: skipped, there are no kickstart files in ${folder}`);

/** Commands with their options under their full names, spelling apart. */
function commands({ children }: Document): unknown[] {
  return children.flatMap((node) => {
    if (node.type !== 'command') return [];
    const { options, positionals } = readOptions(node);
    return [[node.name.value, options.map(({ spelling, value }) => [spelling, value]), positionals.map(({ value }) => value)]];
  });
}

/** Scripts and raw bodies, line ends apart. */
function bodies({ children }: Document): unknown[] {
  return children.flatMap((node) =>
    node.type === 'section' && node.kind !== 'packages'
      ? [
          [
            node.name,
            node.body.map((inner) => (inner.type === 'text' ? inner.raw.replaceAll('\r\n', '\n').replace(/\n$/, '') : inner.type)),
          ],
        ]
      : [],
  );
}

describe.skipIf(files.length === 0)('on real files', () => {
  test('format keeps the meaning and is stable', () => {
    for (const [name, text] of files) {
      const document = parse(text, { name });
      const formatted = format(document);
      const after = parse(formatted, { name });
      expect(format(after), name).toBe(formatted);
      expect(commands(after), name).toEqual(commands(document));
      expect(bodies(after), name).toEqual(bodies(document));
      expect(packages(after)?.packages, name).toEqual(packages(document)?.packages);
      expect(partitions(after).map(plain), name).toEqual(partitions(document).map(plain));
      expect(network(after).map(plain), name).toEqual(network(document).map(plain));
      expect(users(after).map(plain), name).toEqual(users(document).map(plain));
    }
  });

  test('the JSON form comes back with every byte', () => {
    for (const [name, text] of files) expect(serialize(fromJson(JSON.parse(JSON.stringify(toJson(parse(text, { name }))))))).toBe(text);
  });

  test('each fix settles its finding and brings no error', { timeout: 120_000 }, () => {
    const counts = new Map<string, number>();
    for (const [name, text] of files) {
      const before = diagnose(parse(text, { name }), { preset: 'strict', release: 'RHEL9' });
      for (const { code, fix, range } of before) {
        if (fix === undefined) continue;
        counts.set(code, (counts.get(code) ?? 0) + 1);
        const after = diagnose(parse(applyEdits(text, fix.edits), { name }), { preset: 'strict', release: 'RHEL9' });
        const left = (found: typeof before) => found.filter((other) => other.code === code).length;
        const errors = (found: typeof before) => found.filter(({ severity }) => severity === 'error').length;
        expect(left(after), `${name}:${range.start.line} ${code}`).toBeLessThan(left(before));
        expect(errors(after), `${name}:${range.start.line} ${code}`).toBeLessThanOrEqual(errors(before));
      }
    }
    console.log('fixes tried:', Object.fromEntries(counts));
  });
});

function plain({ command: _, ...rest }: { command: unknown }): object {
  return rest;
}
