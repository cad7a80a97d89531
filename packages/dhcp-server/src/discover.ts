import { MessageType } from '@pxekit/dhcp';
import { chooseAddress } from './choose.js';
import { type Claim, isAdmitted, sourceOf } from './claim.js';
import { drop, type Verdict } from './decision.js';
import { leaseReply, leaseTimeFor } from './lease-reply.js';

/** DISCOVER: an offer of the address that suits the client best (RFC 2131 section 4.3.1). */
export function answerDiscover(claim: Claim): Verdict {
  if (!isAdmitted(claim)) return drop('rate', `${sourceOf(claim)} brings more new clients than it may`);
  const { facts, client, context, subnet } = claim;
  const choice = chooseAddress(claim, facts.requestedAddress);
  if (choice === undefined) return noAddress(claim);
  const until = context.now + context.plan.offerTime;
  return {
    reply: leaseReply(claim, choice, MessageType.OFFER, leaseTimeFor(claim, choice)),
    effects: [
      {
        type: 'offer',
        offer: { address: choice.address, network: subnet.network, client, until },
        fresh: choice.last?.client !== client,
      },
    ],
  };
}

export function noAddress({ host, subnet, client }: Claim): Verdict {
  return host === undefined && subnet.unknownClients === 'deny'
    ? drop('unknown-client', `${client} has no reservation`)
    : drop('no-free-address', subnet.network.name);
}
