import { BROADCAST_FLAG, type Message, MessageType } from './message.js';
import { findSubOption } from './options/space.js';
import { get } from './values.js';

export const SERVER_PORT = 67;
export const CLIENT_PORT = 68;

export interface Endpoint {
  address: string;
  port: number;
}

export type Destination = Endpoint & {
  /**
   * `relay`: to the relay agent. `address`: a plain unicast. `broadcast`: to 255.255.255.255 on the link the request came by.
   * `hardware`: to an address the client does not answer ARP for yet; who cannot write link-layer headers broadcasts instead.
   */
  via: 'relay' | 'address' | 'broadcast' | 'hardware';
  /** With `hardware`: the link-layer address. */
  hardware?: string;
};

const NONE = '0.0.0.0';

const everyone = (): Destination => ({ via: 'broadcast', address: '255.255.255.255', port: CLIENT_PORT });

/**
 * Where a reply goes (RFC 2131, 4.1): the relay, else the client's own address, else a broadcast, else the offered address at the
 * client's hardware address. `source` is where the request came from: a relay that sends option 82.19 is answered at its port
 * (RFC 8357), an INFORM without `ciaddr` at its address.
 */
export function destination(request: Message, reply: Message, source?: Endpoint): Destination {
  if (request.giaddr !== NONE) {
    const relay = findSubOption(get(request, 'relayAgentInformation'), 'relaySourcePort');
    return { via: 'relay', address: request.giaddr, port: relay && source ? source.port : SERVER_PORT };
  }
  const type = get(reply, 'messageType');
  if (type === MessageType.NAK) return everyone();
  if (request.ciaddr !== NONE) return { via: 'address', address: request.ciaddr, port: CLIENT_PORT };
  if (get(request, 'messageType') === MessageType.INFORM && source && source.address !== NONE) {
    return { via: 'address', address: source.address, port: CLIENT_PORT };
  }
  if (request.flags & BROADCAST_FLAG || reply.flags & BROADCAST_FLAG || reply.yiaddr === NONE || request.chaddr === '') return everyone();
  return { via: 'hardware', address: reply.yiaddr, port: CLIENT_PORT, hardware: request.chaddr };
}

/** Where a boot server on port 4011 answers: the port that the request came from, at the client's address (PXE 2.1). */
export function bootServerDestination(request: Message, source: Endpoint): Destination {
  return { via: 'address', address: request.ciaddr === NONE ? source.address : request.ciaddr, port: source.port };
}
