export { createFtpServer, type FtpServer, type FtpServerOptions, type FtpTransfer } from './server.js';
export type { FtpEntry, FtpFile, FtpFolder, FtpTree } from './tree.js';
