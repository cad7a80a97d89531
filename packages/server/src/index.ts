export {
  createFtpServer,
  type FtpEntry,
  type FtpFile,
  type FtpFolder,
  type FtpServer,
  type FtpServerOptions,
  type FtpTransfer,
  type FtpTree,
} from './ftp/index.js';
