export { importDhcpd } from './dhcpd.js';
export { importHttpd } from './httpd.js';
export { kickstartFile } from './kickstart-file.js';
export { mergeConfig } from './merge.js';
export { importPxelinux, type PxelinuxImportOptions } from './pxelinux.js';
export type { ImportedStatement, ImportProblem, ImportResult, Verdict } from './report.js';
export { importXinetd } from './xinetd.js';
