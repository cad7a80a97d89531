import type { CODES } from './codes.js';

export type ServerErrorCode = Extract<keyof typeof CODES, `SERVER_${string}`>;

/** An error that a person can act on. `code` is stable; `hint` says what to do. */
export class ServerError extends Error {
  override readonly name: string = 'ServerError';
  readonly code: ServerErrorCode;
  readonly hint: string | undefined;

  constructor(message: string, { code, hint, cause }: { code: ServerErrorCode; hint?: string; cause?: unknown }) {
    super(message, { cause });
    this.code = code;
    this.hint = hint;
  }
}
