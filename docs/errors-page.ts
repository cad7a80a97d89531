import { readdir } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';

const packages = new URL('../packages/', import.meta.url);

/** The text of `errors.md`, made from the `CODES` table of every package (`src/codes.ts`). */
export async function errorsPage(): Promise<string> {
  const parts = [
    '# Errors and diagnostics',
    '',
    'Every error and diagnostic has a stable code. Test the code, never the message and never `instanceof`.',
    '`UPPER_CASE` codes are errors that are thrown, logged or counted; `package/kebab-case` codes are findings in a text, and the names of the rules that make them.',
    '',
    'This page is made from the code tables of the packages: `pnpm docs:errors`.',
  ];
  for (const name of (await readdir(packages)).sort()) {
    const codes = await codesOf(name);
    if (!codes) continue;
    parts.push('', `## ${name === 'cli' ? 'pxekit' : `@pxekit/${name}`}`, '', '| code | meaning |', '|---|---|');
    for (const [code, meaning] of Object.entries(codes).sort()) parts.push(`| \`${code}\` | ${meaning.replaceAll('|', '\\|')} |`);
  }
  return `${parts.join('\n')}\n`;
}

async function codesOf(name: string): Promise<Record<string, string> | undefined> {
  try {
    return (await import(pathToFileURL(new URL(`${name}/src/codes.ts`, packages).pathname).href)).CODES;
  } catch (error) {
    if (['ERR_MODULE_NOT_FOUND', 'ERR_LOAD_URL'].includes((error as { code: string }).code)) return undefined;
    throw error;
  }
}
