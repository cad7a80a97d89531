import { BROADCAST_FLAG, MessageType } from '@pxekit/dhcp';
import type { BootAnswer } from './boot.js';
import { bootFields, findBootAnswer } from './boot-fields.js';
import { drop, type RespondContext, type Verdict } from './decision.js';
import type { RequestFacts } from './facts.js';
import { formatIpv4, parseIpv4 } from './ipv4.js';
import { BOOT_FILE_AT_ONCE, bootItemOption, findItem, requestedItem, withoutMenuOfOne } from './pxe.js';
import { ascii, assembleOptions, raw, replyHeader, u8, u32 } from './reply.js';
import { isOurs, serverIdFor } from './server-id.js';
import type { Situation } from './situation.js';
import type { Trace } from './trace.js';

/** Layer bit 15: the client wants credentials (Boot Integrity Services), which nobody has. */
const CREDENTIALS = 0x8000;

/**
 * The boot half of an offer beside another server's address (PXE 2.1). BIOS firmware and iPXE get file or menu at once;
 * UEFI firmware gets an offer without option 43 that sends it to port 4011, because EDK2 before 2017 drops others.
 */
export function answerAsProxy(facts: RequestFacts, situation: Situation, context: RespondContext, trace: Trace | undefined): Verdict {
  const { plan } = context;
  if (!facts.isPxe && !facts.isHttpBoot) return drop('nothing-to-say', 'a proxy speaks to PXE and HTTP boot clients only');
  const serverId = serverIdFor(facts, situation.subnet, plan);
  const isRequest = facts.type === MessageType.REQUEST;
  if (isRequest && (facts.serverId === undefined || !isOurs(facts.serverId, facts, plan)))
    return drop('other-server', 'the REQUEST is for the server that gives the address');
  if (!isRequest && facts.type !== MessageType.DISCOVER && facts.type !== MessageType.INFORM)
    return drop('nothing-to-say', 'a proxy has no leases');

  const found = findBootAnswer(facts, situation, context, trace);
  if (found === undefined) return drop('no-boot-answer', `nothing to boot for ${facts.bootKind ?? 'this client'}`);
  const answer = withoutMenuOfOne(found);
  const redirect = facts.isUefiPxe && facts.type === MessageType.DISCOVER;
  if (redirect) trace?.add('proxy/redirect', 'UEFI firmware asks port 4011');
  const type = facts.type === MessageType.DISCOVER ? MessageType.OFFER : MessageType.ACK;
  return proxyReply(facts, situation, context, type, answer, { redirect, serverId });
}

/** A request to the PXE boot service on port 4011: for the menu, the boot file, or a boot item that was chosen. */
export function answerBootServerRequest(
  facts: RequestFacts,
  situation: Situation,
  context: RespondContext,
  trace: Trace | undefined,
): Verdict {
  if (!facts.isPxe) return drop('nothing-to-say', 'not a PXE client');
  if (facts.type !== MessageType.REQUEST && facts.type !== MessageType.INFORM && facts.type !== MessageType.DISCOVER)
    return drop('nothing-to-say', 'not a boot server request');
  const found = findBootAnswer(facts, situation, context, trace);
  if (found === undefined) return drop('no-boot-answer', `nothing to boot for ${facts.bootKind ?? 'this client'}`);
  const serverId = serverIdFor(facts, situation.subnet, context.plan);
  const item = requestedItem(facts);
  if (item === undefined) return proxyReply(facts, situation, context, MessageType.ACK, withoutMenuOfOne(found), { serverId });
  if ((item.layer & CREDENTIALS) !== 0) return drop('nothing-to-say', 'credentials are asked for');
  const chosen = found.menu === undefined ? { label: '', filename: found.filename } : findItem(found.menu, item.type);
  if (chosen?.filename === undefined) return drop('no-boot-answer', `no file for boot server type ${item.type}`);
  trace?.add('proxy/boot-item', `type ${item.type}, layer ${item.layer}: ${chosen.filename}`);
  const filename = item.layer === 0 ? chosen.filename : `${chosen.filename}.${item.layer}`;
  const { menu: _, ...rest } = found;
  return proxyReply(facts, situation, context, MessageType.ACK, { ...rest, filename }, { serverId, vendor: bootItemOption(item) });
}

function proxyReply(
  facts: RequestFacts,
  { subnet }: Situation,
  context: RespondContext,
  type: number,
  answer: BootAnswer,
  how: { serverId: number; redirect?: boolean; vendor?: Uint8Array },
): Verdict {
  const { plan } = context;
  const nextServer = parseIpv4(subnet.nextServer ?? '') ?? how.serverId;
  const boot = bootFields(facts, answer, plan, nextServer);
  const { always } = boot;
  if (how.redirect) {
    for (const code of [43, 66, 67]) always.delete(code);
    always.set(60, ascii('PXEClient'));
  } else if (how.vendor !== undefined) always.set(43, how.vendor);
  else if (facts.isPxe && !always.has(43)) always.set(43, BOOT_FILE_AT_ONCE);

  const isBootServer = facts.local.port === (context.proxyPort ?? 4011);
  const { ciaddr, flags } = facts.message;
  const message = replyHeader(facts, {
    // Boot servers hand the client's address back in yiaddr; iPXE and EDK2 take it from there.
    yiaddr: isBootServer ? ciaddr : '0.0.0.0',
    siaddr: how.redirect ? formatIpv4(how.serverId) : boot.siaddr,
    sname: how.redirect ? '' : boot.sname,
    file: how.redirect ? '' : boot.file,
    flags: ciaddr === '0.0.0.0' ? flags | BROADCAST_FLAG : flags,
  });
  message.options = assembleOptions(facts, plan, facts.maxReplySize, {
    head: [raw(53, u8(type)), raw(54, u32(how.serverId))],
    values: new Map(),
    always,
    echoes: { clientId: true, uuid: true },
  });
  return { reply: { message, delay: context.proxyDelay ?? 0 } };
}
