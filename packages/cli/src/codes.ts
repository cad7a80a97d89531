/** Every code that the commands give beside those of the packages, with its meaning: the source of `docs/errors.md`. */
export const CODES = {
  CLI_CLIENT_FILE: 'The file that should describe a client is no JSON object.',
  CLI_OUTSIDE_ROOT: 'A configuration does not lie in the folder the loader reads from.',
  CLI_UNKNOWN_PROFILE: 'No profile of this name is in the configuration.',
} as const;
