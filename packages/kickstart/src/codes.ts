import { CHECK_CODES } from './check/codes.js';

/** Every code of this package with its meaning in one line. `docs/errors.md` is made from it. */
export const CODES = {
  ...CHECK_CODES,
} as const;
