import type { TftpErrorCode } from './codes.js';
import { ERROR_CODES } from './packet.js';

const WIRE: Partial<Record<TftpErrorCode, number>> = {
  TFTP_NOT_FOUND: ERROR_CODES.notFound,
  TFTP_ACCESS_VIOLATION: ERROR_CODES.accessViolation,
  TFTP_DISK_FULL: ERROR_CODES.diskFull,
  TFTP_ILLEGAL_OPERATION: ERROR_CODES.illegalOperation,
  TFTP_UNKNOWN_TID: ERROR_CODES.unknownTid,
  TFTP_FILE_EXISTS: ERROR_CODES.fileExists,
  TFTP_NO_SUCH_USER: ERROR_CODES.noSuchUser,
  TFTP_OPTION_REFUSED: ERROR_CODES.optionRefused,
};

const CODE_OF_WIRE: readonly TftpErrorCode[] = [
  'TFTP_FAILED',
  'TFTP_NOT_FOUND',
  'TFTP_ACCESS_VIOLATION',
  'TFTP_DISK_FULL',
  'TFTP_ILLEGAL_OPERATION',
  'TFTP_UNKNOWN_TID',
  'TFTP_FILE_EXISTS',
  'TFTP_NO_SUCH_USER',
  'TFTP_OPTION_REFUSED',
];

/** Errors of the system that mean something to the peer of a transfer. */
const CODE_OF_SYSTEM: Record<string, TftpErrorCode> = {
  ENOENT: 'TFTP_NOT_FOUND',
  ENOTDIR: 'TFTP_NOT_FOUND',
  ENAMETOOLONG: 'TFTP_NOT_FOUND',
  EISDIR: 'TFTP_ACCESS_VIOLATION',
  EACCES: 'TFTP_ACCESS_VIOLATION',
  EPERM: 'TFTP_ACCESS_VIOLATION',
  EROFS: 'TFTP_ACCESS_VIOLATION',
  ELOOP: 'TFTP_ACCESS_VIOLATION',
  EEXIST: 'TFTP_FILE_EXISTS',
  ENOSPC: 'TFTP_DISK_FULL',
  EDQUOT: 'TFTP_DISK_FULL',
  EFBIG: 'TFTP_DISK_FULL',
  EMFILE: 'TFTP_BUSY',
  ENFILE: 'TFTP_BUSY',
};

const DEFAULT_TEXT: Partial<Record<TftpErrorCode, string>> = {
  TFTP_NOT_FOUND: 'File not found',
  TFTP_ACCESS_VIOLATION: 'Access violation',
  TFTP_DISK_FULL: 'Disk full or allocation exceeded',
  TFTP_ILLEGAL_OPERATION: 'Illegal TFTP operation',
  TFTP_UNKNOWN_TID: 'Unknown transfer ID',
  TFTP_FILE_EXISTS: 'File already exists',
  TFTP_NO_SUCH_USER: 'No such user',
  TFTP_OPTION_REFUSED: 'Option negotiation failed',
  TFTP_FAILED: 'Transfer failed',
  TFTP_TIMEOUT: 'Timed out',
  TFTP_UNREACHABLE: 'Nobody listens there',
  TFTP_ABORTED: 'Transfer aborted',
  TFTP_FILE_CHANGED: 'File changed during the transfer',
  TFTP_SIZE_MISMATCH: 'Size is not the announced one',
  TFTP_BUSY: 'Server is busy',
};

/**
 * A failure of a transfer. A handler throws (or returns) one to choose the ERROR that the peer gets; every code that has
 * no number of its own in RFC 1350 goes out as ERROR 0. The message is sent to the peer: keep paths out of it.
 */
export class TftpError extends Error {
  override readonly name = 'TftpError';
  readonly code: TftpErrorCode;
  /** The number of the ERROR packet (RFC 1350 section 5, RFC 2347). */
  readonly wireCode: number;
  /** Whether the peer sent this error, rather than we found it. */
  readonly fromPeer: boolean;

  constructor(code: TftpErrorCode, message?: string, options: { cause?: unknown; fromPeer?: boolean; wireCode?: number } = {}) {
    super(message ?? DEFAULT_TEXT[code] ?? 'Transfer failed', options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.wireCode = options.wireCode ?? WIRE[code] ?? ERROR_CODES.undefined;
    this.fromPeer = options.fromPeer ?? false;
  }
}

/** The error that an ERROR packet of the peer stands for. */
export function errorFromPeer(wireCode: number, message: string): TftpError {
  const code = CODE_OF_WIRE[wireCode] ?? 'TFTP_FAILED';
  return new TftpError(code, message === '' ? undefined : message, { fromPeer: true, wireCode });
}

/** Any thrown value as a `TftpError` whose message gives nothing of the server away. */
export function toTftpError(error: unknown): TftpError {
  if (error instanceof TftpError) return error;
  const code = (error as { code?: unknown } | undefined)?.code;
  if (typeof code === 'string') {
    if (code in DEFAULT_TEXT) return new TftpError(code as TftpErrorCode, (error as Error).message, { cause: error });
    const known = CODE_OF_SYSTEM[code];
    if (known) return new TftpError(known, undefined, { cause: error });
  }
  return new TftpError('TFTP_FAILED', undefined, { cause: error });
}
