import { type LabelBlock, lastOf, type Outline, type Statement } from '../outline.js';

/** The global APPEND that reaches a label: the last one before it. A label's own APPEND replaces it. */
export function inheritedAppend(outline: Outline, label: LabelBlock): Statement | undefined {
  return outline.statements.findLast(
    ({ name, label: own, node }) => name === 'APPEND' && own === undefined && node.offset < label.statement.node.offset,
  );
}

/** The APPEND that counts for a label. */
export function effectiveAppend(outline: Outline, label: LabelBlock): Statement | undefined {
  return lastOf(label, 'APPEND') ?? inheritedAppend(outline, label);
}
