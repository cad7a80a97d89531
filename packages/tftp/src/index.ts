export { CODES, type TftpErrorCode } from './codes.js';
export { TftpError } from './error.js';
export type * from './types.js';
