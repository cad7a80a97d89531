import type { RespondContext } from './decision.js';
import type { RequestFacts } from './facts.js';
import { toHex } from './identity.js';
import { formatIpv4, type Ipv4 } from './ipv4.js';
import type { Lease } from './leases/store.js';
import type { Situation } from './situation.js';
import type { Trace } from './trace.js';

/** A client that wants something about an address, and where it stands. */
export interface Claim extends Situation {
  facts: RequestFacts;
  client: string;
  /** The client's last lease in the network, in whatever state. */
  lease: Lease | undefined;
  context: RespondContext;
  trace: Trace | undefined;
}

/** Whether this server has a record of the client: a lease, whatever became of it, or a reservation. */
export function isKnown({ host, lease }: Claim): boolean {
  return host?.address !== undefined || lease !== undefined;
}

function isNew({ host, lease }: Claim): boolean {
  return host === undefined && lease === undefined;
}

/** Whether the client's source may bring one more new client to an address. */
export function isAdmitted(claim: Claim): boolean {
  const { admits } = claim.context;
  return admits === undefined || !isNew(claim) || admits(sourceOf(claim));
}

/** By what the rate of new clients is counted: the relay's port, or the interface. */
export function sourceOf({ facts: { message, circuitId, local } }: Claim): string {
  return message.giaddr === '0.0.0.0' ? (local.interface ?? local.address) : `${message.giaddr}/${circuitId ?? ''}`;
}

/** The source that a lease for this client counts against; undefined for a client that is known already. */
export function countedSource(claim: Claim): string | undefined {
  return isNew(claim) ? sourceOf(claim) : undefined;
}

/** The lease, if it is the client's. */
export function ownLease({ client }: Claim, lease: Lease | undefined): Lease | undefined {
  return lease?.client === client ? lease : undefined;
}

/**
 * The record of the address for this client.
 *
 * @param before the client's lease of the address until now
 */
export function newLease(claim: Claim, address: Ipv4, before: Lease | undefined, seconds: number): Lease {
  const { facts, context, host } = claim;
  const { now, directive } = context;
  const agent = facts.option(82);
  // Equal texts of the lease before are kept: a renewal leaves less behind for the collector.
  return {
    address: before?.address ?? formatIpv4(address),
    client: before?.client ?? claim.client,
    hardware: before?.hardware === facts.hardware ? before.hardware : facts.hardware,
    clientId: facts.clientId && toHex(facts.clientId),
    hostname: directive?.hostname ?? host?.hostname ?? facts.hostname,
    state: 'active',
    started: before?.state === 'active' ? before.started : now,
    renewed: now,
    expires: now + seconds * 1000,
    relayAgent: agent === undefined ? (facts.bypassesRelay ? before?.relayAgent : undefined) : toHex(agent),
  };
}
