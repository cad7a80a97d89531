/** Every code this package gives, with its meaning: the source of `docs/errors.md`. */
export const CODES = {
  EDIT_OUT_OF_RANGE: 'A text edit lies outside the text it is applied to.',
  EDIT_OVERLAP: 'Two text edits touch the same stretch of text.',
} as const;
