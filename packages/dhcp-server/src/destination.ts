import { CLIENT_PORT, destination, type Message, SERVER_PORT } from '@pxekit/dhcp';
import type { RequestFacts } from './facts.js';

export interface Ports {
  server: number;
  client: number;
  proxy: number | undefined;
}

export interface Destination {
  address: string;
  port: number;
  /** The link-layer address of a client that does not answer ARP yet: it needs a neighbour entry, or a broadcast instead. */
  hardware?: string | undefined;
}

/** Where a reply goes: RFC 2131 section 4.1, with loopback and the PXE boot service before it. */
export function destinationOf(facts: RequestFacts, reply: Message, ports: Ports): Destination {
  const { source, local, message } = facts;
  const isLoopback = local.address.startsWith('127.');
  // On loopback there are no broadcasts, and several clients have one address. A PXE boot server answers the port that asked.
  if ((isLoopback || local.port === ports.proxy) && source.address !== '0.0.0.0') return source;
  const to = destination(message, reply, source);
  const port = to.via === 'relay' && to.port === SERVER_PORT ? ports.server : to.port === CLIENT_PORT ? ports.client : to.port;
  return { address: to.address, port, hardware: to.via === 'hardware' ? to.hardware : undefined };
}
