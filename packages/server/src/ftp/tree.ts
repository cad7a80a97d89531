/** A file that is sent as it stands on the disk. */
export interface FtpFile {
  kind: 'file';
  /** Where it stands on the disk. */
  path: string;
  size: number;
  modified: Date;
}

export interface FtpFolder {
  kind: 'folder';
  modified: Date;
  entries(): FtpEntry[];
}

export interface FtpEntry {
  name: string;
  isFolder: boolean;
  size: number;
  modified: Date;
}

/** What is served: looks up an absolute path with `/` between its parts and no `.` or `..` in it. */
export interface FtpTree {
  find(path: string): FtpFile | FtpFolder | undefined;
}
