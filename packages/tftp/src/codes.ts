/** Every code this package gives, with its meaning: the source of `docs/errors.md`. */
export const CODES = {
  TFTP_NOT_FOUND: 'The file does not exist (ERROR 1 on the wire).',
  TFTP_ACCESS_VIOLATION: 'The file may not be read or written (ERROR 2 on the wire).',
  TFTP_DISK_FULL: 'There is no room for an upload, or it is larger than allowed (ERROR 3 on the wire).',
  TFTP_ILLEGAL_OPERATION: 'The peer sent a packet that breaks the protocol (ERROR 4 on the wire).',
  TFTP_UNKNOWN_TID: 'A packet came from a port that takes no part in the transfer (ERROR 5 on the wire).',
  TFTP_FILE_EXISTS: 'The target of an upload exists and may not be replaced (ERROR 6 on the wire).',
  TFTP_NO_SUCH_USER: 'The peer does not know the user (ERROR 7 on the wire).',
  TFTP_OPTION_REFUSED: 'The option negotiation failed (ERROR 8 on the wire).',
  TFTP_FAILED: 'The transfer failed for a reason that has no number of its own (ERROR 0 on the wire).',
  TFTP_TIMEOUT: 'The peer stopped answering.',
  TFTP_UNREACHABLE: 'Nobody listens at the port of the server.',
  TFTP_ABORTED: 'The transfer was stopped by its caller, by the peer or because the server stops.',
  TFTP_FILE_CHANGED: 'The file changed while it was being sent.',
  TFTP_SIZE_MISMATCH: 'The number of bytes received is not the size that was announced.',
  TFTP_BUSY: 'A limit on transfers or requests was reached.',
  TFTP_BAD_PACKET: 'A packet cannot be encoded as asked.',
  TFTP_BAD_OPTION: 'A value in the options of a function of this package is out of range.',
  TFTP_BAD_URL: 'A TFTP address cannot be read.',
  TFTP_BAD_MAP: 'A line of a file name mapping cannot be read.',
  TFTP_RUNNING: 'The server is listening already, or was closed.',
} as const;

/** A code of this package. */
export type TftpErrorCode = keyof typeof CODES;
