import { MessageType } from '@pxekit/dhcp';
import { mayHave } from './choose.js';
import { type Claim, countedSource, isAdmitted, isKnown, newLease, ownLease, sourceOf } from './claim.js';
import { drop, type Effect, type Verdict } from './decision.js';
import { formatIpv4, type Ipv4, parseIpv4 } from './ipv4.js';
import { leaseReply, leaseTimeFor, nakReply } from './lease-reply.js';
import { isHeld, type Lease } from './leases/store.js';
import { isOurs } from './server-id.js';

/** REQUEST in its four states (RFC 2131 section 4.3.2). */
export function answerRequest(claim: Claim): Verdict {
  const { facts, trace } = claim;
  if (facts.serverId !== undefined) return answerSelecting(claim, facts.serverId);
  if (facts.ciaddr === 0) return answerInitReboot(claim);
  const state = facts.isForAnyServer ? 'rebinding' : 'renewing';
  trace?.add(`state/${state}`, formatIpv4(facts.ciaddr));
  if (isDecidedHere(claim)) return grantAgain(claim, facts.ciaddr);
  // A unicast was meant for this server: it has lost the lease or never gave it. A broadcast was meant for any.
  return state === 'renewing' ? refuse(claim, facts.ciaddr, 'is not a lease of this server') : unknownLease(claim);
}

function answerSelecting(claim: Claim, serverId: Ipv4): Verdict {
  const { facts, context, subnet, client, trace } = claim;
  if (!isOurs(serverId, facts, context.plan)) {
    const offer = context.leases.offerOf(subnet.network, client);
    const effects: Effect[] = offer === undefined ? [] : [{ type: 'withdraw', offer }];
    return { ...drop('other-server', `the client chose ${formatIpv4(serverId)}`), effects };
  }
  const address = facts.requestedAddress ?? facts.ciaddr;
  trace?.add('state/selecting', formatIpv4(address));
  return grant(claim, address);
}

function answerInitReboot(claim: Claim): Verdict {
  const { facts, context, subnet, trace } = claim;
  const address = facts.requestedAddress;
  if (address === undefined) return drop('nothing-to-say', 'a REQUEST without server identifier, requested address and ciaddr');
  trace?.add('state/init-reboot', formatIpv4(address));
  // Only who is on the wrong network is told so by a server that has no record (RFC 2131 section 4.3.2).
  const isElsewhere = context.plan.subnetOf(address)?.network !== subnet.network;
  return isElsewhere || isDecidedHere(claim) ? grantAgain(claim, address) : unknownLease(claim);
}

/** Whether this server has a say about the client's address, without having been chosen by it. */
function isDecidedHere(claim: Claim): boolean {
  return isKnown(claim) || claim.subnet.authoritative || claim.context.directive?.nak !== undefined;
}

function unknownLease({ client }: Claim): Verdict {
  return drop('unknown-lease', `no record of ${client}, and not authoritative`);
}

/** A client that says which address it has: not another one than it has by the record, unless that is now its own by configuration. */
function grantAgain(claim: Claim, address: Ipv4): Verdict {
  const { lease, host, context } = claim;
  const isOther = lease?.state === 'active' && isHeld(lease, context.now) && parseIpv4(lease.address) !== address;
  if (isOther && host?.address !== address && context.directive?.address === undefined)
    return refuse(claim, address, `is not ${lease.address}, the lease`);
  return grant(claim, address);
}

/** ACK with the address, or NAK with the reason. */
function grant(claim: Claim, address: Ipv4): Verdict {
  const { context, trace } = claim;
  if (context.directive?.nak !== undefined) return { reply: nakReply(claim, context.directive.nak) };
  const choice = mayHave(claim, address);
  if (typeof choice === 'string') return refuse(claim, address, choice);
  if (!isAdmitted(claim)) return drop('rate', `${sourceOf(claim)} brings more new clients than it may`);
  const before = ownLease(claim, choice.last);
  const leaseTime = leaseTimeFor(claim, choice);
  if (context.storeFailing) {
    const stored = storedTime(claim, address, before, leaseTime);
    if (stored === undefined) return drop('not-stored', 'the lease cannot be stored, so it is not acknowledged');
    trace?.add('store/failing', `acknowledged for ${stored} s, which needs no storing`);
    return { reply: leaseReply(claim, choice, MessageType.ACK, stored) };
  }
  const effects: Effect[] = [{ type: 'lease', lease: newLease(claim, address, before, leaseTime), source: countedSource(claim) }];
  const left = leftBehind(claim, address);
  if (left !== undefined) effects.push({ type: 'release', lease: left });
  return { reply: leaseReply(claim, choice, MessageType.ACK, leaseTime), effects };
}

/** Seconds that can be confirmed without writing: all of them by a reservation, else what is stored already. */
function storedTime({ host, context }: Claim, address: Ipv4, before: Lease | undefined, leaseTime: number): number | undefined {
  if (host?.address === address) return leaseTime;
  const left = before?.state === 'active' ? Math.floor((before.expires - context.now) / 1000) : 0;
  return left < 60 ? undefined : Math.min(leaseTime, left);
}

/** The lease of another address that the client gives up by taking this one. By client identifier two cards may be one client. */
function leftBehind({ lease, context }: Claim, address: Ipv4): Lease | undefined {
  if (lease?.state !== 'active' || parseIpv4(lease.address) === address || context.plan.identity === 'client-id') return undefined;
  return { ...lease, state: 'released', renewed: context.now };
}

function refuse(claim: Claim, address: Ipv4, why: string): Verdict {
  claim.trace?.add('address/refused', `${formatIpv4(address)} ${why}`);
  return { reply: nakReply(claim, `${formatIpv4(address)} ${why}`) };
}
