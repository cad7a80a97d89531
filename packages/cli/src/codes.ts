/** Every code that the commands give beside those of the packages, with its meaning: the source of `docs/errors.md`. */
export const CODES = {
  CLI_FILE_EXISTS: 'A file that would be written exists already.',
  CLI_INTERFACE: 'There is no such network card, or the choice is not ours.',
  CLI_UNKNOWN_PROFILE: 'No profile of this name is in the configuration.',
} as const;
