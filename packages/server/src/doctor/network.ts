import { localAddresses, ownAddress } from '../address.js';
import type { LoadedConfig } from '../config/load.js';
import { contains, parseIpv4, parsePool } from '../ipv4.js';
import { openMachines } from '../offline.js';
import type { Site } from '../site.js';
import { type DoctorItem, fail, ok } from './item.js';
import { readText } from './system-text.js';

/** The network card, its link, and whether clients reach the boot server. */
export function* checkNetwork({ config }: LoadedConfig, site: Site): Generator<DoctorItem> {
  try {
    const own = ownAddress(config);
    const address = own.replace(/\/.*/, '');
    const card = localAddresses().find((each) => each.address === address);
    if (!card) {
      yield fail(
        'network/card',
        `no network card has the address ${address}`,
        'Correct `address`, or give a card that address: `ip address add`.',
      );
      return;
    }
    yield ok('network/card', `${card.interface} has ${own}`);
    const state = readText(`/sys/class/net/${card.interface}/carrier`);
    if (state === '0')
      yield fail('network/link', `${card.interface} has no link`, 'Plug in the cable, or bring the port of the switch up.');
    for (const { config: subnet, network: net } of site.subnets) {
      const boot = parseIpv4(subnet.nextServer ?? address);
      if (boot !== undefined && !contains(net, boot) && subnet.routers.length === 0) {
        yield fail(
          'network/next-server',
          `clients of ${subnet.subnet} cannot reach the boot server ${subnet.nextServer ?? address}`,
          'Add `routers` to the subnet, or correct `nextServer`.',
        );
      } else yield ok('network/next-server', `clients of ${subnet.subnet} load from ${subnet.nextServer ?? address}`);
    }
  } catch (error) {
    yield fail('network/card', (error as Error).message, (error as { hint?: string }).hint ?? 'Set `interface` or `address`.');
  }
}

/** How many addresses the pools have, and how many machines are known. */
export function* checkAddresses(loaded: LoadedConfig, site: Site): Generator<DoctorItem> {
  const machines = openMachines(loaded);
  const seen = new Set((machines?.all() ?? []).map(({ address }) => address));
  machines?.close();
  for (const { config, network: net } of site.subnets) {
    const size = config.pools.reduce((sum, text) => {
      const range = parsePool(text);
      return sum + (range ? range.last - range.first + 1 : 0);
    }, 0);
    const used = [...seen].filter((address) => address !== undefined && contains(net, parseIpv4(address) ?? 0)).length;
    const id = `addresses/${config.subnet}`;
    if (size === 0 && site.config.machines.every(({ address }) => address === undefined))
      yield fail(id, `${config.subnet} has no pool and no machine has an address`, 'Add `pools` to the subnet.');
    else if (size > 0 && used >= size)
      yield fail(id, `all ${size} addresses of ${config.subnet} have been given out`, 'Make the pool larger, or shorten `leaseTime`.');
    else yield ok(id, `${config.subnet}: ${size} addresses in pools, ${used} machines seen`);
  }
}
