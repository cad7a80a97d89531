import type { BodyNode, Document, Node } from './tree.js';

/** The text of a tree or of one node, exactly as it was read. */
export function serialize(node: Document | Node | BodyNode): string {
  if (node.type === 'document') return node.children.map(serialize).join('');
  if (node.type !== 'section') return node.raw;
  return node.header.raw + node.body.map(serialize).join('') + (node.close?.raw ?? '');
}
