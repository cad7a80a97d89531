import { networkInterfaces } from 'node:os';

function scopes(): Map<string, number> {
  const found = new Map<string, number>();
  for (const [name, addresses] of Object.entries(networkInterfaces()))
    for (const address of addresses ?? []) if (address.family === 'IPv6' && address.scopeid > 0) found.set(name, address.scopeid);
  return found;
}

/** The scope of an address such as `fe80::1%eth0` (RFC 4007 section 11): the index of the interface, which may also stand there itself. */
export function scopeOf(address: string): number {
  const at = address.indexOf('%');
  if (at < 0) return 0;
  const zone = address.slice(at + 1);
  return /^\d+$/.test(zone) ? Number(zone) : (scopes().get(zone) ?? 0);
}

const names = new Map<number, string>();

/** `%` and the name of the interface, or its index where it has no name that the system tells. */
export function zoneOf(scope: number): string {
  if (scope === 0) return '';
  let name = names.get(scope);
  if (name === undefined) {
    for (const [each, index] of scopes()) names.set(index, each);
    name = names.get(scope) ?? String(scope);
  }
  return `%${name}`;
}
