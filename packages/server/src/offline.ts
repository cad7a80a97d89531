import { existsSync } from 'node:fs';
import { join, resolve as resolvePath } from 'node:path';
import { ownAddress } from './address.js';
import type { LoadedConfig } from './config/load.js';
import { nameOf } from './core.js';
import { type MachineRecord, MachineStore } from './machines.js';
import { type Decide, resolve } from './resolve.js';
import { prepareSite, type Site } from './site.js';

/** The site of a configuration without a running server. Where the server's address cannot be told it stands as 0.0.0.0. */
export function localSite({ config, folder }: LoadedConfig): Site {
  let address = '0.0.0.0/32';
  try {
    address = ownAddress(config);
  } catch {}
  const { http } = config;
  const url = http === false ? undefined : `http://${address.replace(/\/.*/, '')}${http.port === 80 ? '' : `:${http.port}`}`;
  return prepareSite(config, { folder, address, httpUrl: url });
}

/** The site and its resolver, at the present time. */
export function localDecider(loaded: LoadedConfig, now: () => number = Date.now): { site: Site; decide: Decide } {
  const site = localSite(loaded);
  return { site, decide: (client, stage) => resolve(site, client, stage, { now: now() }) };
}

/** Where the machine states of a configuration lie. */
export function machinesFile({ config, folder }: Pick<LoadedConfig, 'config' | 'folder'>): string {
  return join(resolvePath(folder, config.state), 'machines.db');
}

/** The machine states; `undefined` when there are none yet, unless `create` is set. */
export function openMachines(loaded: LoadedConfig, { create = false }: { create?: boolean } = {}): MachineStore | undefined {
  const file = machinesFile(loaded);
  return create || existsSync(file) ? new MachineStore(file) : undefined;
}

/** A machine as lists show it. */
export interface MachineSummary extends Partial<Omit<MachineRecord, 'state'>> {
  name: string;
  mac: string;
  state: MachineRecord['state'] | 'new';
  profile: string | undefined;
}

/** The machines of the configuration, and those that were seen beside them. Secrets are left out. */
export function machinesOf(site: Site, machines: MachineStore): MachineSummary[] {
  const seen = new Map(machines.all().map((record) => [record.mac, record]));
  const summary = (mac: string): MachineSummary => {
    const { token, ...record } = seen.get(mac) ?? { token: undefined };
    const machine = site.machinesByMac.get(mac)?.machine;
    return {
      address: machine?.address,
      ...record,
      name: nameOf(site, mac),
      mac,
      state: seen.get(mac)?.state ?? 'new',
      profile: seen.get(mac)?.profile ?? machine?.profile,
    };
  };
  const configured = [...site.machinesByMac.keys()];
  return [...configured, ...[...seen.keys()].filter((mac) => !site.machinesByMac.has(mac))].map(summary);
}
