import { ipv4FromNumber as formatIpv4, parseIpv4 } from '@pxekit/dhcp';

export { formatIpv4, parseIpv4 };

/** IPv4 addresses as unsigned 32-bit numbers: what pools, subnets and indexes count with. The public edge speaks dotted strings. */
export type Ipv4 = number;

export interface AddressRange {
  /** First address, inclusive. */
  first: Ipv4;
  /** Last address, inclusive. */
  last: Ipv4;
}

export function netmask(prefix: number): Ipv4 {
  return prefix === 0 ? 0 : (0xffffffff << (32 - prefix)) >>> 0;
}

/** `192.168.7.0/24`: the network address must have no host bits. */
export function parseCidr(text: string): { network: Ipv4; prefix: number } | undefined {
  const slash = text.indexOf('/');
  const address = parseIpv4(text.slice(0, slash));
  const length = text.slice(slash + 1);
  if (slash < 0 || address === undefined || !/^\d{1,2}$/.test(length)) return undefined;
  const prefix = Number(length);
  if (prefix > 32 || (address & ~netmask(prefix)) !== 0) return undefined;
  return { network: address, prefix };
}

/** `10.0.0.10-10.0.0.99`, `10.0.0.0/25` or one address. */
export function parseRange(text: string): AddressRange | undefined {
  const cidr = parseCidr(text);
  if (cidr !== undefined) return { first: cidr.network, last: (cidr.network | ~netmask(cidr.prefix)) >>> 0 };
  const dash = text.indexOf('-');
  const first = parseIpv4((dash < 0 ? text : text.slice(0, dash)).trim());
  const last = dash < 0 ? first : parseIpv4(text.slice(dash + 1).trim());
  if (first === undefined || last === undefined || last < first) return undefined;
  return { first, last };
}
