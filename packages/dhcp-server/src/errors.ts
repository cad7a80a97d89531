import type { DhcpServerCode } from './codes.js';

/** What this package throws. Test `code`; the text is for people. */
export class DhcpServerError extends Error {
  readonly code: DhcpServerCode;

  constructor(code: DhcpServerCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'DhcpServerError';
    this.code = code;
  }
}

export function configError(field: string, problem: string): DhcpServerError {
  return new DhcpServerError('DHCP_SERVER_CONFIG', `${field}: ${problem}`);
}
