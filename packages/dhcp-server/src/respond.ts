import { MessageType } from '@pxekit/dhcp';
import { answerBootp } from './bootp.js';
import type { Claim } from './claim.js';
import { drop, type Outcome, type RespondContext, type Verdict } from './decision.js';
import { answerDiscover } from './discover.js';
import { type Request, RequestFacts } from './facts.js';
import { answerDecline, answerRelease } from './give-back.js';
import { leaseReply } from './lease-reply.js';
import { answerLeaseQuery } from './leasequery.js';
import { answerAsProxy, answerBootServerRequest } from './proxy.js';
import { answerRequest } from './request.js';
import { situate } from './situation.js';
import { Trace } from './trace.js';

/**
 * The answer to one request: the reply, what changes, and the rules that decided. Pure: the clock, the leases and the
 * configuration come in with the context, and nothing is changed here.
 */
export function respond(request: Request | RequestFacts, context: RespondContext): Outcome {
  const facts = request instanceof RequestFacts ? request : new RequestFacts(request, context.plan.identity);
  const trace = context.isTraced === false ? undefined : new Trace();
  const verdict = judge(facts, context, trace);
  if (verdict.drop !== undefined) trace?.add(`drop/${verdict.drop}`, verdict.why ?? '');
  return { reply: verdict.reply, effects: verdict.effects ?? [], drop: verdict.drop, trace: trace?.steps ?? [] };
}

function judge(facts: RequestFacts, context: RespondContext, trace: Trace | undefined): Verdict {
  const { plan, leases, directive } = context;
  const { message, client, source } = facts;
  if (message.op !== 1 || message.hlen > 16) return drop('not-a-request', `op ${message.op}, hlen ${message.hlen}`);
  if (facts.type === MessageType.LEASEQUERY) return answerLeaseQuery(facts, context, trace);

  const situation = situate(facts, plan, leases, trace);
  if (situation === undefined) return drop('no-subnet', `from ${source.address}`);
  if (client === undefined) return drop('no-identity', `the policy is ${plan.identity}`);
  const { subnet, host, classes } = situation;
  if (host?.ignore) return drop('ignored', `reservation ${host.name}`);
  const ignoring = classes.find((each) => each.ignore);
  if (ignoring !== undefined) return drop('ignored', `class ${ignoring.name}`);
  if (directive?.drop !== undefined) return drop('handler', directive.drop);

  if (facts.local.port === (context.proxyPort ?? 4011)) return answerBootServerRequest(facts, situation, context, trace);
  if (subnet.mode === 'proxy') return answerAsProxy(facts, situation, context, trace);
  return answerByType({ facts, subnet, host, classes, client, lease: leases.of(subnet.network, client), context, trace });
}

function answerByType(claim: Claim): Verdict {
  switch (claim.facts.type) {
    case 0:
      return answerBootp(claim);
    case MessageType.DISCOVER:
      return answerDiscover(claim);
    case MessageType.REQUEST:
      return answerRequest(claim);
    case MessageType.DECLINE:
      return answerDecline(claim);
    case MessageType.RELEASE:
      return answerRelease(claim);
    case MessageType.INFORM:
      // Configuration for a client that has its address from elsewhere: no lease, no times (RFC 2131 section 4.3.5).
      return { reply: leaseReply(claim, undefined, MessageType.ACK, undefined) };
    default:
      return drop('unsupported-type', `option 53 is ${claim.facts.type}`);
  }
}
