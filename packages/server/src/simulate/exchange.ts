import { get, type Message } from '@pxekit/dhcp';
import { parseIpv4 } from '../ipv4.js';
import type { Machine } from './machine.js';
import type { BootNetwork } from './network.js';
import { SimulationError, type StepCounter, type Walking } from './step.js';

/** What a boot ROM knows once it has its answer. */
export interface BootAnswer {
  /** `0.0.0.0` beside a proxy: another server gives the address. */
  address: string;
  bootFile: string;
  /** Address of the boot server. */
  server: string;
}

export interface Exchange {
  network: BootNetwork;
  machine: Machine;
  steps: StepCounter;
  /** Transaction numbers. */
  random(): number;
}

/** The DHCP exchange of a boot ROM: DISCOVER and REQUEST, or the proxy's port 4011. */
export async function* askForBoot(exchange: Exchange): Walking<BootAnswer> {
  const { network, machine, steps, random } = exchange;
  const { architecture, vendorClass } = machine.profile;
  const xid = random() >>> 0;
  const offered = await network.dhcp(machine.romMessage(1, xid), { to: 'broadcast' });
  if (!offered)
    throw new SimulationError(
      'DISCOVER',
      `no server answered${reasons(network)}`,
      'Is the machine allowed (`unknown`), is there a subnet and a free address? `pxekit explain` tells; the event log says why a client was ignored.',
    );
  const offer = offered.reply;
  const server = get(offer, 'serverIdentifier') ?? offered.from;
  const isProxy = offer.yiaddr === '0.0.0.0';
  const lease = get(offer, 'leaseTime');
  const from = isProxy
    ? `OFFER without address from proxy ${server}`
    : `OFFER ${offer.yiaddr} from ${server}${lease === undefined ? '' : `, lease ${lease} s`}`;
  yield steps.make({
    stage: isProxy ? 'proxydhcp' : 'dhcp',
    asked: `DISCOVER from ${machine.mac}, architecture ${architecture}, class ${vendorClass}`,
    answered: `${from}, boot file ${bootFileOf(offer) || 'none'}${isProxy ? '' : ` on ${offer.siaddr}`}`,
    bytes: offered.received,
    warnings: offerWarnings(offer, machine),
  });
  const ack = yield* isProxy ? askProxy(exchange, xid, server, offer) : takeAddress(exchange, xid, server, offer);
  return {
    address: ack.yiaddr,
    bootFile: bootFileOf(ack) || bootFileOf(offer),
    server: ack.siaddr !== '0.0.0.0' ? ack.siaddr : isProxy ? offered.from : (get(ack, 'serverIdentifier') ?? ''),
  };
}

async function* askProxy({ network, machine, steps }: Exchange, xid: number, server: string, offer: Message): Walking<Message> {
  const asked = await network.dhcp(machine.romMessage(3, xid), { to: server, port: 4011 });
  const ack = asked?.reply ?? offer;
  yield steps.make({
    stage: 'proxydhcp',
    asked: 'REQUEST to port 4011',
    answered: `${asked ? 'ACK' : 'no answer: offer taken'}, boot file ${bootFileOf(ack)}`,
    bytes: asked?.received ?? 0,
  });
  return ack;
}

async function* takeAddress({ network, machine, steps }: Exchange, xid: number, server: string, offer: Message): Walking<Message> {
  const request = machine.romMessage(3, xid, { requestedAddress: offer.yiaddr, serverIdentifier: server });
  const answered = await network.dhcp(request, { to: 'broadcast' });
  if (!answered || get(answered.reply, 'messageType') !== 5)
    throw new SimulationError('REQUEST', answered ? 'the server refused the address it had offered (NAK)' : 'no answer');
  const { reply } = answered;
  const [mask, [router], [dns]] = [get(reply, 'subnetMask'), get(reply, 'routers') ?? [], get(reply, 'domainNameServers') ?? []];
  yield steps.make({
    stage: 'dhcp',
    asked: `REQUEST ${offer.yiaddr}`,
    answered: `ACK ${reply.yiaddr}, mask ${mask ?? 'none'}, router ${router ?? 'none'}, name server ${dns ?? 'none'}`,
    bytes: answered.received,
  });
  return reply;
}

/** The name in option 67, or in the header. */
function bootFileOf(message: Message): string {
  return get(message, 'bootfileName')?.replace(/\0+$/, '') || message.file;
}

/** Why the services of the network ignored the client, where they tell. */
function reasons(network: BootNetwork): string {
  const found = network.reasons?.() ?? [];
  return found.length === 0 ? '' : ` (${found.join('; ')})`;
}

function offerWarnings(offer: Message, { profile }: Machine): string[] {
  const warnings: string[] = [];
  const mask = parseIpv4(get(offer, 'subnetMask') ?? '');
  const [own, boot] = [parseIpv4(offer.yiaddr), parseIpv4(offer.siaddr)];
  const isElsewhere = mask !== undefined && own !== undefined && boot !== undefined && boot !== 0 && (own & mask) !== (boot & mask);
  if (isElsewhere && !get(offer, 'routers')?.length)
    warnings.push(`boot server ${offer.siaddr} lies in another network and the answer names no router`);
  const vendorClass = get(offer, 'vendorClassIdentifier') ?? '';
  if (profile.vendorClass.startsWith('HTTPClient') && !vendorClass.startsWith('HTTPClient'))
    warnings.push('option 60 is not HTTPClient: the firmware does not take this offer');
  if (profile.isRaspberryPi && !isForRaspberryPi(offer))
    warnings.push('neither option 66 nor "Raspberry Pi Boot" in option 43: a Raspberry Pi does not take this server');
  return warnings;
}

/** It takes its server from option 66, or from the header when option 43 holds a menu of that name. */
function isForRaspberryPi(offer: Message): boolean {
  const vendor = offer.options.find(({ code }) => code === 43)?.data;
  const named = vendor !== undefined && Buffer.from(vendor).includes('Raspberry Pi Boot');
  return get(offer, 'tftpServerName') !== undefined || (named && offer.siaddr !== '0.0.0.0');
}
