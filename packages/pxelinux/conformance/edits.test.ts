import { join } from 'node:path';
import { expect, it } from 'vitest';
import { editCases, redo } from './edits.js';
import { vectorFolders } from './vectors.js';

const folder = vectorFolders().find((one) => one.endsWith('pxelinux'));

if (folder === undefined) {
  it.skip(`no edited files: set PXEKIT_VECTORS to a folder that holds ${join('pxelinux', 'case', 'case.json')}`, () => {});
} else {
  it('edits kernel arguments to the byte as other programs do', () => {
    const cases = editCases(folder);
    const wrong = cases.filter((one) => !Buffer.from(redo(one)).equals(one.after)).map(({ name }) => name);
    console.log(`edits: ${cases.length - wrong.length} of ${cases.length} equal`);
    expect(wrong).toEqual([]);
  });
}
