import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

interface Metafile {
  inputs: Record<string, unknown>;
}

/** The folder of the package that a bundled file belongs to; `undefined` for files of our own. */
function packageFolder(file: string): string | undefined {
  return /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(resolve(file))?.[0];
}

async function licenseOf(folder: string): Promise<string> {
  const { name, version, license } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  const file = (await readdir(folder)).find((each) => /^licen[cs]e/i.test(each));
  const text = file === undefined ? '' : `\n${(await readFile(join(folder, file), 'utf8')).trim()}\n`;
  return `${name} ${version} (${license})\n${text}`;
}

/** Writes the licences of the packages in the bundle beside it, as they ask for. */
export async function writeLicenses(): Promise<void> {
  const metafile = 'dist/metafile-esm.json';
  const { inputs } = JSON.parse(await readFile(metafile, 'utf8')) as Metafile;
  const folders = new Set(Object.keys(inputs).flatMap((file) => packageFolder(file) ?? []));
  const licenses = await Promise.all([...folders].sort().map(licenseOf));
  await writeFile('dist/LICENSES.txt', licenses.join(`\n${'-'.repeat(72)}\n\n`));
  await rm(metafile);
}
