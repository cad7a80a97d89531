import { createMessage, type HeaderInput, makeOptions, type OptionsInput } from './build.js';
import { DhcpError } from './issue.js';
import { type Message, MessageType, type Option } from './message.js';
import { get, getBytes, option, rawOption } from './values.js';

export type RequestInput = HeaderInput & {
  options?: OptionsInput;
};

/** What a message that opens an exchange must say. */
export type OpeningInput = RequestInput & { xid: number; chaddr: string };

function client(type: number, { options = {}, ...header }: RequestInput, more: readonly Option[] = []): Message {
  const given = makeOptions(options);
  const set = new Set(given.map(({ code }) => code));
  return createMessage({
    ...header,
    options: [option('messageType', type as 1), ...more.filter(({ code }) => !set.has(code)), ...given],
  });
}

/** DHCPDISCOVER (RFC 2131, 4.4.1). */
export function discover(input: OpeningInput): Message {
  return client(MessageType.DISCOVER, input);
}

/** DHCPINFORM (RFC 2131, 4.4.3): the client has the address `ciaddr` and wants the rest. */
export function inform(input: OpeningInput & { ciaddr: string }): Message {
  return client(MessageType.INFORM, input);
}

/** What a client repeats of an offer or an ACK in its next message. */
function carriedOver(reply: Message): HeaderInput {
  const { xid, secs, flags, htype, hlen, chaddr } = reply;
  return { xid, secs, flags, htype, hlen, chaddr };
}

function serverOf(reply: Message): string {
  const server = get(reply, 'serverIdentifier');
  if (server === undefined) throw new DhcpError('DHCP_ENCODE_VALUE', 'The message names no server in option 54.');
  return server;
}

function echoed(reply: Message): Option[] {
  const clientId = getBytes(reply, 61);
  return clientId ? [rawOption(61, clientId)] : [];
}

/** DHCPREQUEST in state SELECTING (RFC 2131, 4.3.2): takes an offer, naming its address in option 50 and its server in 54. */
export function request(offer: Message, input: RequestInput = {}): Message {
  const more = [option('requestedAddress', offer.yiaddr), option('serverIdentifier', serverOf(offer)), ...echoed(offer)];
  return client(MessageType.REQUEST, { ...carriedOver(offer), ...input }, more);
}

/** DHCPREQUEST in state RENEWING or REBINDING: the address stands in `ciaddr`, options 50 and 54 are left out. */
export function renew(ack: Message, input: RequestInput & { xid: number }): Message {
  return client(MessageType.REQUEST, { ...carriedOver(ack), ciaddr: ack.yiaddr, ...input }, echoed(ack));
}

/** DHCPRELEASE (RFC 2131, 4.4.4). */
export function release(ack: Message, input: RequestInput & { xid: number }): Message {
  const more = [option('serverIdentifier', serverOf(ack)), ...echoed(ack)];
  return client(MessageType.RELEASE, { ...carriedOver(ack), flags: 0, ciaddr: ack.yiaddr, ...input }, more);
}

/** DHCPDECLINE (RFC 2131, 4.4.4): the address is in use by someone else. */
export function decline(ack: Message, input: RequestInput & { xid: number }): Message {
  const more = [option('requestedAddress', ack.yiaddr), option('serverIdentifier', serverOf(ack)), ...echoed(ack)];
  return client(MessageType.DECLINE, { ...carriedOver(ack), flags: 0, ...input }, more);
}
