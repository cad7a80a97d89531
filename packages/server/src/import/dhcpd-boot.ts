import { parseIpv4 } from '../ipv4.js';
import type { Draft, Scope } from './dhcpd-draft.js';
import type { DhcpdStatement } from './dhcpd-parse.js';
import type { Outcome } from './report.js';

/** Where the boot files are, as a statement or as option 66 says it. */
export function nextServer(draft: Draft, statement: DhcpdStatement, value: string | undefined, scope: Scope): Outcome {
  if (value === undefined || parseIpv4(value) === undefined) {
    return draft.invalid(statement, `"${value ?? ''}" is no IPv4 address; names are not looked up`);
  }
  (scope.machine ?? scope.subnet ?? scope.defaults).nextServer = value;
  return ['kept', 'the address of the boot server; this server names itself unless `nextServer` says otherwise'];
}

/** The boot program, as a statement or as option 67 says it. */
export function bootFile(value: string, scope: Scope): Outcome {
  const base = value.slice(value.lastIndexOf('/') + 1).toLowerCase();
  const chosen = /^(l?pxelinux|gpxelinux)\.0$|^(bootx64|grubx64|shimx64|syslinux|ipxe|snponly)\.efi$|^(undionly)\.kpxe$/.test(base);
  if (chosen) {
    const note = 'one file does not fit BIOS and UEFI clients: the boot program is chosen by architecture';
    return ['changed', note];
  }
  (scope.machine ?? scope.subnet ?? scope.defaults).bootFile = value;
  return ['kept', 'bootFile'];
}
