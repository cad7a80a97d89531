import type { BootClient, Client } from '@pxekit/pxelinux';
import type { Command } from 'commander';
import { addClientOptions, type ClientFlags, clientOf } from './client.js';

/** The flags that describe a client and what DHCP told it. */
export interface BootFlags extends ClientFlags, Omit<BootClient, keyof Client> {}

export function addBootOptions(command: Command): Command {
  return addClientOptions(command)
    .option('--boot-file <name>', 'boot file name that DHCP gave')
    .option('--config-file <name>', 'DHCP option 209')
    .option('--path-prefix <prefix>', 'DHCP option 210')
    .option('--arch <name>', 'U-Boot: $arch')
    .option('--soc <name>', 'U-Boot: $soc')
    .option('--board <name>', 'U-Boot: $board');
}

export function bootClientOf(flags: BootFlags): BootClient {
  const client: BootClient = clientOf(flags);
  for (const name of ['bootFile', 'configFile', 'pathPrefix', 'arch', 'soc', 'board'] as const) {
    const value = flags[name];
    if (value !== undefined) client[name] = value;
  }
  return client;
}
