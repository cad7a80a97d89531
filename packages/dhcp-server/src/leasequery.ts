import { type Message, MessageType, type Option } from '@pxekit/dhcp';
import { drop, type RespondContext, type Verdict } from './decision.js';
import type { RequestFacts } from './facts.js';
import { fromHex, hardwareKey, toHex } from './identity.js';
import { formatIpv4, parseIpv4 } from './ipv4.js';
import { isHeld, type Lease } from './leases/store.js';
import { assembleOptions, mergeOptions, NO_END, raw, replyHeader, u8, u32 } from './reply.js';
import { serverIdFor } from './server-id.js';
import type { Trace } from './trace.js';

/**
 * DHCPLEASEQUERY (RFC 4388) by address, hardware address or client identifier: who has an address, or which addresses
 * a client has. Answered only to addresses that the configuration lists.
 */
export function answerLeaseQuery(facts: RequestFacts, context: RespondContext, trace: Trace | undefined): Verdict {
  const { plan, now } = context;
  const asker = parseIpv4(facts.message.giaddr) ?? 0;
  trace?.add('leasequery', `from ${facts.message.giaddr}`);
  if (asker === 0 || !plan.leasequery.some(({ network, mask }) => (asker & mask) >>> 0 === network))
    return drop('leasequery-refused', `${facts.message.giaddr} is not listed`);

  const found = query(facts, context, trace);
  const lease = found[0];
  const address = lease === undefined ? facts.ciaddr : parseIpv4(lease.address)!;
  const subnet = plan.subnetOf(address);
  const isActive = lease !== undefined && lease.state === 'active' && isHeld(lease, now);
  const isServed = subnet !== undefined && (subnet.poolOf(address) !== undefined || plan.hosts.byAddress.has(address));
  // Unassigned is for an address this server gives out; asked by client, an unknown one is unknown (RFC 4388 section 6.4).
  const type = isActive ? MessageType.LEASEACTIVE : facts.ciaddr !== 0 && isServed ? MessageType.LEASEUNASSIGNED : MessageType.LEASEUNKNOWN;
  trace?.add(
    'leasequery/answer',
    isActive ? `${lease.address} is leased to ${lease.client}` : type === MessageType.LEASEUNKNOWN ? 'unknown' : 'unassigned',
  );

  const head = [raw(53, u8(type)), raw(54, u32(serverIdFor(facts, subnet, plan)))];
  const values = subnet === undefined ? new Map<number, Uint8Array>() : mergeOptions(plan.options, subnet.options);
  if (subnet !== undefined && !values.has(1)) values.set(1, u32(subnet.mask));
  if (isActive) {
    values.set(91, u32(Math.max(0, Math.floor((now - lease.renewed) / 1000))));
    if (lease.clientId !== undefined) values.set(61, fromHex(lease.clientId));
    if (lease.expires !== Number.POSITIVE_INFINITY) head.push(...remainingTimes(lease, now));
    else head.push(raw(51, u32(NO_END)));
    if (found.length > 1) head.push(raw(92, Uint8Array.from(found.flatMap((each) => [...u32(parseIpv4(each.address)!)]))));
  }
  const options: Option[] = assembleOptions(facts, plan, facts.maxReplySize, {
    head,
    values: isActive ? values : new Map(),
  });
  if (isActive && lease.clientId !== undefined && !options.some((each) => each.code === 61)) options.push(raw(61, fromHex(lease.clientId)));
  // The relay agent option of the lease is what the asker wants to learn; its own is not sent back.
  const asked = facts.parameterList;
  const withAgent = isActive && lease.relayAgent !== undefined && (asked === undefined || asked.includes(82));
  const message: Message = replyHeader(facts, { ciaddr: type === MessageType.LEASEUNKNOWN ? facts.message.ciaddr : formatIpv4(address) });
  message.options = options.filter((each) => each.code !== 82);
  if (withAgent) message.options.push(raw(82, fromHex(lease.relayAgent!)));
  if (isActive) setHardware(message, lease);
  return { reply: { message, delay: 0 } };
}

/** The leases asked for, the latest first. */
function query(facts: RequestFacts, context: RespondContext, trace: Trace | undefined): Lease[] {
  const { plan, leases, now } = context;
  if (facts.ciaddr !== 0) {
    trace?.add('leasequery/by-address', facts.message.ciaddr);
    const lease = leases.at(facts.ciaddr);
    return lease === undefined ? [] : [lease];
  }
  const key = facts.message.hlen > 0 ? hardwareKey(facts.message.htype, facts.hardware) : undefined;
  const clientId = facts.clientId && toHex(facts.clientId);
  trace?.add('leasequery/by-client', key ?? clientId ?? 'nothing to ask by');
  const found = [
    ...(key !== undefined && plan.identity !== 'client-id' ? byKey(key, context) : byScan(facts.hardware, clientId, context)),
  ].filter((lease) => lease.state === 'active' && isHeld(lease, now));
  return found.sort((a, b) => b.renewed - a.renewed);
}

function* byKey(key: string, { plan, leases }: RespondContext): Generator<Lease> {
  for (const network of plan.networks) {
    const lease = leases.of(network, key);
    if (lease !== undefined) yield lease;
  }
}

function* byScan(hardware: string, clientId: string | undefined, { leases }: RespondContext): Generator<Lease> {
  for (const lease of leases.all())
    if ((hardware !== '' && lease.hardware === hardware) || (clientId !== undefined && lease.clientId === clientId)) yield lease;
}

function remainingTimes(lease: Lease, now: number): Option[] {
  const left = Math.max(0, Math.floor((lease.expires - now) / 1000));
  const whole = Math.floor((lease.expires - lease.renewed) / 1000);
  const passed = whole - left;
  return [
    raw(51, u32(left)),
    raw(58, u32(Math.max(0, Math.floor(whole / 2) - passed))),
    raw(59, u32(Math.max(0, Math.floor(whole * 0.875) - passed))),
  ];
}

/** The hardware address of the lease in the header, in place of the asker's. */
export function setHardware(message: Message, { client, hardware }: Lease): void {
  message.chaddr = hardware;
  message.hlen = hardware === '' ? 0 : hardware.split(':').length;
  message.htype = Number(/^hw(\d+)\//.exec(client)?.[1] ?? 1);
}
