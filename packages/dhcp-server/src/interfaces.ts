import { execFileSync } from 'node:child_process';
import { networkInterfaces } from 'node:os';

export interface LocalInterface {
  name: string;
  /** IPv4 addresses. */
  addresses: string[];
}

/** The interfaces with IPv4 addresses, loopback aside. */
export function localInterfaces(): LocalInterface[] {
  const found = new Map<string, Set<string>>();
  const add = (name: string, address: string) => found.set(name, (found.get(name) ?? new Set()).add(address));
  for (const [name, entries] of Object.entries(networkInterfaces()))
    for (const each of entries ?? []) if (each.family === 'IPv4' && !each.internal) add(name, each.address);
  // Node leaves out interfaces without carrier: a bridge with no port up yet, a cable to a machine that is still off.
  for (const { ifname, addr_info } of fromIpCommand())
    for (const { family, local } of addr_info ?? [])
      if (family === 'inet' && local !== undefined && !local.startsWith('127.')) add(ifname, local);
  return [...found].map(([name, addresses]) => ({ name, addresses: [...addresses] }));
}

interface IpAddressEntry {
  ifname: string;
  addr_info?: { family?: string; local?: string }[];
}

function fromIpCommand(): IpAddressEntry[] {
  if (process.platform !== 'linux') return [];
  try {
    return JSON.parse(execFileSync('ip', ['-j', '-4', 'address', 'show', 'up'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
  } catch {
    return [];
  }
}
