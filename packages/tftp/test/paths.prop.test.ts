import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { normalizeName, Root } from '../src/paths.js';

const part = fc.constantFrom('a', 'b', '..', '.', '', 'C:', '%2e%2e', '\u00ff', '...', 'out', 'secret', '..\\..', 'a\0b', 'x'.repeat(300));
const name = fc.array(part, { maxLength: 8 }).chain((parts) => fc.constantFrom('/', '\\').map((separator) => parts.join(separator)));
const policy = fc.record(
  {
    dotdot: fc.constantFrom('refuse' as const, 'resolve' as const),
    symlinks: fc.constantFrom('inside' as const, 'never' as const),
    case: fc.constantFrom('exact' as const, 'fold' as const),
    backslash: fc.boolean(),
  },
  { requiredKeys: [] },
);

const folder = mkdtempSync(join(tmpdir(), 'pxekit-tftp-paths-'));
const root = join(folder, 'root');

beforeAll(async () => {
  await mkdir(join(root, 'a', 'b'), { recursive: true });
  await mkdir(`${root}-private`);
  for (const path of ['secret', `root-private${sep}secret`]) writeFileSync(join(folder, path), 'outside');
  for (const path of ['b', `a${sep}secret`]) writeFileSync(join(root, path), 'inside');
  symlinkSync('../..', join(root, 'a', 'out'));
  symlinkSync('../b', join(root, 'a', 'link'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('names', () => {
  it('become relative ones without a way up, or are refused', () => {
    fc.assert(
      fc.property(fc.oneof(name, fc.string({ unit: 'binary' })), policy, (filename, rules) => {
        let path: string;
        try {
          path = normalizeName(filename, rules);
        } catch (error) {
          expect((error as { code: string }).code).toMatch(/^TFTP_(NOT_FOUND|ACCESS_VIOLATION)$/);
          return;
        }
        expect(path.startsWith('/')).toBe(false);
        expect(path).not.toContain('\0');
        for (const each of path.split('/')) expect(['', '.', '..']).not.toContain(each);
      }),
      { numRuns: 2000 },
    );
  });

  it('never open a file outside the root', async () => {
    await fc.assert(
      fc.asyncProperty(name, policy, async (filename, rules) => {
        const sandbox = new Root(root, rules);
        const opened = await Promise.resolve()
          .then(() => sandbox.open(normalizeName(filename, rules)))
          .catch(() => undefined);
        if (!opened) return;
        expect(await readFile(opened.handle, 'utf8')).toBe('inside');
        await opened.handle.close();
      }),
      { numRuns: 500 },
    );
  });

  it('follow links inside the root only where the policy says so', async () => {
    const open = (path: string, symlinks: 'inside' | 'never') => new Root(root, { symlinks }).open(path);
    const { handle } = await open('a/link', 'inside');
    expect(await readFile(handle, 'utf8')).toBe('inside');
    await handle.close();
    await expect(open('a/link', 'never')).rejects.toMatchObject({ code: 'TFTP_ACCESS_VIOLATION' });
    await expect(open('a/out/secret', 'inside')).rejects.toMatchObject({ code: 'TFTP_ACCESS_VIOLATION' });
  });
});
