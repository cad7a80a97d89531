import type { RequestFacts } from './facts.js';
import { type Ipv4, parseIpv4 } from './ipv4.js';
import type { Plan, Subnet } from './plan.js';

/**
 * The address this server goes by towards the client: the relay's override (82.11, RFC 5107), the advertised address,
 * else the address of the interface, the one in the client's subnet if there are several.
 */
export function serverIdFor(facts: RequestFacts, subnet: Subnet | undefined, plan: Plan): Ipv4 {
  const override = facts.relayAddress(11);
  if (override !== undefined) return override;
  if (plan.advertise !== undefined) return plan.advertise;
  const { address, addresses } = facts.local;
  if (subnet !== undefined && addresses !== undefined)
    for (const each of addresses) {
      const own = parseIpv4(each) ?? 0;
      if ((own & subnet.mask) >>> 0 === subnet.first) return own;
    }
  return parseIpv4(address) ?? 0;
}

/** Whether a server identifier a client sends means this server. */
export function isOurs(serverId: Ipv4, facts: RequestFacts, plan: Plan): boolean {
  if (serverId === plan.advertise || serverId === facts.relayAddress(11)) return true;
  const { address, addresses = [] } = facts.local;
  return parseIpv4(address) === serverId || addresses.some((each) => parseIpv4(each) === serverId);
}
