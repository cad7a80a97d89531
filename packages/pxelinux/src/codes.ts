import { LINT_CODES } from './lint/codes.js';

/** Every code this package gives, with its meaning: the source of `docs/errors.md`. */
export const CODES = { ...LINT_CODES } as const;
