import { contains, parseIpv4 } from '../ipv4.js';
import type { BootClient, Decision, TraceStep } from '../resolve.js';
import type { Site } from '../site.js';

/** The place of a machine in the configuration, or of one of its keys. */
export function machinePath(site: Site, { machine }: Decision, ...keys: string[]): TraceStep['path'] {
  const found = machine && site.machinesByName.get(machine.name);
  return found && ['machines', found.index, ...keys];
}

/** Which machine it is, and whether it is answered at all. */
export function resolveMachine(site: Site, client: BootClient): Decision {
  const { config } = site;
  const found = client.mac === undefined ? undefined : site.machinesByMac.get(client.mac);
  const decision: Decision = {
    stage: 'machine',
    machine: found?.machine,
    name: found?.machine.name ?? client.mac?.replaceAll(':', '-') ?? client.address ?? 'unknown',
    trace: [],
  };
  const step = (rule: string, outcome: string, path: TraceStep['path']) => decision.trace.push({ stage: 'machine', rule, outcome, path });
  if (found) {
    step('hardware address of a machine', `machine "${found.machine.name}"`, ['machines', found.index, 'mac']);
  } else if (client.memory !== undefined && client.memory.state !== 'discovered') {
    step('machine known from earlier boots', `machine ${decision.name}, ${client.memory.state}`, undefined);
  } else {
    const { policy } = config.unknown;
    step('unknown machine', policy, ['unknown']);
    if (policy === 'deny') decision.ignored = `${client.mac ?? 'the client'} is not among \`machines\` and \`unknown\` is "deny"`;
  }
  return decision;
}

/** Its subnet, and the address that is kept for it. */
export function resolveAddress(site: Site, client: BootClient, decision: Decision) {
  const fixed = decision.machine?.address;
  const about = fixed ?? client.address ?? site.address;
  const value = parseIpv4(about);
  decision.subnet = value === undefined ? undefined : site.subnets.find(({ network }) => contains(network, value));
  if (decision.subnet) {
    const { config, index } = decision.subnet;
    decision.trace.push({ stage: 'address', rule: `subnet that holds ${about}`, outcome: config.subnet, path: ['dhcp', 'subnets', index] });
  }
  if (fixed !== undefined) {
    decision.address = fixed;
    decision.trace.push({ stage: 'address', rule: 'address of the machine', outcome: fixed, path: machinePath(site, decision, 'address') });
  } else if (site.config.dhcp !== false && site.config.dhcp.mode === 'proxy') {
    decision.trace.push({ stage: 'address', rule: 'proxy', outcome: 'the other DHCP server gives the address', path: ['dhcp', 'mode'] });
  } else if (decision.subnet) {
    const { config, index } = decision.subnet;
    const outcome = config.pools.length > 0 ? `one of ${config.pools.join(', ')}` : 'none: the subnet has no pool';
    decision.trace.push({ stage: 'address', rule: 'pool of the subnet', outcome, path: ['dhcp', 'subnets', index, 'pools'] });
  }
}
