import { MessageType } from '@pxekit/dhcp';
import { matches } from './classes.js';
import { typeName } from './counters.js';
import type { RequestFacts } from './facts.js';
import { hardwareKey, toHex } from './identity.js';
import { formatIpv4, parseIpv4 } from './ipv4.js';
import type { LeasesView } from './leases/book.js';
import type { ClassPlan, Host, Plan, Subnet } from './plan.js';
import type { Trace } from './trace.js';

/** Who asks and from where, in the terms of the configuration. */
export interface Situation {
  subnet: Subnet;
  /** The reservation, if the machine has one. */
  host: Host | undefined;
  /** Classes the client is a member of, in the order of the configuration. */
  classes: readonly ClassPlan[];
}

/**
 * The subnet a request belongs to: link selection (82.5, RFC 3527), subnet selection (118, RFC 3011), the relay's
 * address, the address a client renews, the local address, in this order.
 */
function findSubnet(facts: RequestFacts, plan: Plan, trace: Trace | undefined): Subnet | undefined {
  const by = (rule: string, address: number | undefined, find = plan.subnetOf): Subnet | undefined => {
    if (address === undefined) return undefined;
    const subnet = find(address);
    trace?.add(
      rule,
      subnet === undefined ? `${formatIpv4(address)} is in none of the subnets` : `${formatIpv4(address)} is in ${subnet.name}`,
    );
    return subnet;
  };
  const linkSelection = facts.relayAddress(5);
  if (linkSelection !== undefined) return by('subnet/link-selection', linkSelection);
  const selection = facts.address(118);
  if (selection !== undefined) return by('subnet/selection', selection);
  if (facts.giaddr !== 0) return by('subnet/relay', facts.giaddr, plan.subnetOfRelay);
  // In a DISCOVER, or beside a requested address, ciaddr means nothing (some clients leave an old one there). A broadcast
  // is from this link whatever address the client still has: it may have been carried here from another.
  if (facts.ciaddr !== 0 && facts.type !== MessageType.DISCOVER && facts.requestedAddress === undefined && !facts.broadcast) {
    const subnet = by('subnet/ciaddr', facts.ciaddr);
    if (subnet !== undefined) return subnet;
  }
  const { address, addresses = [address] } = facts.local;
  for (const each of addresses) {
    const subnet = plan.subnetOf(parseIpv4(each) ?? 0);
    if (subnet === undefined) continue;
    trace?.add('subnet/local', `${each}, the address of this server, is in ${subnet.name}`);
    return subnet;
  }
  if (address.startsWith('127.') && plan.networks.length === 1) {
    trace?.add('subnet/loopback', `the request came over loopback and ${plan.networks[0]!.name} is the only network`);
    return plan.subnets[0];
  }
  trace?.add('subnet/none', `neither relay, client nor local address is in a served subnet`);
  return undefined;
}

export function situate(facts: RequestFacts, plan: Plan, leases: LeasesView, trace: Trace | undefined): Situation | undefined {
  trace?.add('request', `${typeName(facts.type)} of ${facts.client ?? 'a client without identity'}`);
  const subnet = findSubnet(facts, plan, trace);
  if (subnet === undefined) return undefined;
  if (facts.bypassesRelay) recallRelay(facts, leases);
  const host = findHost(facts, plan, subnet);
  if (host !== undefined)
    trace?.add('host', `reserved for ${host.name}${host.address === undefined ? '' : `: ${formatIpv4(host.address)}`}`);
  const classes = plan.classes.filter((each) => host?.classes.includes(each.name) || matches(each.match, facts));
  for (const each of classes) trace?.add('class', each.name);
  return { subnet, host, classes };
}

/** What the relay said when it last saw the client: a renewal goes past it, and the machine is still at the same port. */
function recallRelay(facts: RequestFacts, leases: LeasesView): void {
  const lease = leases.at(facts.ciaddr);
  if (lease?.client === facts.client && lease?.relayAgent !== undefined) facts.recallRelay(lease.relayAgent);
}

function findHost(facts: RequestFacts, plan: Plan, subnet: Subnet): Host | undefined {
  const { byMark, kinds } = plan.hosts;
  if (kinds.size === 0) return undefined;
  const find = (mark: string | undefined): Host | undefined => {
    const hosts = mark === undefined ? undefined : byMark.get(mark);
    if (hosts === undefined) return undefined;
    const here = hosts.find((each) => each.address !== undefined && plan.subnetOf(each.address)?.network === subnet.network);
    return here ?? hosts.find((each) => each.address === undefined) ?? hosts[0];
  };
  return (
    (kinds.has('mac') ? find(hardwareKey(facts.message.htype, facts.hardware)) : undefined) ??
    (kinds.has('id') && facts.clientId !== undefined ? find(`id/${toHex(facts.clientId)}`) : undefined) ??
    (kinds.has('uuid') ? find(facts.uuid && `uuid/${facts.uuid}`) : undefined) ??
    (kinds.has('circuit') ? find(facts.circuitId && `circuit/${facts.circuitId}`) : undefined) ??
    (kinds.has('remote') ? find(facts.remoteId && `remote/${facts.remoteId}`) : undefined)
  );
}
