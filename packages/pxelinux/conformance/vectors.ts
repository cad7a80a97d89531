import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { type Client, type Engine, evaluate, type Loader, latin1FromBytes, modelToJson, parse, resolvePath } from '@pxekit/pxelinux';

/** One file of a case, with what one real engine made of it. */
export interface Vector {
  /** `case/file engine`, the name under which the skip table knows it. */
  name: string;
  engine: Engine;
  /** Folder the includes are looked for in. */
  root: string;
  file: string;
  loader: Loader;
  /** Path of the JSON the engine gave. */
  expected: string;
}

export interface Outcome {
  vector: Vector;
  /** Paths of the values that differ, at most ten; empty when all is equal. */
  differences: string[];
  /** The real engine's behaviour is undefined for this file, so its values say nothing. */
  undefinedBehaviour: boolean;
}

const SUFFIXES: readonly [Engine, string][] = [
  ['menu', 'menu'],
  ['core', 'core'],
  ['uboot', 'u-boot'],
];

/** The folders with vectors below `PXEKIT_VECTORS` (default: `../shared/vectors` beside the checkout) that are there. */
export function vectorFolders(): string[] {
  const base = process.env.PXEKIT_VECTORS ?? resolve(import.meta.dirname, '../../../../shared/vectors');
  return ['pxelinux', 'pxelinux-micro'].map((name) => join(base, name)).filter((folder) => existsSync(folder));
}

/** All vectors of a folder: cases with `files/` and `expected/`, or small ones with `input.cfg` beside its results. */
export function readVectors(folder: string): Vector[] {
  return readdirSync(folder).flatMap((name) => {
    const dir = join(folder, name);
    if (!statSync(dir).isDirectory()) return [];
    return existsSync(join(dir, 'input.cfg')) ? smallCase(name, dir) : largeCase(name, dir);
  });
}

function smallCase(name: string, dir: string): Vector[] {
  return SUFFIXES.flatMap(([engine, suffix]) => {
    const expected = join(dir, `${suffix}.json`);
    if (!existsSync(expected)) return [];
    return [{ name: `${name} ${engine}`, engine, root: dir, file: 'input.cfg', loader: 'pxelinux' as const, expected }];
  });
}

function largeCase(name: string, dir: string): Vector[] {
  const description = join(dir, 'case.json');
  if (!existsSync(description)) return [];
  const { flavour, files } = JSON.parse(readFileSync(description, 'utf8')) as { flavour: string; files: { file: string }[] };
  return files.flatMap(({ file }) =>
    SUFFIXES.flatMap(([engine, suffix]) => {
      const expected = join(dir, 'expected', `${file.replaceAll('/', '__')}.${suffix}.json`);
      if (!existsSync(expected)) return [];
      const loader: Loader = flavour === 'pxelinux' || file.startsWith('pxelinux.cfg/') ? 'pxelinux' : 'syslinux';
      return [{ name: `${name}/${file} ${engine}`, engine, root: join(dir, 'files'), file, loader, expected }];
    }),
  );
}

/** Evaluates a vector's file and compares. */
export function check(vector: Vector, client: Client): Outcome {
  const { root, file, engine, loader } = vector;
  const base = loader === 'pxelinux' ? '' : dirname(file);
  const model = evaluate(parse(readFileSync(join(root, file))), {
    engine,
    file: mainName(vector),
    client,
    include: (name) => {
      const path = resolvePath(name, { loader, base });
      const full = path === undefined ? undefined : join(root, path);
      return full !== undefined && existsSync(full) && statSync(full).isFile() ? readFileSync(full) : undefined;
    },
  });
  const expected = JSON.parse(latin1Json(vector.expected)) as { log?: string };
  return { vector, differences: diff(expected, modelToJson(model)), undefinedBehaviour: expected.log?.includes('UB:') ?? false };
}

/** The engines were given the main file as `::file` (PXELINUX), `/file` (others) or as it is (small cases). */
function mainName({ file, loader }: Vector): string {
  if (file === 'input.cfg') return file;
  return loader === 'pxelinux' ? `::${file}` : `/${file}`;
}

/** Bytes above 0x7f stand in the files as they are, or as `\u00xx`. */
function latin1Json(path: string): string {
  return latin1FromBytes(readFileSync(path));
}

export function readClient(folder: string): Client {
  return JSON.parse(readFileSync(join(folder, 'client.json'), 'utf8')) as Client;
}

function diff(expected: unknown, actual: unknown): string[] {
  const found: string[] = [];
  const walk = (path: string, a: unknown, b: unknown): void => {
    if (found.length >= 10) return;
    if (a !== null && b !== null && typeof a === 'object' && typeof b === 'object') {
      for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
        walk(`${path}.${key}`, (a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]);
      }
    } else if (a !== b) found.push(`${path.slice(1)}: expected ${JSON.stringify(a)}, got ${JSON.stringify(b)}`);
  };
  walk('', expected, actual);
  return found;
}

/** Agreement per engine as a table. */
export function table(outcomes: readonly Outcome[]): string {
  const rows = SUFFIXES.map(([engine]) => {
    const own = outcomes.filter(({ vector }) => vector.engine === engine);
    const undefinedOnes = own.filter(({ undefinedBehaviour }) => undefinedBehaviour).length;
    const equal = own.filter(({ differences, undefinedBehaviour }) => !undefinedBehaviour && differences.length === 0).length;
    return `${engine.padEnd(8)}${String(own.length).padStart(8)}${String(equal).padStart(8)}${String(own.length - equal - undefinedOnes).padStart(8)}${String(undefinedOnes).padStart(12)}`;
  });
  return ['engine     files   equal  differ   undefined', ...rows].join('\n');
}
