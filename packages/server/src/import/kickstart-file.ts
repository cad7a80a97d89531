import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import { splitPath } from '../paths.js';

/**
 * The file behind a URL of the old web server, when the configuration has that server's address and an alias for the path.
 * Files that a template engine would read otherwise than they stand (`{{`, `{%`) are left where they are.
 */
export function kickstartFile(configText: string, url: string): string | undefined {
  const config = (parseDocument(configText).toJS() ?? {}) as { address?: string; http?: { aliases?: Record<string, string> } };
  const match = /^http:\/\/([\d.]+)(?::\d+)?(\/[^?#]+)$/.exec(url);
  if (!match || match[1] !== config.address?.replace(/\/.*/, '')) return undefined;
  const path = match[2] as string;
  for (const [prefix, folder] of Object.entries(config.http?.aliases ?? {})) {
    const base = prefix.replace(/\/+$/, '');
    if (!path.startsWith(`${base}/`)) continue;
    try {
      const file = join(folder, ...splitPath(path.slice(base.length)));
      return /\{\{|\{%/.test(readFileSync(file, 'utf8')) ? undefined : file;
    } catch {
      return undefined;
    }
  }
  return undefined;
}
