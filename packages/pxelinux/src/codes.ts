import { LINT_CODES } from './lint/codes.js';

/** Every code this package gives, with its meaning: the source of `docs/errors.md`. */
export const CODES = {
  PXELINUX_INITRD: 'An initrd= that the loader would take apart otherwise than written.',
  PXELINUX_LABEL_EXISTS: 'There is a label of this name already.',
  PXELINUX_NO_LABEL: 'There is no label of this name.',
  PXELINUX_TOO_LONG: 'A line, or a kernel with its options, would be longer than the loader takes.',
  PXELINUX_UNWRITABLE: 'The loader would read something else than what was to be written.',
  ...LINT_CODES,
} as const;
