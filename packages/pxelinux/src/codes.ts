/** Every code this package gives, with its meaning: the source of `docs/errors.md`. */
export const CODES = {} as const;
