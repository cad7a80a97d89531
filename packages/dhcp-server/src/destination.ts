import { BROADCAST_FLAG, type Message } from '@pxekit/dhcp';
import type { RequestFacts } from './facts.js';

export interface Ports {
  server: number;
  client: number;
  proxy: number;
}

export interface Destination {
  address: string;
  port: number;
  /** The client has no address yet and does not answer ARP: needs a neighbour entry, or a broadcast in its place. */
  unconfigured?: boolean;
}

const NOWHERE = '0.0.0.0';
const EVERYBODY = '255.255.255.255';

/** Where a reply goes: RFC 2131 section 4.1, with the PXE boot service and loopback before it. */
export function destinationOf(facts: RequestFacts, reply: Message, isNak: boolean, ports: Ports): Destination {
  const { source, local, message } = facts;
  const isLoopback = local.address.startsWith('127.');
  // On loopback there are no broadcasts, and several clients have one address; PXE boot servers answer the port that asked.
  if ((isLoopback || local.port === ports.proxy) && source.address !== NOWHERE) return { address: source.address, port: source.port };
  if (message.giaddr !== NOWHERE)
    return { address: message.giaddr, port: facts.relayOption(19) === undefined ? ports.server : source.port };
  if (isNak) return { address: EVERYBODY, port: ports.client };
  if (message.ciaddr !== NOWHERE) return { address: message.ciaddr, port: ports.client };
  if ((message.flags & BROADCAST_FLAG) !== 0 || reply.yiaddr === NOWHERE) return { address: EVERYBODY, port: ports.client };
  return { address: reply.yiaddr, port: ports.client, unconfigured: true };
}
