import { type Document, diagnose, inRange, parse, RELEASES, releaseTable, serialize, tokenize } from '@pxekit/kickstart';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { SKIPS } from './skips.js';
import { type CaseRow, corpus, folder, type MatrixRow, type MutationRow, type OracleRow, rows, type TokenRow } from './vectors.js';
import { parsePlain, Tally, verdict } from './verdict.js';

/** What the vectors call our warnings. */
const WARNING_KINDS: Readonly<Record<string, string>> = {
  'ks/deprecated-command': 'deprecated-command',
  'ks/deprecated-option': 'deprecated-option',
  'ks/command-to-be-removed': 'future-deprecation',
  'ks/option-to-be-removed': 'future-deprecation',
  'ks/section-to-be-removed': 'future-deprecation',
  'ks/duplicate-definition': 'duplicate',
};

const tallies: Tally[] = [];

function tally(name: string): Tally {
  const made = new Tally(name);
  tallies.push(made);
  return made;
}

afterAll(() => {
  if (tallies.length === 0) return;
  const shown = Number(process.env.PXEKIT_DIFFERENCES ?? 10);
  console.log(['Agreement with pykickstart 3.74:', ...tallies.map((each) => each.row())].join('\n'));
  for (const { name, differences } of tallies) {
    for (const difference of differences.slice(0, shown)) console.log(`  ${name}: ${difference}`);
  }
});

/** Runs a test on the rows of a file; says so where there is no such file. */
function withRows<T>(title: string, file: string, run: (rows: T[]) => void): void {
  const found = rows<T>(file);
  if (found === undefined) it.skip(`${title}: no ${file} in ${folder}`, () => {});
  else it(title, { timeout: 120_000 }, () => run(found));
}

function skip(suite: string, row: Parameters<(typeof SKIPS)[number]['test']>[0], counts: Tally): boolean {
  const skipped = SKIPS.some((rule) => rule.suite === suite && rule.test(row));
  if (skipped) counts.skipped++;
  return skipped;
}

describe('pykickstart profile', () => {
  const files = corpus();

  withRows<OracleRow>('gives the verdict of the corpus oracle', 'oracle.jsonl.gz', (oracle) => {
    const counts = tally('corpus');
    const trees = new Map<string, Document>();
    for (const [name, text] of files) trees.set(name, parsePlain(text));
    for (const row of oracle) {
      const tree = trees.get(row.file);
      if (tree === undefined) counts.skipped++;
      else counts.add(`${row.file} ${row.version}`, row, verdict(tree, row.version));
    }
    expect(counts.agreement).toBeGreaterThanOrEqual(0.999);
    expect(counts.lineAgreement).toBeGreaterThanOrEqual(0.98);
  });

  withRows<OracleRow>('warns of the same lines of accepted files', 'oracle.jsonl.gz', (oracle) => {
    const counts = tally('warnings');
    for (const row of oracle) {
      const text = files.get(row.file);
      if (text === undefined || !row.ok) continue;
      const ours = verdict(parsePlain(text), row.version);
      const places = (warnings: { line: number; kind: string }[]) =>
        warnings
          .map(({ line, kind }) => `${line} ${kind}`)
          .sort()
          .join(', ');
      const mine = places(ours.warnings.map(({ line, code }) => ({ line, kind: WARNING_KINDS[code] ?? code })));
      const same = mine === places(row.warnings);
      counts.add(`${row.file} ${row.version}`, { ok: true }, { ...ours, ok: same, message: `${mine} instead of ${places(row.warnings)}` });
    }
    expect(counts.agreement).toBeGreaterThanOrEqual(0.99);
  });

  withRows<MutationRow>('gives the verdict on mutated files', 'oracle-mutations.jsonl.gz', (mutations) => {
    const counts = tally('mutations');
    for (const row of mutations) counts.add(`${row.base} ${row.version} ${row.kind}`, row, verdict(parsePlain(row.input), row.version));
    expect(counts.agreement).toBeGreaterThanOrEqual(0.99);
    expect(counts.lineAgreement).toBeGreaterThanOrEqual(0.98);
  });

  withRows<CaseRow>('gives the verdict of pykickstart’s own tests', 'pykickstart-cases.jsonl.gz', (cases) => {
    const counts = tally('cases');
    for (const row of cases) {
      const label = `${row.version} ${JSON.stringify(row.input ?? `${row.command} ${row.option} ${row.expect} ${row.type ?? ''}`)}`;
      if (row.suite === 'fact') {
        const spec = releaseTable(row.version).commands.get(row.command);
        const name = row.option.startsWith('-') ? row.option : `--${row.option}`;
        const option = spec?.options.get(name);
        const holds =
          row.expect === 'removed'
            ? option === undefined
            : row.expect === 'deprecated'
              ? option === undefined || option.deprecated
              : row.expect === 'required'
                ? option?.required === true
                : option?.type === row.type || spec?.positionals.find((positional) => positional.name === row.option)?.type === row.type;
        counts.add(`fact ${label}`, { ok: true }, { ok: holds, line: null, message: '', warnings: [] });
      } else if (!skip(row.suite, row, counts)) {
        counts.add(label, { ok: row.expect === 'ok', line: row.line ?? null }, verdict(parsePlain(row.input), row.version));
      }
    }
    expect(counts.agreement).toBeGreaterThanOrEqual(0.995);
  });

  withRows<MatrixRow>('gives the verdict of every line on every version', 'matrix.jsonl.gz', (matrix) => {
    const counts = tally('matrix');
    for (const row of matrix) {
      if (skip('matrix', row, counts)) continue;
      const tree = parsePlain(row.input);
      for (const { v, ok } of row.results ?? []) {
        const range = v.replaceAll(' ', ',');
        for (const release of RELEASES.filter((candidate) => inRange(range, candidate))) {
          counts.add(`${release} ${JSON.stringify(row.input)}`, { ok }, verdict(tree, release));
        }
      }
    }
    expect(counts.agreement).toBeGreaterThanOrEqual(0.995);
  });
});

describe('tokenizer', () => {
  withRows<TokenRow>('splits every line as shlex does', 'shlex-vectors.jsonl.gz', (vectors) => {
    const plain = (result: ReturnType<typeof tokenize>) => ('error' in result ? 'error' : result.argv);
    for (const row of vectors) {
      expect(plain(tokenize(row.in)), row.in).toEqual(row.argv ?? 'error');
      const noComments = row.argvNoComments ?? (row.errorNoComments === undefined ? row.argv : 'error');
      expect(plain(tokenize(row.in, { comments: false })), row.in).toEqual(noComments);
    }
  });
});

describe('round trip', () => {
  const files = corpus();

  it.skipIf(files.size === 0)('survives any damage to a real file', () => {
    const texts = [...files.values()];
    const damage = fc.array(
      fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(40), fc.string({ unit: 'binary', maxLength: 12 })),
      { maxLength: 6 },
    );
    fc.assert(
      fc.property(fc.nat(texts.length - 1), damage, fc.constantFrom(...RELEASES), (index, splices, release) => {
        let text = texts[index] as string;
        for (const [place, removed, added] of splices) {
          const at = Math.floor(place * text.length);
          text = text.slice(0, at) + added + text.slice(at + removed);
        }
        const document = parse(text);
        diagnose(document, { release });
        return serialize(document) === text;
      }),
      { numRuns: 400 },
    );
  });

  it.skipIf(files.size === 0)(`gives back every real file (${files.size} in ${folder})`, () => {
    for (const [name, text] of files) expect(serialize(parse(text)) === text, name).toBe(true);
  });
});
