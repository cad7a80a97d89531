import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** The folder with outside kickstart vectors; `PXEKIT_VECTORS` names another one than `../shared/vectors` beside the checkout. */
export const folder = resolve(process.env.PXEKIT_VECTORS ?? resolve(import.meta.dirname, '../../../../shared/vectors'), 'kickstart');

export interface OracleRow {
  file: string;
  version: string;
  ok: boolean;
  line: number | null;
  kind: string | null;
  warnings: { line: number; kind: string }[];
}

export interface MutationRow extends Omit<OracleRow, 'file'> {
  base: string;
  input: string;
}

export interface CaseRow {
  suite: 'command' | 'file' | 'fact';
  version: string;
  input: string;
  expect: string;
  exc?: string;
  line?: number | null;
  nth?: number;
  command: string;
  option: string;
  type?: string;
  /** Errors that were printed rather than raised. */
  errorsCount?: number;
  opts?: { unknownSectionIsFatal: boolean; followIncludes: boolean };
}

export interface MatrixRow {
  input: string;
  results?: { v: string; ok: boolean }[];
}

export interface TokenRow {
  in: string;
  argv?: string[];
  error?: string;
  argvNoComments?: string[];
  errorNoComments?: string;
}

/** The rows of a file, or `undefined` when the folder does not have it. */
export function rows<T>(name: string): T[] | undefined {
  const path = resolve(folder, name);
  if (!existsSync(path)) return undefined;
  const text = gunzipSync(readFileSync(path)).toString();
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T);
}

/** The real files, by name. Python reads them with universal line ends off, as text in UTF-8. */
export function corpus(): Map<string, string> {
  const path = resolve(folder, 'corpus');
  if (!existsSync(path)) return new Map();
  return new Map(readdirSync(path).map((name) => [name, readFileSync(resolve(path, name), 'utf8')]));
}
