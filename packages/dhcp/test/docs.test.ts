// docs/dhcp.md holds tables made from the package. PXEKIT_WRITE_DOCS=1 writes them anew.
import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { optionsTable, subOptionsTable } from './options/table.js';

const page = new URL('../../../docs/dhcp.md', import.meta.url);

function withTable(text: string, name: string, table: string): string {
  const [start, end] = [`<!-- ${name} -->\n`, `\n<!-- /${name} -->`];
  const from = text.indexOf(start) + start.length;
  return `${text.slice(0, from)}\n${table}\n${text.slice(text.indexOf(end))}`;
}

test('the tables of the page are those of the package', () => {
  const text = readFileSync(page, 'utf8');
  const expected = withTable(withTable(text, 'options', optionsTable()), 'sub-options', subOptionsTable());
  if (process.env.PXEKIT_WRITE_DOCS) writeFileSync(page, expected);
  else expect(text).toBe(expected);
});
