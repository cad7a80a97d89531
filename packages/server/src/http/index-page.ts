import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => ESCAPES[character] as string);
}

export interface IndexEntry {
  name: string;
  isFolder: boolean;
  size: number;
  modified: Date;
}

/** The entries of a folder, folders first, each by name. Links that lead nowhere are left out. */
export function readIndex(folder: string): IndexEntry[] {
  const entries: IndexEntry[] = [];
  for (const name of readdirSync(folder)) {
    const stats = statSync(join(folder, name), { throwIfNoEntry: false });
    if (stats) entries.push({ name, isFolder: stats.isDirectory(), size: stats.size, modified: stats.mtime });
  }
  return entries.sort((a, b) => Number(b.isFolder) - Number(a.isFolder) || (a.name < b.name ? -1 : 1));
}

/** A folder as a page; `wget -r` and installers follow its links. */
export function indexPage(path: string, entries: readonly IndexEntry[]): string {
  const rows = entries.map(({ name, isFolder, size, modified }) => {
    const shown = escapeHtml(isFolder ? `${name}/` : name);
    const link = `${encodeURIComponent(name)}${isFolder ? '/' : ''}`;
    const when = modified.toISOString().slice(0, 16).replace('T', ' ');
    return `<tr><td><a href="${link}">${shown}</a></td><td>${when}</td><td>${isFolder ? '-' : size}</td></tr>`;
  });
  const title = `Index of ${escapeHtml(path)}`;
  const up = path === '/' ? '' : '<tr><td><a href="../">../</a></td><td></td><td>-</td></tr>\n';
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${title}</title></head>
<body><h1>${title}</h1><table><thead><tr><th>Name</th><th>Modified (UTC)</th><th>Bytes</th></tr></thead><tbody>
${up}${rows.join('\n')}
</tbody></table></body></html>
`;
}
