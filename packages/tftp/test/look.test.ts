import { mkdtemp, open, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fastestLook, lookByNode, same } from '../src/packets/look.js';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pxekit-look-'));
});

afterAll(() => rm(folder, { recursive: true }));

const changes: Record<string, (path: string) => Promise<void>> = {
  'more bytes': (path) => writeFile(path, 'more bytes'),
  'other bytes of the same number': (path) => writeFile(path, 'SOME'),
  'another file in its place': async (path) => {
    await writeFile(`${path}.new`, 'some');
    await rename(`${path}.new`, path);
  },
  'another time': (path) => utimes(path, 1000, 1000),
};

describe.each([
  ['of Node', async () => lookByNode],
  ['that costs least here', fastestLook],
])('the look %s', (_, make) => {
  it.each(Object.keys(changes))('sees %s', async (name) => {
    const look = await make();
    const path = join(folder, 'f');
    await writeFile(path, 'some');
    const before = look(path)!;
    expect(same(before, look(path)!)).toBe(true);
    // Times of files are as coarse as the system's clock tick.
    await new Promise((resolve) => setTimeout(resolve, 20));
    await changes[name]!(path);
    expect(same(before, look(path)!)).toBe(false);
  });

  it('tells the size, takes any name, and sees nothing where nothing is', async () => {
    const look = await make();
    const path = join(folder, 'größe 🥾');
    await writeFile(path, new Uint8Array(12_345));
    expect(look(path)!.size).toBe(12_345);
    expect(look(`${path}/x`)).toBeUndefined();
    expect(look(join(folder, 'missing'))).toBeUndefined();
    if (process.platform !== 'linux') return;
    const handle = await open(path);
    expect(same(look(path)!, look(`/proc/self/fd/${handle.fd}`)!)).toBe(true);
    await handle.close();
  });
});
