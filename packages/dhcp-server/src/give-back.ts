import { type Claim, isAdmitted, newLease, ownLease, sourceOf } from './claim.js';
import { drop, type Verdict } from './decision.js';
import { formatIpv4 } from './ipv4.js';
import type { Lease } from './leases/store.js';
import { isOurs } from './server-id.js';

/** DECLINE: the address is used by somebody else, so it goes into quarantine (RFC 2131 section 4.3.3). */
export function answerDecline(claim: Claim): Verdict {
  const { facts, client, trace } = claim;
  const { leases, now, plan } = claim.context;
  if (facts.serverId !== undefined && !isOurs(facts.serverId, facts, plan)) return drop('other-server', 'DECLINE for another server');
  const address = facts.requestedAddress ?? facts.ciaddr;
  const lease = ownLease(claim, leases.at(address));
  const wasOffered = leases.offerAt(address)?.client === client;
  if (lease === undefined && !wasOffered) return drop('unknown-lease', `${formatIpv4(address)} was not given to ${client}`);
  // An offer that is declined takes an address out of the pool as a lease does, and counts as one.
  if (lease === undefined && !isAdmitted(claim)) return drop('rate', `${sourceOf(claim)} has more addresses put aside than it may`);
  trace?.add('decline', `${formatIpv4(address)} is used by somebody else; not given out for ${plan.quarantine / 1000} s`);
  const declined: Lease = {
    ...(lease ?? newLease(claim, address, undefined, 0)),
    state: 'declined',
    renewed: now,
    expires: now + plan.quarantine,
  };
  return { effects: [{ type: 'decline', lease: declined, source: lease === undefined ? sourceOf(claim) : undefined }] };
}

/** RELEASE: the client needs its address no more (RFC 2131 section 4.3.4). */
export function answerRelease(claim: Claim): Verdict {
  const { facts, client, context, trace } = claim;
  if (facts.serverId !== undefined && !isOurs(facts.serverId, facts, context.plan))
    return drop('other-server', 'RELEASE for another server');
  const lease = ownLease(claim, context.leases.at(facts.ciaddr));
  if (lease?.state !== 'active') return drop('unknown-lease', `${formatIpv4(facts.ciaddr)} is not leased to ${client}`);
  trace?.add('release', lease.address);
  return { effects: [{ type: 'release', lease: { ...lease, state: 'released', renewed: context.now } }] };
}
