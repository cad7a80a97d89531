import type { DhcpCode } from './codes.js';

/** Something wrong with a message that was read all the same. */
export interface Issue {
  code: DhcpCode;
  /** One sentence for people. */
  message: string;
  /** Byte offset in the datagram, from 0. */
  offset: number;
}

/** The only error this package throws. Test `code`. */
export class DhcpError extends Error {
  override readonly name = 'DhcpError';
  readonly code: DhcpCode;
  /** Byte offset in the datagram, for errors of reading. */
  readonly offset: number | undefined;

  constructor(code: DhcpCode, message: string, offset?: number) {
    super(message);
    this.code = code;
    this.offset = offset;
  }
}
