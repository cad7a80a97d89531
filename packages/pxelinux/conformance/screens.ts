import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type MenuScreenModel, renderMenu, type ScreenJson } from '@pxekit/pxelinux';

/** Screens that we draw otherwise, by `case/file`, each with its reason. */
export const SKIP: Readonly<Record<string, string>> = {};

export interface ScreenCase {
  /** `case/file`. */
  name: string;
  expected: ScreenJson;
  model: MenuScreenModel;
}

/** The `*.screen.json` files under a folder of cases, each with the model beside it. */
export function screenCases(folder: string): ScreenCase[] {
  const cases: ScreenCase[] = [];
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (!entry.isDirectory()) continue;
    const expected = join(folder, entry.name, 'expected');
    for (const file of readdirSync(expected).filter((name) => name.endsWith('.screen.json'))) {
      const read = (name: string) => JSON.parse(readFileSync(join(expected, name), 'utf8'));
      cases.push({
        name: `${entry.name}/${file.replace('.screen.json', '')}`,
        expected: read(file),
        model: read(file.replace('.screen.json', '.menu.json')),
      });
    }
  }
  return cases;
}

/** Rows that differ, in text or attributes, as `row: ours | theirs`. */
export function compareScreen({ expected, model }: ScreenCase): string[] {
  const ours = renderMenu(model, { rows: expected.rows, columns: expected.cols }).toJSON();
  const differences: string[] = [];
  for (let row = 0; row < expected.rows; row++) {
    for (const part of ['lines', 'attrs'] as const) {
      const mine = JSON.stringify(ours[part][row]);
      const theirs = JSON.stringify(expected[part][row]);
      if (mine !== theirs) differences.push(`${row}: ${mine} | ${theirs}`);
    }
  }
  return differences;
}
