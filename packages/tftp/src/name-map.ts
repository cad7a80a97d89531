import { TftpError } from './error.js';
import type { TftpRequest } from './types.js';

/** Rules that rename what clients ask for. */
export interface NameMap {
  /** @throws TftpError when a rule refuses the name */
  apply(filename: string, request: Pick<TftpRequest, 'type' | 'peer'>): string;
}

export function parseNameMap(_text: string): NameMap {
  throw new TftpError('TFTP_BAD_MAP', 'Not there yet');
}
