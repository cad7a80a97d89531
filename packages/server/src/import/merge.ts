import { type Document, isMap, parseDocument, type YAMLMap } from 'yaml';
import type { ConfigInput } from '../config/schema.js';

/**
 * The text of a `pxekit.yaml` with an imported part added. Values that stand there already are kept, lists are appended to,
 * comments survive.
 */
export function mergeConfig(text: string, part: ConfigInput): string {
  const document = parseDocument(text);
  if (!isMap(document.contents)) document.contents = document.createNode({}) as unknown as typeof document.contents;
  mergeInto(document, document.contents as unknown as YAMLMap, part as Record<string, unknown>);
  return document.toString({ lineWidth: 0 });
}

function mergeInto(document: Document, map: YAMLMap, part: Record<string, unknown>): void {
  for (const [key, value] of Object.entries(part)) {
    if (value === undefined) continue;
    const present = map.get(key);
    if (present === undefined) map.set(document.createNode(key), document.createNode(value));
    else if (isMap(present) && isPlainObject(value)) mergeInto(document, present as YAMLMap, value);
    else if (Array.isArray(value)) appendNew(document, map, key, value);
  }
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Adds list items that are not there yet; an item is the same when it names the same thing. */
function appendNew(document: Document, map: YAMLMap, key: string, items: readonly unknown[]): void {
  const list = map.get(key) as { toJSON(): unknown[]; add(node: unknown): void };
  const identity = (item: unknown) => JSON.stringify(isPlainObject(item) ? (item.subnet ?? item.name ?? item) : item);
  const present = new Set(list.toJSON().map(identity));
  for (const item of items) if (!present.has(identity(item))) list.add(document.createNode(item));
}
