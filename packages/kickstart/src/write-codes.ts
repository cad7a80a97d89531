/** What cannot be written, with its meaning in one line. */
export const WRITE_CODES = {
  KS_UNWRITABLE_VALUE: 'A kickstart value cannot hold a line end.',
  KS_UNWRITABLE_NAME: 'This cannot be the name of a command, option, section or package.',
  KS_UNWRITABLE_SCRIPT: 'A line of the script would end its section.',
  KS_BAD_JSON: 'This is not the JSON form of a kickstart file.',
  KS_WRONG_NODE: 'The node cannot be edited this way.',
} as const;

export type KickstartWriteErrorCode = keyof typeof WRITE_CODES;
