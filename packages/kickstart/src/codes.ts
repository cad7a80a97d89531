import { CHECK_CODES } from './check/codes.js';
import { LINT_CODES } from './lint/codes.js';
import { WRITE_CODES } from './write-codes.js';

/** Every code of this package with its meaning in one line. `docs/errors.md` is made from it. */
export const CODES = {
  ...CHECK_CODES,
  ...LINT_CODES,
  ...WRITE_CODES,
  'ks/include-not-found': 'An included file is not there.',
  'ks/include-cycle': 'A file includes itself, directly or through others.',
  'ks/include-limit': 'Too many files are included.',
  'ks/include-of-template': 'The path of an include is filled in by a template.',
  'ks/unread-kernel-argument': 'The installer of the release does not read this kernel argument.',
  'ks/old-kernel-argument': 'The kernel argument has a newer name.',
  'ks/missing-kernel-argument-value': 'The kernel argument needs a value.',
} as const;
