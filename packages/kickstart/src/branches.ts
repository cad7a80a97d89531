import type { Document } from './tree.js';

/**
 * Whether a statement of a template (`{% else %}`, `<% end %>`, `#if`) stands between two places: then they may be branches of which only
 * one comes out, so the two lines need not contradict each other.
 */
export function mayExclude(document: Document, from: number, to: number): boolean {
  if (document.templates.length === 0) return false;
  const places = statementsOf(document);
  let low = 0;
  let high = places.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((places[middle] as number) <= from) low = middle + 1;
    else high = middle;
  }
  return (places[low] ?? to) < to;
}

const statements = new WeakMap<Document, readonly number[]>();

function statementsOf(document: Document): readonly number[] {
  let found = statements.get(document);
  if (found === undefined) {
    found = findStatements(document);
    statements.set(document, found);
  }
  return found;
}

function findStatements({ templates, children, source: { text } }: Document): number[] {
  const found = templates.filter(({ start }) => /^(?:\{%|<%(?![=#]))/.test(text.slice(start, start + 3))).map(({ start }) => start);
  if (!templates.some(({ kind }) => kind === 'cheetah')) return found;
  for (const node of children) if (node.type === 'comment' && /^\s*#\s*(?:if|else|elif|end)\b/.test(node.raw)) found.push(node.start);
  return found.sort((a, b) => a - b);
}
