/** Every code that the commands give beside those of the packages, with its meaning: the source of `docs/errors.md`. */
export const CODES = {
  CLI_FILE_EXISTS: 'A file that would be written exists already.',
  CLI_INTERFACE: 'There is no such network card, or the choice is not ours.',
  CLI_CLIENT_FILE: 'The file that should describe a client is no JSON object.',
  CLI_OUTSIDE_ROOT: 'A configuration does not lie in the folder the loader reads from.',
  CLI_NO_FILES: 'An argument names no file.',
  CLI_INTERRUPTED: 'The command was interrupted; what was half done is gone.',
  CLI_NOT_UTF8: 'The file has bytes that are not UTF-8, so it cannot be written back.',
  CLI_UNKNOWN_PROFILE: 'No profile of this name is in the configuration.',
  CLI_USAGE: 'The command line is wrong.',
} as const;
