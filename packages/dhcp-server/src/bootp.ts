import { chooseAddress } from './choose.js';
import { type Claim, countedSource, isAdmitted, newLease, ownLease, sourceOf } from './claim.js';
import { drop, type Verdict } from './decision.js';
import { noAddress } from './discover.js';
import { leaseReply } from './lease-reply.js';
import type { Lease } from './leases/store.js';

/** BOOTP (RFC 951): request and reply, and an address without end, since the client never renews. */
export function answerBootp(claim: Claim): Verdict {
  const { plan, storeFailing } = claim.context;
  if (plan.bootp === 'off') return drop('bootp-off', 'BOOTP is not served');
  if (plan.bootp === 'static' && claim.host?.address === undefined && !isForGood(claim.lease))
    return drop('unknown-client', 'BOOTP clients need a reservation here');
  if (!isAdmitted(claim)) return drop('rate', `${sourceOf(claim)} brings more new clients than it may`);
  const choice = chooseAddress(claim, undefined);
  if (choice === undefined) return noAddress(claim);
  const before = ownLease(claim, choice.last);
  const reply = leaseReply(claim, choice, 0, undefined);
  if (isForGood(before)) return { reply };
  if (storeFailing) return claim.host?.address === choice.address ? { reply } : drop('not-stored', 'the lease cannot be stored');
  const lease = newLease(claim, choice.address, before, Number.POSITIVE_INFINITY);
  return { reply, effects: [{ type: 'lease', lease, source: countedSource(claim) }] };
}

function isForGood(lease: Lease | undefined): boolean {
  return lease?.state === 'active' && lease.expires === Number.POSITIVE_INFINITY;
}
