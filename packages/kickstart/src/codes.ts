import { CHECK_CODES } from './check/codes.js';
import { LINT_CODES } from './lint/codes.js';

/** Every code of this package with its meaning in one line. `docs/errors.md` is made from it. */
export const CODES = {
  ...CHECK_CODES,
  ...LINT_CODES,
} as const;
