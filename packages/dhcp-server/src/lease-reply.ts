import { MessageType, type Option } from '@pxekit/dhcp';
import { bootFields, findBootAnswer } from './boot-fields.js';
import type { Choice } from './choose.js';
import type { Claim } from './claim.js';
import { seconds } from './config-values.js';
import type { Reply } from './decision.js';
import { hashKey } from './identity.js';
import { formatIpv4, parseIpv4 } from './ipv4.js';
import { compileOptions } from './options.js';
import { withoutMenuOfOne } from './pxe.js';
import {
  ascii,
  assembleOptions,
  clampLeaseTime,
  commonValues,
  nak,
  networkValues,
  pushLeaseTimes,
  raw,
  replyHeader,
  u8,
  u32,
} from './reply.js';
import { serverIdFor } from './server-id.js';

/** RFC 951: the vendor field has 64 bytes, its cookie and End option included. */
const BOOTP_SIZE = 300;

/** OFFER, ACK or BOOTREPLY (`type` 0) with options and boot answer; without `choice` the ACK to an INFORM. */
export function leaseReply(claim: Claim, choice: Choice | undefined, type: number, leaseTime: number | undefined): Reply {
  const { facts, client, context, trace } = claim;
  const { plan } = context;
  const subnet = choice?.subnet ?? claim.subnet;
  const serverId = serverIdFor(facts, subnet, plan);
  const isBootp = type === 0;

  const answer = findBootAnswer(facts, claim, context, trace);
  const nextServer = parseIpv4(subnet.nextServer ?? '') ?? serverId;
  const boot = answer === undefined ? undefined : bootFields(facts, withoutMenuOfOne(answer), plan, nextServer);
  const { values, always } = optionValues(claim, choice, boot?.always ?? new Map());

  const head: Option[] = [];
  if (!isBootp) {
    head.push(raw(53, u8(type)), raw(54, u32(serverId)));
    if (leaseTime !== undefined) pushLeaseTimes(head, leaseTime, hashKey(client));
  }
  const options = assembleOptions(facts, plan, isBootp ? BOOTP_SIZE : facts.maxReplySize, {
    head,
    values,
    always,
    echoes: isBootp ? {} : { clientId: true, uuid: answer !== undefined, fqdn: true },
    spare: { file: !isBootp && !boot?.file, sname: !isBootp && !boot?.sname },
  });
  const message = replyHeader(facts, {
    yiaddr: choice === undefined ? '0.0.0.0' : formatIpv4(choice.address),
    ciaddr: choice === undefined || type === MessageType.ACK ? facts.message.ciaddr : '0.0.0.0',
    siaddr: boot?.siaddr ?? subnet.nextServer ?? '0.0.0.0',
    sname: boot?.sname ?? '',
    file: boot?.file ?? '',
    options,
  });
  return { message, delay: 0 };
}

/** What the configuration and the handler say about options: sent if the client asks, and sent in any case. */
function optionValues(
  { classes, host, subnet, context: { plan, directive } }: Claim,
  choice: Choice | undefined,
  always: Map<number, Uint8Array>,
): { values: Map<number, Uint8Array>; always: Map<number, Uint8Array> } {
  const where = choice?.subnet ?? subnet;
  const values =
    classes.length > 0 || host !== undefined || directive !== undefined
      ? networkValues(plan, where, choice?.pool, [...classes.map((each) => each.options), host?.options])
      : commonValues(plan, where, choice?.pool);
  const hostname = directive?.hostname ?? host?.hostname;
  if (hostname !== undefined && !values.has(12)) values.set(12, ascii(hostname));
  if (directive?.options !== undefined)
    for (const [code, data] of compileOptions(directive.options, 'handler.options')) {
      values.delete(code);
      if (data === null) always.delete(code);
      else always.set(code, data);
    }
  return { values, always };
}

/** Seconds: what the handler says, else as the narrowest scope has it, within its bounds for a client that asks. */
export function leaseTimeFor({ facts, context: { directive }, classes, host }: Claim, choice: Choice): number {
  if (directive?.leaseTime !== undefined) return seconds(directive.leaseTime, 'handler.leaseTime');
  const ofClass = classes.findLast((each) => each.leaseTime !== undefined)?.leaseTime;
  return clampLeaseTime(host?.leaseTime ?? ofClass ?? choice.pool?.leaseTime ?? choice.subnet.leaseTime, facts.requestedLeaseTime);
}

export function nakReply({ facts, subnet, context: { plan }, trace }: Claim, text: string): Reply {
  trace?.add('nak', text);
  return { message: nak(facts, plan, serverIdFor(facts, subnet, plan), text), delay: 0 };
}
