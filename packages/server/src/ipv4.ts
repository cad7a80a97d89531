const OCTET = /^(?:0|[1-9]\d{0,2})$/;

/** An IPv4 address as a number from 0 to 2^32-1; `undefined` for anything else than four decimal octets. */
export function parseIpv4(text: string): number | undefined {
  const parts = text.split('.');
  if (parts.length !== 4) return undefined;
  let value = 0;
  for (const part of parts) {
    if (!OCTET.test(part) || Number(part) > 255) return undefined;
    value = value * 256 + Number(part);
  }
  return value;
}

export function formatIpv4(value: number): string {
  return [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join('.');
}

/** An IPv4 network. All numbers are unsigned 32-bit. */
export interface Network {
  address: number;
  prefix: number;
  first: number;
  last: number;
  mask: number;
}

/** Reads `10.0.0.1/24`; `address` keeps the host part. */
export function parseNetwork(text: string): Network | undefined {
  const slash = text.indexOf('/');
  const address = parseIpv4(slash < 0 ? text : text.slice(0, slash));
  const bits = slash < 0 ? '32' : text.slice(slash + 1);
  if (address === undefined || !OCTET.test(bits) || Number(bits) > 32) return undefined;
  return network(address, Number(bits));
}

export function network(address: number, prefix: number): Network {
  const mask = prefix === 0 ? 0 : (0xffffffff << (32 - prefix)) >>> 0;
  const first = (address & mask) >>> 0;
  return { address, prefix, mask, first, last: (first | ~mask) >>> 0 };
}

export function contains({ first, last }: Pick<Network, 'first' | 'last'>, address: number): boolean {
  return address >= first && address <= last;
}

/** Prefix length of a netmask such as `255.255.255.0`; `undefined` when its bits are not contiguous. */
export function prefixOfMask(mask: string): number | undefined {
  const value = parseIpv4(mask);
  if (value === undefined) return undefined;
  const prefix = Math.clz32(~value >>> 0);
  return network(0xffffffff, prefix).first === value ? prefix : undefined;
}

/** Reads `10.0.0.100-10.0.0.200` or a single address. */
export function parsePool(text: string): { first: number; last: number } | undefined {
  const [from = '', to = from, ...rest] = text.split('-').map((part) => part.trim());
  const first = parseIpv4(from);
  const last = parseIpv4(to);
  return rest.length > 0 || first === undefined || last === undefined || last < first ? undefined : { first, last };
}

/** A hardware address in its usual form `52:54:00:12:34:56`, read from any of the usual spellings. */
export function normalizeMac(text: string): string | undefined {
  const digits = text.toLowerCase().replace(/[:.-]/g, '');
  return /^[0-9a-f]{12}$/.test(digits) ? (digits.match(/../g) as string[]).join(':') : undefined;
}
