import { normalizeMac, parseIpv4 } from '../ipv4.js';
import { bootFile, nextServer } from './dhcpd-boot.js';
import type { Draft, Scope } from './dhcpd-draft.js';
import { NOT_NEEDED, NOT_SUPPORTED } from './dhcpd-left-out.js';
import { option } from './dhcpd-options.js';
import type { DhcpdStatement } from './dhcpd-parse.js';
import type { Outcome } from './report.js';

/** Carries a statement without a block over, and says what became of it. */
export function readStatement(draft: Draft, statement: DhcpdStatement, scope: Scope): Outcome {
  const [keyword = '', ...values] = statement.words;
  const lower = keyword.toLowerCase();
  switch (lower) {
    case 'option':
      return option(draft, statement, values, scope);
    case 'range':
      return range(draft, statement, values, scope);
    case 'default-lease-time':
    case 'max-lease-time':
      return leaseTime(draft, statement, lower, values[0], scope);
    case 'authoritative':
      draft.dhcp.authoritative = true;
      return ['kept', 'dhcp.authoritative'];
    case 'next-server':
      return nextServer(draft, statement, values[0], scope);
    case 'filename':
      return bootFile(values[0] ?? '', scope);
    case 'hardware':
      return hardware(draft, statement, values, scope);
    case 'fixed-address':
      return fixedAddress(draft, statement, values, scope);
    case 'allow':
    case 'deny':
    case 'ignore':
      return permission(draft, lower, values);
    case 'not':
      draft.dhcp.authoritative = false;
      return ['kept', 'dhcp.authoritative: false'];
    default: {
      const reason = NOT_NEEDED.get(lower);
      return reason === undefined
        ? ['unsupported', NOT_SUPPORTED.get(lower) ?? 'this statement is not known here']
        : ['not-needed', reason];
    }
  }
}

function range(draft: Draft, statement: DhcpdStatement, values: readonly string[], { subnet }: Scope): Outcome {
  if (!subnet) return draft.invalid(statement, 'a range belongs into a subnet');
  const addresses = values.filter((value) => value !== 'dynamic-bootp');
  const [low = '', high = low] = addresses;
  if (parseIpv4(low) === undefined || parseIpv4(high) === undefined) return draft.invalid(statement, 'expected one or two IPv4 addresses');
  subnet.pools = [...(subnet.pools ?? []), `${low}-${high}`];
  const bootp = addresses.length < values.length;
  if (bootp) draft.dhcp.bootp = true;
  return ['kept', bootp ? 'dhcp.subnets.pools, and dhcp.bootp' : 'dhcp.subnets.pools'];
}

function leaseTime(draft: Draft, statement: DhcpdStatement, keyword: string, value: string | undefined, { subnet }: Scope): Outcome {
  const seconds = Number(value);
  if (!/^\d+$/.test(value ?? '')) return draft.invalid(statement, 'expected seconds');
  const key = keyword === 'max-lease-time' ? 'maxLeaseTime' : 'leaseTime';
  (subnet ?? draft.dhcp)[key] = seconds;
  return ['kept', `dhcp.${subnet ? 'subnets.' : ''}${key}`];
}

function hardware(draft: Draft, statement: DhcpdStatement, [type = '', address = '']: readonly string[], { machine }: Scope): Outcome {
  const mac = normalizeMac(address);
  if (!machine || mac === undefined) return draft.invalid(statement, 'expected "hardware ethernet ADDRESS" in a host');
  machine.mac = mac;
  return [type.toLowerCase() === 'ethernet' ? 'kept' : 'changed', 'machines.mac'];
}

function fixedAddress(draft: Draft, statement: DhcpdStatement, values: readonly string[], { machine }: Scope): Outcome {
  const [address = ''] = values;
  if (!machine || parseIpv4(address) === undefined)
    return draft.invalid(statement, `"${address}" is no IPv4 address; names are not looked up`);
  machine.address = address;
  return [values.length > 1 ? 'changed' : 'kept', 'machines.address'];
}

function permission(draft: Draft, keyword: string, values: readonly string[]): Outcome {
  const subject = values.join(' ').toLowerCase();
  switch (subject) {
    case 'booting':
      if (keyword === 'allow') return ['not-needed', 'machines may boot unless they are denied'];
      return ['unsupported', 'booting cannot be forbidden as a whole; leave the machine out or use `unknown`'];
    case 'bootp':
    case 'dynamic bootp clients':
      draft.dhcp.bootp = keyword === 'allow';
      return ['kept', 'dhcp.bootp'];
    case 'unknown-clients':
    case 'unknown clients':
      draft.config.unknown = keyword === 'allow' ? 'allow' : 'deny';
      return ['kept', 'unknown'];
    case 'client-updates':
      return ['not-needed', 'names are not registered in DNS by this server'];
    case 'duplicates':
    case 'declines':
      return ['not-needed', 'declined addresses rest for a while'];
    default:
      return ['unsupported', `"${subject}" is not known here`];
  }
}
