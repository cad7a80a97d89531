/** Every code that the commands give beside those of the packages, with its meaning: the source of `docs/errors.md`. */
export const CODES = {
  CLI_UNKNOWN_PROFILE: 'No profile of this name is in the configuration.',
} as const;
