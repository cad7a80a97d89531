import type { CODES } from './codes.js';

/** Replaces the text between two offsets (`end` exclusive) by `newText`. An empty stretch inserts. */
export interface TextEdit {
  start: number;
  end: number;
  newText: string;
}

/** Thrown by {@link applyEdits}; `code` is `EDIT_OVERLAP` or `EDIT_OUT_OF_RANGE`. */
export class EditError extends Error {
  override readonly name = 'EditError';
  readonly code: keyof typeof CODES;
  readonly edit: TextEdit;

  constructor(message: string, { code, edit }: { code: EditError['code']; edit: TextEdit }) {
    super(message);
    this.code = code;
    this.edit = edit;
  }
}

function inOrder(edits: readonly TextEdit[]): TextEdit[] {
  return edits
    .map((edit, index) => ({ edit, index }))
    .sort((a, b) => a.edit.start - b.edit.start || a.edit.end - b.edit.end || a.index - b.index)
    .map(({ edit }) => edit);
}

/**
 * The text after all edits. Offsets are those of the text as given; insertions at one place keep their order.
 *
 * @throws {EditError} when two edits overlap or one lies outside the text.
 */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  const parts: string[] = [];
  let at = 0;
  for (const edit of inOrder(edits)) {
    if (!(edit.start >= 0 && edit.start <= edit.end && edit.end <= text.length)) {
      throw new EditError(`Edit ${edit.start}-${edit.end} lies outside the text of length ${text.length}`, {
        code: 'EDIT_OUT_OF_RANGE',
        edit,
      });
    }
    if (edit.start < at) {
      throw new EditError(`Edit ${edit.start}-${edit.end} overlaps the one that ends at ${at}`, { code: 'EDIT_OVERLAP', edit });
    }
    parts.push(text.slice(at, edit.start), edit.newText);
    at = edit.end;
  }
  parts.push(text.slice(at));
  return parts.join('');
}

/** Index of the first edit that ends at an offset or behind it, among edits in order that do not overlap. */
function firstEndingFrom(edits: readonly TextEdit[], offset: number): number {
  let low = 0;
  let high = edits.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((edits[middle] as TextEdit).end < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Whether an edit overlaps one of `edits`, or is an insertion at the place of another. */
function clashes(edits: readonly TextEdit[], { start, end }: TextEdit): boolean {
  for (let at = firstEndingFrom(edits, start); at < edits.length; at++) {
    const other = edits[at] as TextEdit;
    if (other.start > end) return false;
    if ((start < other.end && other.start < end) || (start === other.start && end === other.end)) return true;
  }
  return false;
}

/** As many of the edit groups as fit together, first come first served; a group is taken whole or not at all. */
export function selectCompatible(groups: readonly (readonly TextEdit[])[]): TextEdit[] {
  const taken: TextEdit[] = [];
  const inPlace: TextEdit[] = [];
  for (const group of groups) {
    if (group.some((edit) => clashes(inPlace, edit))) continue;
    taken.push(...group);
    for (const edit of group) {
      let at = firstEndingFrom(inPlace, edit.start);
      while (at < inPlace.length && (inPlace[at] as TextEdit).start < edit.end) at++;
      inPlace.splice(at, 0, edit);
    }
  }
  return taken;
}
