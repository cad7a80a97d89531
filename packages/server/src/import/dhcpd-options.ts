import { parseIpv4 } from '../ipv4.js';
import { bootFile, nextServer } from './dhcpd-boot.js';
import type { Draft, Scope } from './dhcpd-draft.js';
import type { DhcpdStatement } from './dhcpd-parse.js';
import type { Outcome } from './report.js';

/** Carries an `option` statement over, and says what became of it. */
export function option(draft: Draft, statement: DhcpdStatement, [name = '', ...values]: readonly string[], scope: Scope): Outcome {
  const target = scope.subnet ?? scope.defaults;
  const addresses = (key: 'routers' | 'dns' | 'ntp'): Outcome => {
    const wrong = values.find((value) => parseIpv4(value) === undefined);
    if (scope.machine) return ['unsupported', 'options of single machines are not carried over'];
    if (wrong !== undefined) return draft.invalid(statement, `"${wrong}" is no IPv4 address; names are not looked up`);
    target[key] = [...values];
    return ['kept', `dhcp.subnets.${key}`];
  };
  switch (name.toLowerCase()) {
    case 'routers':
      return addresses('routers');
    case 'domain-name-servers':
      return addresses('dns');
    case 'ntp-servers':
      return addresses('ntp');
    case 'domain-name':
      target.domain = values[0] ?? '';
      return ['kept', 'dhcp.subnets.domain'];
    case 'domain-search':
      target.domainSearch = [...values];
      return ['kept', 'dhcp.subnets.domainSearch'];
    case 'broadcast-address':
      if (parseIpv4(values[0] ?? '') === undefined) return draft.invalid(statement, 'expected an IPv4 address');
      target.broadcast = values[0] as string;
      return ['kept', 'dhcp.subnets.broadcast'];
    case 'subnet-mask':
      return ['not-needed', 'follows from the subnet'];
    case 'host-name':
      if (!scope.machine) return ['unsupported', 'one name for every machine is not carried over'];
      scope.machine.hostname = values[0] ?? '';
      return ['kept', 'machines.hostname'];
    case 'tftp-server-name':
      return nextServer(draft, statement, values[0], scope);
    case 'bootfile-name':
      return bootFile(values[0] ?? '', scope);
    case 'space':
    case 'arch':
    case 'architecture-type':
    case 'client-arch':
    case 'vendor-class-identifier':
    case 'vendor-encapsulated-options':
      return ['not-needed', 'PXE options are made by the server'];
    case 'time-offset':
      return ['not-needed', 'installers take the time zone from the kickstart'];
    default:
      if (/^(pxe(linux)?|ipxe|gpxe|arch)[.-]/i.test(name) || values.includes('code')) {
        return ['not-needed', 'PXE options are made by the server'];
      }
      return ['unsupported', `option ${name} is not carried over`];
  }
}
