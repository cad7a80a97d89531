import { networkInterfaces } from 'node:os';
import type { Config } from './config/schema.js';
import { ServerError } from './errors.js';
import { prefixOfMask } from './ipv4.js';

/** An IPv4 address of this machine. */
export interface LocalAddress {
  interface: string;
  address: string;
  prefix: number;
}

export function localAddresses(): LocalAddress[] {
  return Object.entries(networkInterfaces()).flatMap(([name, addresses]) =>
    (addresses ?? [])
      .filter(({ family }) => family === 'IPv4')
      .map(({ address, netmask }) => ({ interface: name, address, prefix: prefixOfMask(netmask) ?? 32 })),
  );
}

/**
 * The server's own address as `10.77.0.1/24`: the configured one (its prefix taken from the interface that has it), else the
 * first of the named interface, else the only one outside loopback.
 *
 * @throws {ServerError} `SERVER_ADDRESS` when there is none, or the choice is not ours.
 */
export function ownAddress(config: Pick<Config, 'address' | 'interface'>, local = localAddresses()): string {
  const fail = (message: string, hint: string) => new ServerError(message, { code: 'SERVER_ADDRESS', hint });
  if (config.address !== undefined) {
    if (config.address.includes('/')) return config.address;
    const known = local.find(({ address }) => address === config.address);
    return known ? `${known.address}/${known.prefix}` : `${config.address}/32`;
  }
  if (config.interface !== undefined) {
    const found = local.find((each) => each.interface === config.interface);
    if (found) return `${found.address}/${found.prefix}`;
    const names = [...new Set(local.map((each) => each.interface))].join(', ');
    throw fail(
      `Interface "${config.interface}" does not exist or has no IPv4 address`,
      `Interfaces with an address: ${names}. Set \`interface\` to one, or \`address\`.`,
    );
  }
  const outside = local.filter(({ address }) => !address.startsWith('127.'));
  const [only] = outside;
  if (only && outside.length === 1) return `${only.address}/${only.prefix}`;
  const choice = outside.map((each) => `${each.interface} (${each.address})`).join(', ');
  throw outside.length === 0
    ? fail('This machine has no IPv4 address outside loopback', 'Give an interface an address, or set `address`.')
    : fail('This machine has several addresses', `Set \`interface\` to one of ${choice}.`);
}
