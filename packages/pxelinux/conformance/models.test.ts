import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import { check, readClient, readVectors, table, vectorFolders } from './vectors.js';

/** Files on which we differ from the real engine, each with its reason. */
const SKIP: Readonly<Record<string, string>> = {};

describe('models of the real engines', () => {
  const folders = vectorFolders();
  if (folders.length === 0) {
    it.skip('no vectors: set PXEKIT_VECTORS to a folder that holds pxelinux/ and pxelinux-micro/', () => {});
    console.log('pxelinux conformance skipped: no vectors under PXEKIT_VECTORS or ../shared/vectors');
    return;
  }
  it.each(folders.map((folder) => [basename(folder), folder]))('agree on every file of %s', (name, folder) => {
    const client = readClient(folder);
    const outcomes = readVectors(folder).map((vector) => check(vector, client));
    console.log(`${name}\n${table(outcomes)}`);
    for (const { vector } of outcomes) if (SKIP[vector.name]) console.log(`skipped ${vector.name}: ${SKIP[vector.name]}`);
    const wrong = outcomes.filter(
      ({ vector, differences, undefinedBehaviour }) => differences.length > 0 && !undefinedBehaviour && !(vector.name in SKIP),
    );
    expect(wrong.map(({ vector, differences }) => [vector.name, ...differences])).toEqual([]);
  });
});
