import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Argument, type Document, getArguments, parse, removeArgument, serialize, setArgument } from '@pxekit/pxelinux';

/** A file that another program edited, and what it made of it. */
export interface EditCase {
  name: string;
  before: Uint8Array;
  after: Uint8Array;
}

/** The files of kind `edit-result` under a folder of cases; `x.result` is what became of `x`. */
export function editCases(folder: string): EditCase[] {
  return readdirSync(folder).flatMap((name) => {
    const description = join(folder, name, 'case.json');
    if (!existsSync(description)) return [];
    const { files } = JSON.parse(readFileSync(description, 'utf8')) as { files: { file: string; kind: string }[] };
    return files.flatMap(({ file, kind }) => {
      const original = join(folder, name, 'files', file.replace(/\.result$/, ''));
      if (kind !== 'edit-result' || !file.endsWith('.result') || !existsSync(original)) return [];
      return [{ name: `${name}/${file}`, before: readFileSync(original), after: readFileSync(join(folder, name, 'files', file)) }];
    });
  });
}

function labels(document: Document): string[] {
  return document.nodes.flatMap((node) => (node.type === 'directive' && node.keyword.toLowerCase() === 'label' ? [node.value] : []));
}

function valuesOf(words: readonly Argument[], name: string): (string | true)[] {
  return words.filter((word) => word.name === name).map(({ value }) => value ?? true);
}

/** Does to a file's kernel arguments, one by one, what the other program did. */
export function redo({ before, after }: EditCase): Uint8Array {
  let document = parse(before);
  const target = parse(after);
  for (const label of labels(target)) {
    const wanted = getArguments(target, label);
    const names = [...new Set([...getArguments(document, label), ...wanted].map(({ name }) => name))];
    const order = [...new Set(wanted.map(({ name }) => name))];
    for (const name of names) if (!order.includes(name)) document = removeArgument(document, label, name);
    const kept = [...new Set(getArguments(document, label).map(({ name }) => name))];
    const moved = order.slice(order.findIndex((name, i) => kept[i] !== name)).filter((name) => kept.includes(name));
    if (order.some((name, i) => kept[i] !== name)) for (const name of moved) document = removeArgument(document, label, name);
    for (const name of order) {
      const values = valuesOf(wanted, name);
      if (JSON.stringify(valuesOf(getArguments(document, label), name)) === JSON.stringify(values)) continue;
      document = setArgument(document, label, name, values.length === 1 ? (values[0] as string | true) : (values as string[]));
    }
  }
  return serialize(document);
}
