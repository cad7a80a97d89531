import { readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';

/** Interfaces seldom change; requests come by the thousand. */
const KNOWN_FOR = 10_000;

let known = new Map<string, number>();
let knownUntil = Number.NEGATIVE_INFINITY;

/** The MTU of the interface that has this address, in bytes. Known on Linux only. */
export function interfaceMtu(address: string): number | undefined {
  const now = performance.now();
  if (now > knownUntil) {
    known = process.platform === 'linux' ? look() : new Map();
    knownUntil = now + KNOWN_FOR;
  }
  return known.get(address);
}

function look(): Map<string, number> {
  const found = new Map<string, number>();
  for (const [name, addresses] of Object.entries(networkInterfaces())) {
    try {
      const mtu = Number(readFileSync(`/sys/class/net/${name.replace(/:.*$/, '')}/mtu`, 'latin1'));
      for (const { address, family } of addresses ?? []) {
        if (mtu > 0) found.set(family === 'IPv6' && address.startsWith('fe80:') ? `${address}%${name}` : address, mtu);
      }
    } catch {
      // Gone meanwhile, or /sys is not mounted.
    }
  }
  return found;
}
