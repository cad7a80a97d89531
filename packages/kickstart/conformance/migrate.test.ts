import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { check, type Document, migrate, parse, type Release } from '@pxekit/kickstart';
import { describe, expect, test } from 'vitest';

/** Moves every file that the old release accepts to the new one, and counts what is left. Any folder of kickstart files will do. */
const folder = join(process.env.PXEKIT_VECTORS ?? join(import.meta.dirname, '../../../../shared/vectors'), 'kickstart/corpus');

const ROUTES: readonly [Release, Release][] = [
  ['RHEL5', 'RHEL6'],
  ['RHEL6', 'RHEL7'],
  ['RHEL6', 'RHEL9'],
  ['RHEL7', 'RHEL8'],
  ['RHEL7', 'RHEL9'],
  ['RHEL8', 'RHEL9'],
  ['RHEL9', 'RHEL10'],
  ['RHEL7', 'RHEL10'],
  ['F21', 'F40'],
  ['F40', 'F45'],
];

const isAccepted = (document: Document, release: Release) =>
  !check(document, { release, strictness: 'pykickstart' }).some(({ severity }) => severity === 'error');

if (!existsSync(folder)) console.log(`migrate: skipped, there are no kickstart files in ${folder}`);

describe.skipIf(!existsSync(folder))('migrate', () => {
  const documents = () =>
    readdirSync(folder).map((name) => parse(new TextDecoder().decode(readFileSync(join(folder, name))), { name, templates: 'none' }));

  test('makes every accepted file acceptable to a newer release, or says why not', { timeout: 120_000 }, () => {
    const table: Record<string, Record<string, number>> = {};
    const unexplained: string[] = [];
    const all = documents();
    for (const [from, to] of ROUTES) {
      const row = { accepted: 0, 'as they are': 0, 'after safe': 0, 'after review': 0, manual: 0, unexplained: 0, steps: 0 };
      for (const document of all) {
        if (!isAccepted(document, from)) continue;
        row.accepted++;
        const { steps, apply } = migrate(document, from, to);
        row.steps += steps.length;
        const { name } = document.source;
        if (isAccepted(document, to)) row['as they are']++;
        else if (isAccepted(parse(apply(['safe']), { name, templates: 'none' }), to)) row['after safe']++;
        else if (isAccepted(parse(apply(), { name, templates: 'none' }), to)) row['after review']++;
        else if (steps.some(({ level, reason }) => level === 'manual' && reason !== '')) row.manual++;
        else {
          row.unexplained++;
          unexplained.push(`${name} ${from} to ${to}`);
        }
      }
      table[`${from} to ${to}`] = row;
    }
    console.table(table);
    expect(unexplained).toEqual([]);
  });

  test('does not make a good file bad, and finds nothing more to do the second time', { timeout: 120_000 }, () => {
    for (const document of documents()) {
      for (const [from, to] of ROUTES.slice(4, 7)) {
        if (!isAccepted(document, from)) continue;
        const once = migrate(document, from, to);
        const text = once.apply();
        const after = parse(text, { name: document.source.name, templates: 'none' });
        if (isAccepted(document, to)) expect(isAccepted(after, to), document.source.name).toBe(true);
        const again = migrate(after, from, to).steps.filter(({ level }) => level !== 'manual');
        expect(again, `${document.source.name} ${from} to ${to}`).toEqual([]);
      }
    }
  });
});
